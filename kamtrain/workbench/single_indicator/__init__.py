"""Single-indicator classification."""
