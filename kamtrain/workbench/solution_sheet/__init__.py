"""Competitor, selling point and solution sheet."""
