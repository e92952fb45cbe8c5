"""Question type: a word or a few."""
