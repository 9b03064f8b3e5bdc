"""What measures and documents the exchange. It is run from a checkout and is not installed."""
