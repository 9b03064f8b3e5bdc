"""A second, plain and slow account of what the exchange must know, written from the specification alone."""
