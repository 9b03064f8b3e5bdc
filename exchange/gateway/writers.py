"""Writes to Kafka as somebody, and says of each message when the brokers hold it.

For each department the gateway has a principal of its own, to which the brokers give that department's record
topics alone; what the gateway itself says (receipts and quarantine of what it refuses) it writes as itself.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Final

from confluent_kafka import KafkaException

from exchange.domain.policy_files.access import writer_for
from exchange.folding.cloud_events import Headers
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.kafka.department_access import TAKEN_WITHIN_S, department_access
from exchange.runtime.kafka.sender import LogPlace, NotTakenError
from exchange.runtime.settings import Settings

_POLL_S: Final = 0.2
_FULL_S: Final = 0.05


class TopicWriter:
    """A producer with a thread of its own, used from one event loop. It is for messages in their order."""

    def __init__(self, kafka: KafkaAccess, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._producer = make_producer(
            kafka,
            {
                "linger.ms": 2,
                "compression.type": "lz4",
                "message.max.bytes": 4 << 20,
                "queue.buffering.max.kbytes": 32 << 10,
                "message.timeout.ms": int(TAKEN_WITHIN_S * 1000),
                "log_level": 0,
            },
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_polling, name=f"writer-{kafka.user}", daemon=True)
        self._thread.start()

    async def write(self, topic: str, value: bytes, key: bytes, headers: Headers) -> asyncio.Future[LogPlace]:
        """Hand a message over; the future is done once the brokers hold it, or fails with `NotTakenError`."""
        taken: asyncio.Future[LogPlace] = self._loop.create_future()
        while True:
            try:
                self._producer.produce(topic, value, key, headers=headers, on_delivery=self._told(taken))
            except BufferError:  # what waits for the brokers is bounded; so is what waits for it
                await asyncio.sleep(_FULL_S)
            except KafkaException as problem:
                taken.set_exception(NotTakenError(problem.args[0].name()))
                return taken
            else:
                return taken

    def close(self) -> None:
        """Send what is under way and end."""
        self._stop.set()
        self._thread.join()
        self._producer.flush(TAKEN_WITHIN_S)

    def _told(self, taken: asyncio.Future[LogPlace]) -> Callable[[Any, Any], None]:
        def delivered(error: Any, message: Any) -> None:
            place = None if error else (message.partition(), message.offset())
            self._loop.call_soon_threadsafe(_settle, taken, place, error and error.name())

        return delivered

    def _keep_polling(self) -> None:
        while not self._stop.is_set():
            self._producer.poll(_POLL_S)


def _settle(taken: asyncio.Future[LogPlace], place: LogPlace | None, problem: str | None) -> None:
    if taken.done():  # nobody waits any more
        return
    if place is None:
        taken.set_exception(NotTakenError(problem or "unknown"))
    else:
        taken.set_result(place)


class Writers:
    """A writer for each department, made when first needed, and the gateway's own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: dict[str, TopicWriter] = {}

    def own(self) -> TopicWriter:
        """Return what writes as the gateway itself."""
        kafka = self._settings.kafka
        return self._made.get(kafka.user) or self._make(kafka)

    def of(self, department: str) -> TopicWriter:
        """Return what writes a department's records, and nothing else.

        Raises:
            KeyError: it publishes nothing.
        """
        made = self._made.get(writer_for(department))  # first: the password is read from a file
        return made or self._make(department_access(self._settings, department))

    def close(self) -> None:
        """Send what is under way and end."""
        for writer in self._made.values():
            writer.close()

    def _make(self, kafka: KafkaAccess) -> TopicWriter:
        self._made[kafka.user] = TopicWriter(kafka, asyncio.get_running_loop())
        return self._made[kafka.user]
