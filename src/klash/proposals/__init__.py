"""Written, submitted with a receipt, opened as blind copies under random code names."""
