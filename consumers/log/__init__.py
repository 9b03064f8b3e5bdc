"""Reads the log and copies it into PostgreSQL: what every way out stands on."""
