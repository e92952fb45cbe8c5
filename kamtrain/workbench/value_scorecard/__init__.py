"""Customer value scorecard."""
