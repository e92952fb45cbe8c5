"""Negotiation preparation sheet."""
