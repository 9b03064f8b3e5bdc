"""How the exchange is doing as a whole, for operators and for monitoring."""
