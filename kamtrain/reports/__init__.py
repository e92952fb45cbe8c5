"""Reports: one folder each."""
