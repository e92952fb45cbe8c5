"""The briefing for a live session."""
