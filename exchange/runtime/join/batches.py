"""The order in which a batch takes effect, and the loop that feeds batches: free of Faust.

A batch: fold → outputs and changelog committed, for each partition whole or not at all → local store and its
offset in one write → only then may the records' offsets be committed. After a crash at any point the join
goes on from the changelog: no output is lost, and none rests on a state that was not kept; receipts may be
repeated with the same id.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from exchange.folding.step import Step
from exchange.folding.work import Batch
from exchange.runtime.join.delivery import Delivery
from exchange.runtime.join.feed import Feed
from exchange.runtime.join.meters import Meters
from exchange.runtime.join.store import StateStore
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import logger
from exchange.runtime.settings import FAILURES_IN_A_ROW

log = logger("join.batches")


class TooManyFailuresError(RuntimeError):
    """The rules fail on one record of a topic after another: the fault is in the rules, and will not pass."""


class Failures:
    """Counts, topic by topic, the records in a row on which a rule failed."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._in_a_row: Counter[str] = Counter()

    def count(self, batch: Batch) -> None:
        """Note how a batch's messages ended.

        Raises:
            TooManyFailuresError: too many records of one topic failed in a row.
        """
        for topic, failed in batch.ends:
            self._in_a_row[topic] = self._in_a_row[topic] + 1 if failed else 0
            if self._in_a_row[topic] >= self._limit:
                log.critical("too_many_failures_in_a_row", topic=topic, limit=self._limit)
                raise TooManyFailuresError(topic)


class Join:
    """Takes whole fetches through the step, partition by partition in the order of the log."""

    def __init__(
        self,
        step: Step,
        store: StateStore,
        delivery: Delivery,
        meters: Meters,
        failures_in_a_row: int = FAILURES_IN_A_ROW,
    ) -> None:
        self._step = step
        self._store = store
        self._delivery = delivery
        self._meters = meters
        self._failures = Failures(failures_in_a_row)

    def own(self, partitions: Iterable[int]) -> None:
        """Own exactly these partitions: first stop all other workers from writing, then read what they wrote.

        Raises:
            DeliveryFailedError: the brokers do not answer.
        """
        owned = set(partitions)
        self._meters.takes_over()
        with self._meters.noting_stops():
            self._delivery.own(owned)
            self._store.assign(owned)

    def run(self, records: list[Any]) -> None:
        """Make one batch of records take effect; blocks until it has.

        Raises:
            DeliveryFailedError: the brokers did not take it, or another worker owns a partition now.
            TooManyFailuresError: the rules are broken; the join stops rather than quarantine all that comes.
        """
        began = time.monotonic()
        with self._meters.noting_stops():
            batch = self._step.run(records, self._store)
            self._failures.count(batch)
            self._store.write(batch, self._delivery.write(batch))
        self._meters.batch_done(batch, len(records), time.monotonic() - began)


class Runner:
    """Runs the join's blocking work beside an event loop, one batch at a time."""

    def __init__(self, join: Join, feed: Feed, beat: Callable[[], None]) -> None:
        self._join = join
        self._feed = feed
        self._beat = beat
        self._busy = asyncio.Lock()
        self.done: dict[Place, int] = {}

    async def own(self, partitions: set[int]) -> None:
        """Own exactly these partitions, once the batch in hand has ended."""
        async with self._busy:
            await asyncio.get_running_loop().run_in_executor(None, self._join.own, partitions)

    async def start(self, places: Iterable[Place]) -> None:
        """Read these partitions from the group's committed offsets, once the batch in hand has ended.

        Raises:
            KafkaException: the brokers do not say where that is.
        """
        async with self._busy:
            starts = await asyncio.get_running_loop().run_in_executor(None, self._feed.committed, places)
            self._assign(starts)

    async def stop(self) -> None:
        """Stop reading once the batch in hand has ended."""
        async with self._busy:
            self._assign({})

    def _assign(self, starts: Mapping[Place, int]) -> None:
        self.done.clear()
        self._feed.assign(starts)

    def idle(self) -> asyncio.Lock:
        """Return the lock held while a batch is in hand: ``async with`` it to be between two batches."""
        return self._busy

    async def run_once(self, timeout_s: float) -> None:
        """Fetch one batch and make it take effect; then ``done`` holds the offsets that may be committed."""
        async with self._busy:
            done = await asyncio.get_running_loop().run_in_executor(None, self._fetch_and_run, timeout_s)
            self.done.update(done)

    def _fetch_and_run(self, timeout_s: float) -> dict[Place, int]:
        self._beat()
        records = self._feed.fetch(timeout_s)
        if records:
            self._join.run(records)
        return {(record.topic(), record.partition()): record.offset() + 1 for record in records}
