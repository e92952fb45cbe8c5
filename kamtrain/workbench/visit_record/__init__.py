"""Visit record."""
