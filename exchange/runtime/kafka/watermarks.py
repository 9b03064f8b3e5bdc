"""Where partitions begin and end, asked with patience: a new partition has no leader for a moment."""

import time
from collections.abc import Iterable
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition

PATIENCE_S: Final = 30.0
_PAUSE_S: Final = 0.05
_ASK_S: Final = 10.0

Place = tuple[str, int]


def watermarks(consumer: Any, places: Iterable[Place]) -> dict[Place, tuple[int, int]]:
    """Return, for each topic and partition, the first offset that the log holds and the one after its last.

    Raises:
        KafkaException: the brokers did not answer for ``PATIENCE_S``.
    """
    limit = time.monotonic() + PATIENCE_S
    return {place: _asked(consumer, place, limit) for place in places}


def _asked(consumer: Any, place: Place, limit: float) -> tuple[int, int]:
    while True:
        try:
            found = consumer.get_watermark_offsets(TopicPartition(*place), timeout=_ASK_S)
            if found is None:
                raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
            low, high = found
            return low, high
        except KafkaException:
            if time.monotonic() > limit:
                raise
            time.sleep(_PAUSE_S)
