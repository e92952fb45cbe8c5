"""Question type: pair the left side with the right."""
