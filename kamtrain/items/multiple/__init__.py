"""Question type: several right answers."""
