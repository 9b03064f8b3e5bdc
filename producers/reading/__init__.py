"""Reads what departments hand in as files: JSON lines and CSV, row by row, each with where it stood."""
