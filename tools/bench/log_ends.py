"""How far the log is: how the benchmark knows, without asking the worker, that all is done."""

import time

from confluent_kafka import TopicPartition

from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.clients import make_consumer
from exchange.runtime.kafka.watermarks import Place, watermarks
from exchange.runtime.settings import Settings
from topics.catalogue import Topic

_MOST_AT_ONCE = 10_000


class LogEnds:
    """Knows where records end, and counts the receipts written since it was opened.

    Receipts are read and counted: offsets count what a transaction's end leaves in the log, too.
    """

    def __init__(self, settings: Settings) -> None:
        catalogue = settings.city.catalogue
        self._records = list(catalogue.records)
        self._asker = make_consumer(settings.kafka)
        self._reader = make_consumer(settings.kafka, {"fetch.wait.max.ms": 100})
        receipts = self._ends([topic for topic in catalogue.topics if topic.kind == "receipts"])
        self._reader.assign([TopicPartition(*place, end) for place, end in receipts.items()])
        self.receipts = 0

    def records(self) -> dict[Place, int]:
        """Return where each partition of each record topic ends."""
        return self._ends(self._records)

    def wait_for_receipts(self, count: int, limit_seconds: float) -> None:
        """Return when so many receipts were read in all.

        Raises:
            ExchangeError: they were not, in that time.
        """
        limit = time.monotonic() + limit_seconds
        while self.receipts < count:
            messages = self._reader.consume(_MOST_AT_ONCE, timeout=0.1)
            self.receipts += sum(message.error() is None for message in messages)
            if time.monotonic() > limit:
                raise ExchangeError(
                    f"The worker wrote {self.receipts} of {count} receipts in {limit_seconds:.0f} s."
                )

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()
        self._asker.close()

    def _ends(self, topics: list[Topic]) -> dict[Place, int]:
        places = ((topic.name, partition) for topic in topics for partition in range(topic.partitions))
        return {place: end for place, (_, end) in watermarks(self._asker, places).items()}
