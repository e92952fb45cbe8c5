"""Signing in and out, one's own profile, password and preferences."""
