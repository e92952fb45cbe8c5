"""Question type: one right answer."""
