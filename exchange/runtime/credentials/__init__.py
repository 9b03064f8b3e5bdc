"""Credentials of those outside: their secrets, where they are kept, and what Kafka is told of them."""
