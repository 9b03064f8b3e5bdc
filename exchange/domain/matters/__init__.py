"""The twelve matters: whether each applies, what it needs, its limit and its state."""
