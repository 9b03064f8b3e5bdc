"""The catalogue of topics and departments."""
