"""The exchange's Avro schemas: the source of truth for everything that is published."""
