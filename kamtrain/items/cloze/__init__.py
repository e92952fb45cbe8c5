"""Question type: a text with gaps."""
