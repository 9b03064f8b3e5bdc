"""In which partition a person's records meet: all producers must agree, or one person becomes two cases."""

from functools import lru_cache
from typing import Final

_WORD: Final = 0xFFFFFFFF
_SEED: Final = 0x9747B28C
_MIX: Final = 0x5BD1E995


@lru_cache(maxsize=1024)  # a batch asks for a key again; a city would fill a larger one
def partition_of(key: str, partitions: int) -> int:
    """Return the partition of a key as Kafka's own clients choose it (librdkafka: ``murmur2_random``)."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """Return the hash by which Kafka's clients spread keys, from 0 to 2³² - 1.

    Our own, so that the rules run without a Kafka client; a client's own is as slow.

    Source: Apache Kafka, ``org.apache.kafka.common.utils.Utils.murmur2`` (a variant of MurmurHash2).
    """
    whole = len(data) & ~3
    found = _SEED ^ len(data)
    for at in range(0, whole, 4):
        word = int.from_bytes(data[at : at + 4], "little") * _MIX & _WORD
        word = (word ^ word >> 24) * _MIX & _WORD
        found = (found * _MIX & _WORD) ^ word
    if whole < len(data):
        found = (found ^ int.from_bytes(data[whole:], "little")) * _MIX & _WORD
    found = (found ^ found >> 13) * _MIX & _WORD
    return found ^ found >> 15
