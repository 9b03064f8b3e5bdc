"""The schema registry, and values framed as it asks: Avro with the id of its schema."""
