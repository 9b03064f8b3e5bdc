"""The matters of the policy: whether each applies, what it needs, its limit and its state."""
