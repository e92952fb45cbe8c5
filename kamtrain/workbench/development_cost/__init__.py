"""Cost and benefit of developing an account."""
