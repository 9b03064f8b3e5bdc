"""The policy files' shape, checked when they are read."""
