"""Service-ladder self-assessment."""
