"""Files to values, purely: what trainers write, parsed, checked and rendered."""
