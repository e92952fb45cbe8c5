"""Question type: a worksheet table to be filled in."""
