"""Whose records these are: links, claims, and what moves between cases."""
