"""Where in a home files handed in are kept, for whoever saves the home and loads nothing of the store."""

from typing import Final

UPLOADS: Final = "uploads"
"""The folder's name within the home's data."""
