"""Question type: sort statements into groups."""
