"""Kafka: the clients, which lose nothing; where partitions end; and the topics on the brokers."""
