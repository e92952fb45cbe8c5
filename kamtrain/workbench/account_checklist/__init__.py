"""Account information checklist."""
