"""The law of a competition in pure Python: roles, permissions, states, visibility, deadlines, reasons."""
