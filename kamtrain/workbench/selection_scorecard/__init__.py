"""Weighted selection scorecard."""
