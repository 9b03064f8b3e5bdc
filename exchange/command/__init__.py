"""The command line, and what puts the parts together."""
