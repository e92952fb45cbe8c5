"""Question type: a number, with tolerance and unit."""
