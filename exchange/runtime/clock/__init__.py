"""The clock: a part of its own that tells every partition the time."""
