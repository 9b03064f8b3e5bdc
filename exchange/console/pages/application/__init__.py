"""The window takes an application for all matters at once, and prints what the family takes home."""
