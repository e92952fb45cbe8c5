"""What reps share of their accounts: one line each, and scorecards ranked together."""
