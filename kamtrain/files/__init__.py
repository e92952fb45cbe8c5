"""File writers: values in, bytes out."""
