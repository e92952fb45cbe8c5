"""Visit plan."""
