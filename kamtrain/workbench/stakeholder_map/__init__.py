"""Stakeholder map."""
