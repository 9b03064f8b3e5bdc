"""In which partition a person's records meet: all producers must agree, or one person becomes two cases."""

from functools import lru_cache

from aiokafka.partitioner import murmur2


@lru_cache(maxsize=1024)  # a batch asks for a key again; a city would fill a larger one
def partition_of(key: str, partitions: int) -> int:
    """Return the partition of a key as Kafka's own clients choose it (librdkafka: ``murmur2_random``)."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % partitions)
