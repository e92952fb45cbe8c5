"""Industry-attractiveness matrix."""
