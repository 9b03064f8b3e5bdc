"""The desk's HTTP API: each endpoint one call of a use case."""
