"""Negotiating: a table with several issues, one move after the other."""
