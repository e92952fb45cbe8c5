"""Use cases: gather, decide, apply; the caller owns the transaction."""
