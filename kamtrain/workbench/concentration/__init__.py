"""Concentration check."""
