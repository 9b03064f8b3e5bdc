"""`make bench`: how fast the exchange is, each figure a ratio or a median within one run."""
