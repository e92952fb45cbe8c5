"""Who has finished which course, and what is missing."""
