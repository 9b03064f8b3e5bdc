"""The embedded stack: Kafka, the registry and PostgreSQL as plain processes, watched by one supervisor."""
