"""Customer value pyramid."""
