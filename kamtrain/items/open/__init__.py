"""Question type: an answer in one's own words."""
