"""What a competition tells machines: its public facts as JSON and CSV, each with its definition. No models."""
