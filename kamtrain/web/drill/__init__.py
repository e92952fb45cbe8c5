"""Drills: telling apart, until it holds."""
