"""The order in which a batch takes effect, and the loop that feeds batches: free of Faust.

A batch: fold → outputs acknowledged → changelog acknowledged → local store and its offset in one write →
only then may the records' offsets be committed. A crash at any point replays the batch from the last
written state: no output is lost, some may be repeated with the same id.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from confluent_kafka import OFFSET_BEGINNING, TopicPartition

from exchange.runtime.join.outputs import Output
from exchange.runtime.join.step import Step
from exchange.runtime.join.store import StateStore
from exchange.runtime.kafka_clients import make_consumer, make_producer
from exchange.runtime.logs import logger
from topics.catalogue import CASE_STATES

MAX_BATCH: Final = 1000
FLUSH_SECONDS: Final = 30.0
Place = tuple[str, int]

log = logger("join.batches")


class DeliveryFailedError(RuntimeError):
    """The brokers did not take a message; the batch must not count as done."""


class Delivery:
    """Produces messages and waits until the brokers have all of them."""

    def __init__(self, bootstrap: str) -> None:
        self._errors: list[str] = []
        self.changelog_offsets: dict[int, int] = {}
        self._producer = make_producer(
            bootstrap,
            {
                "linger.ms": 1,
                "message.max.bytes": 5 << 20,
                "queue.buffering.max.messages": 1_000_000,
                "on_delivery": self._delivered,
            },
        )

    def send(self, outputs: Iterable[Output]) -> None:
        """Produce outputs and return when all are acknowledged.

        Raises:
            DeliveryFailedError: at least one was not.
        """
        for output in outputs:
            self._producer.produce(
                output.topic, output.value, output.key, output.partition, headers=output.headers
            )
        self._flush()

    def send_states(self, states: Mapping[int, Mapping[str, bytes | None]]) -> None:
        """Write states to the changelog and return when all are acknowledged, as ``send`` does."""
        for partition, encoded in states.items():
            for key, value in encoded.items():
                self._producer.produce(CASE_STATES, value, key.encode(), partition)
        self._flush()

    def _delivered(self, error: Any, message: Any) -> None:
        if error is not None:
            self._errors.append(error.name())
        elif message.topic() == CASE_STATES:
            self.changelog_offsets[message.partition()] = message.offset()

    def _flush(self) -> None:
        left = self._producer.flush(FLUSH_SECONDS)
        if left or self._errors:
            raise DeliveryFailedError(
                f"{left} messages wait, {len(self._errors)} failed: {set(self._errors)}"
            )


class Join:
    """Takes whole fetches through the step, partition by partition in the order of the log."""

    def __init__(self, step: Step, store: StateStore, delivery: Delivery) -> None:
        self._step = step
        self._store = store
        self._delivery = delivery

    def run(self, records: list[Any]) -> None:
        """Make one batch of records take effect; blocks until it has.

        Raises:
            DeliveryFailedError: the brokers did not take it; nothing may be committed.
        """
        batch = self._step.run(records, self._store)
        self._delivery.send(batch.outputs)
        self._delivery.send_states(batch.states)
        self._store.write(batch, self._delivery.changelog_offsets)


class Feed:
    """Reads records in bulk from assigned partitions, each contiguous from where it was told to start."""

    def __init__(self, bootstrap: str, consumer: Any = None) -> None:
        self._next: dict[Place, int] = {}
        self._jumps: dict[Place, tuple[int, int]] = {}
        self._consumer = consumer or make_consumer(
            bootstrap,
            {
                "fetch.wait.max.ms": 100,
                "fetch.queue.backoff.ms": 10,
                "queued.max.messages.kbytes": 16_384,
            },
        )

    def assign(self, starts: Mapping[Place, int]) -> None:
        """Read these partitions and no others, from these offsets on."""
        self._next = dict(starts)
        self._jumps.clear()
        places = [
            TopicPartition(topic, p, offset or OFFSET_BEGINNING) for (topic, p), offset in starts.items()
        ]
        self._consumer.assign(places)

    def fetch(self, timeout_seconds: float) -> list[Any]:
        """Return what has come, waiting for the first record; each partition's records follow on its last.

        A record that came before is dropped. A record further on than the next one may mean that some were
        skipped: it is refused and the partition is read again from where it should be.
        """
        first = self._consumer.poll(timeout_seconds)
        if first is None:
            return []
        return [m for m in (first, *self._consumer.consume(MAX_BATCH - 1, timeout=0)) if self._follows(m)]

    def close(self) -> None:
        """Stop reading."""
        self._consumer.close()

    def _follows(self, message: Any) -> bool:
        if message.error() is not None:
            raise RuntimeError(f"reading failed: {message.error().name()}")
        place, offset = (message.topic(), message.partition()), message.offset()
        expected = self._next.get(place)
        if expected is None or offset < expected:
            return False
        if offset > expected and not self._is_gap_of_the_log(place, expected, offset):
            return False
        self._next[place] = offset + 1
        return True

    def _is_gap_of_the_log(self, place: Place, expected: int, found: int) -> bool:
        """Refuse a jump once and read again; what is missing then too is not in the log at all.

        A producer's transaction leaves such gaps; without this one of them would stop the partition for good.
        """
        if self._jumps.get(place) == (expected, found):
            log.warning("gap_in_the_log", topic=place[0], partition=place[1], expected=expected, found=found)
            return True
        if self._jumps.get(place, (-1, -1))[0] != expected:
            self._jumps[place] = (expected, found)
            log.error(
                "offset_jump_refused", topic=place[0], partition=place[1], expected=expected, found=found
            )
            self._consumer.seek(TopicPartition(*place, expected))
        return False


class Runner:
    """Runs the join's blocking work beside an event loop, one batch at a time."""

    def __init__(self, join: Join, feed: Feed) -> None:
        self._join = join
        self._feed = feed
        self._busy = asyncio.Lock()
        self.done: dict[Place, int] = {}

    async def start(self, starts: Mapping[Place, int]) -> None:
        """Read these partitions from these offsets on, once the batch in hand has ended."""
        async with self._busy:
            self.done.clear()
            self._feed.assign(starts)

    async def stop(self) -> None:
        """Read nothing any more, once the batch in hand has ended."""
        await self.start({})

    def idle(self) -> asyncio.Lock:
        """Return what is held while a batch is in hand: ``async with`` it to stand between two batches."""
        return self._busy

    async def run_once(self, timeout_seconds: float) -> None:
        """Fetch one batch and make it take effect; then ``done`` holds the offsets that may be committed."""
        async with self._busy:
            done = await asyncio.get_running_loop().run_in_executor(
                None, self._fetch_and_run, timeout_seconds
            )
            self.done.update(done)

    def _fetch_and_run(self, timeout_seconds: float) -> dict[Place, int]:
        records = self._feed.fetch(timeout_seconds)
        if records:
            self._join.run(records)
        return {(record.topic(), record.partition()): record.offset() + 1 for record in records}
