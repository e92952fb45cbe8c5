"""The rules: values in, values out; the standard library only."""
