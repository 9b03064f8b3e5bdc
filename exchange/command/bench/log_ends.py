"""Where the log ends: how the benchmark knows, without asking the worker, that all is done."""

from typing import Any

from confluent_kafka import Consumer

from exchange.runtime.errors import ExchangeError
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from exchange.runtime.watermarks import Place, watermarks
from topics.catalogue import Topic, load_catalogue


class LogEnds:
    """Asks the brokers for end offsets."""

    def __init__(self, settings: Settings) -> None:
        self._consumer: Any = Consumer({"bootstrap.servers": settings.kafka, "group.id": "unused"})
        catalogue = load_catalogue()
        self._receipts = [topic for topic in catalogue.topics if topic.kind == "receipts"]
        self._records = list(catalogue.records)

    def receipts(self) -> int:
        """Return how many receipts were ever written."""
        return sum(self._ends(self._receipts).values())

    def records(self) -> dict[Place, int]:
        """Return where each partition of each record topic ends."""
        return self._ends(self._records)

    def wait_for_receipts(self, count: int, limit_seconds: float) -> None:
        """Return when so many receipts were written in all.

        Raises:
            ExchangeError: they were not, in that time.
        """
        if not wait_until(lambda: self.receipts() >= count, limit_seconds, every_s=0.1):
            raise ExchangeError(
                f"The worker wrote {self.receipts()} of {count} receipts in {limit_seconds:.0f} s."
            )

    def close(self) -> None:
        """Close the connection."""
        self._consumer.close()

    def _ends(self, topics: list[Topic]) -> dict[Place, int]:
        places = ((topic.name, partition) for topic in topics for partition in range(topic.partitions))
        return {place: end for place, (_, end) in watermarks(self._consumer, places).items()}
