"""Question type: bring steps into their order."""
