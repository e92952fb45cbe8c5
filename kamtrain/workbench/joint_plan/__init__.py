"""Joint business plan."""
