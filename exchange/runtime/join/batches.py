"""The order in which a batch takes effect, and the loop that feeds batches: free of Faust.

A batch: fold → outputs and changelog committed, for each partition whole or not at all → local store and its
offset in one write → only then may the records' offsets be committed. After a crash at any point the join
goes on from the changelog: no output is lost, and none rests on a state that was not kept; receipts may be
repeated with the same id.

While a batch's transaction is committed, the next batch is folded on the states as that one leaves them. It
waits there until the first has taken effect in all these steps; if that fails, it is thrown away, and nothing
of it was written, counted or marked. So one transaction is in flight at most, and one batch ahead of it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, NamedTuple

from exchange.folding.step import Step
from exchange.folding.work import Batch, States, StatesAfter
from exchange.runtime.join.delivery import Delivery
from exchange.runtime.join.feed import BEHIND, Feed
from exchange.runtime.join.meters import Meters
from exchange.runtime.join.store import StateStore
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import logger
from exchange.runtime.settings import FAILURES_IN_A_ROW

RUN_S: Final = 1.0
"""For so long batches follow one upon the other; whoever waits for a moment between two waits so long."""

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


class Committed(NamedTuple):
    """Where the changelog has each partition's last state, and when the brokers had all (UNIX time)."""

    offsets: dict[int, int]
    at: float


class InFlight(NamedTuple):
    """A batch that is being written: of which records, since when (monotonic clock) and how it ends."""

    batch: Batch
    records: list[Any]
    began: float
    written: Future[Committed]


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
        self._writing = ThreadPoolExecutor(1, "transaction")
        self._in_flight: InFlight | None = None

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

    def run(self, fetches: Iterable[list[Any]], done: dict[Place, int]) -> None:
        """Make fetches take effect, one after the other; returns when nothing is in flight.

        Args:
            fetches: asked for the next one while the one before is being written.
            done: is given the offsets that may be committed, also of what took effect before an error.

        Raises:
            DeliveryFailedError: the brokers did not take a batch, or another worker owns a partition now.
            TooManyFailuresError: the rules are broken; the join stops rather than quarantine all that comes.
        """
        with self._meters.noting_stops():
            try:
                for records in fetches:
                    began = time.monotonic()
                    batch = self._step.run(records, self._states())
                    self._settle(done)
                    self._failures.count(batch)
                    written = self._writing.submit(self._write, batch)
                    self._in_flight = InFlight(batch, records, began, written)
            finally:
                self._settle(done)

    def _states(self) -> States:
        return StatesAfter(self._store, self._in_flight.batch) if self._in_flight else self._store

    def _write(self, batch: Batch) -> Committed:
        return Committed(self._delivery.write(batch), time.time())

    def _settle(self, done: dict[Place, int]) -> None:
        """Wait for the batch in flight, if there is one, and let it take effect."""
        if (one := self._in_flight) is None:
            return
        self._in_flight = None
        written = one.written.result()
        self._store.write(one.batch, written.offsets)
        self._meters.batch_done(one.batch, len(one.records), time.monotonic() - one.began, written.at)
        done |= {(record.topic(), record.partition()): record.offset() + 1 for record in one.records}


class Runner:
    """Runs the join's blocking work beside an event loop, one run of batches at a time."""

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
        """Make what waits take effect; then ``done`` holds the offsets that may be committed."""
        async with self._busy:
            done: dict[Place, int] = {}
            try:
                loop, fetches = asyncio.get_running_loop(), self._fetches(timeout_s)
                await loop.run_in_executor(None, self._join.run, fetches, done)
            finally:
                self.done.update(done)

    def _fetches(self, timeout_s: float) -> Iterator[list[Any]]:
        """Yield what waits, fetch by fetch, until little does or the run is over.

        Few records are soon folded, and more come while a transaction is committed: ahead of it they would
        make small batches, each of which waits for a transaction of its own.
        """
        self._beat()
        records = self._feed.fetch(timeout_s)
        over = time.monotonic() + RUN_S
        while records:
            yield records
            self._beat()
            records = self._feed.fetch(0, BEHIND) if time.monotonic() < over else []
