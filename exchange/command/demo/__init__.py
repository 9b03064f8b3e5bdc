"""`exchange demo`: a made-up city through the whole exchange, and what came of it, for people to read."""
