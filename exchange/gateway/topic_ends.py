"""Where topics end at the brokers: what a client was given counts, also while the index is behind it.

After a crash of the database the index reads its last moments again, since it does not wait for the disk;
until then a client's place lies beyond its end, and is no less right.
"""

import asyncio
from collections.abc import Sequence

from confluent_kafka import KafkaException

from consumers.log.offsets import Offsets
from exchange.runtime.kafka.clients import make_consumer
from exchange.runtime.kafka.watermarks import watermarks
from exchange.runtime.settings import Settings
from exchange.serving.problems import away


class TopicEnds:
    """Asks the brokers, one question at a time; a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._asker = make_consumer(settings.kafka, {"log_level": 0})
        self._asking = asyncio.Lock()

    def __enter__(self) -> "TopicEnds":
        return self

    def __exit__(self, *_: object) -> None:
        self._asker.close()

    async def reach(self, topic: str, place: Offsets) -> bool:
        """Say whether the log has been as far as a place in a topic.

        Raises:
            ProblemError: the brokers do not answer.
        """
        async with self._asking:
            ends = await asyncio.to_thread(self._ends, topic, range(len(place.next)))
        return not place.is_beyond(ends)

    def _ends(self, topic: str, partitions: Sequence[int]) -> Offsets:
        places = [(topic, partition) for partition in partitions]
        try:
            found = watermarks(self._asker, places)
        except KafkaException as problem:
            raise away(f"kafka: {problem.args[0].name()}") from None
        return Offsets(tuple(found[place][1] for place in places))
