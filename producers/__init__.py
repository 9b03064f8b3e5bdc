"""The departments' ways in."""
