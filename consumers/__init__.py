"""The ways out: read model, followers, readers."""
