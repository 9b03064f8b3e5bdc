"""Names of persons: whether they are ones, whether they are whole, and when two are the same."""
