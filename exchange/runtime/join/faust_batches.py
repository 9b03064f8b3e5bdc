"""Batches for faust-streaming 0.15.3: Faust keeps membership, assignment and commits, and asks for recovery.

Records never enter Faust's per-message path, which skips some when workers are killed (measured, ADR 0004):
the consumer hands over no records at all, and whole fetches go through ``Runner``. This file touches private
names of Faust and one of aiokafka; ``assert_private_names`` checks them at start, and versions are pinned.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import faust
from faust.stores.memory import Store as MemoryStore
from faust.transport.consumer import Consumer as BaseConsumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from exchange.runtime.join.batches import Runner
from exchange.runtime.join.store import StateStore
from exchange.runtime.logs import logger
from topics.catalogue import CASE_STATES

FETCH_SECONDS = 0.5
END_LIMIT_S = 15.0
"""How long a crashed worker may take to end in good order."""
REBALANCE_LIMIT_S = 600.0
"""How long a worker may take to get its share and restore it: tens of millions of cases."""

log = logger("join.faust_batches")

_PRIVATE_NAMES = {
    BaseConsumer: (
        "_getmany",
        "_filter_tps_with_pending_acks",
        "_new_offset",
        "flow_active",
        "perform_seek",
        "stop_flow",
        "highwaters",
    ),
    driver.Consumer: ("_new_consumer_thread", "verify_event_path"),
    driver.AIOKafkaConsumerThread: ("_ensure_consumer", "on_partitions_assigned"),
    faust.Table: ("_new_store", "on_rebalance"),
    faust.App: ("_crash", "on_rebalance_start", "on_rebalance_end"),
}


def assert_private_names() -> None:
    """Refuse to start with a library in which a name that this file overrides is gone.

    Raises:
        RuntimeError: names what is missing.
    """
    missing = [
        f"{owner.__qualname__}.{name}"
        for owner, names in _PRIVATE_NAMES.items()
        for name in names
        if not hasattr(owner, name)
    ]
    if missing:
        raise RuntimeError(f"this faust-streaming lacks {', '.join(missing)}; the pinned version has them")


class App(faust.App):  # type: ignore[misc]
    """An application that ends the process where the library would wait for ever.

    One that crashed in the middle of a rebalance may wait for an assignment (met on a busy machine). One that
    the group refuses, or whose recovery took too long, ends its task without a word and takes no record more.
    To the supervisor either would seem to run. What is committed stays so: to end at once is always safe.
    """

    when_reading: Callable[[], None]
    """Called whenever a rebalance is over: the worker has its share and is reading it."""
    _rebalance_limit: threading.Timer | None = None

    def _crash(self, reason: BaseException) -> None:
        super()._crash(reason)
        _end_within(END_LIMIT_S)

    def on_rebalance_start(self) -> None:
        """Limit the rebalance's time; one that begins within another has only what is left of the other's."""
        super().on_rebalance_start()
        if self._rebalance_limit is None:
            self._rebalance_limit = _end_within(REBALANCE_LIMIT_S)

    def on_rebalance_end(self) -> None:
        """Go on as a worker that reads."""
        super().on_rebalance_end()
        if self._rebalance_limit is not None:
            self._rebalance_limit.cancel()
            self._rebalance_limit = None
        self.when_reading()


def _end_within(seconds: float) -> threading.Timer:
    """End this process as a kill would when the time has passed, unless that is cancelled."""

    def end() -> None:
        try:
            log.critical("ends_at_once", seconds=seconds)
        finally:  # a full disk takes no log line
            os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True  # ends with the process, if that ends by itself
    timer.start()
    return timer


class QuietThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """A member of the group that fetches nothing itself."""

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Pause every partition at once: fetching is ours."""
        self._ensure_consumer().pause(*map(driver.ensure_aiokafka_TP, assigned))
        await super().on_partitions_assigned(assigned, generation_id)


class BatchConsumer(driver.Consumer):  # type: ignore[misc]
    """Faust's consumer, whose every fetch is one batch of ours."""

    def _new_consumer_thread(self) -> QuietThread:
        return QuietThread(self, loop=self.loop, beacon=self.beacon)

    @property
    def _runner(self) -> Runner:
        runner: Runner = self.transport.runner
        return runner

    async def _getmany(self, active_partitions: Any, timeout: float) -> dict[TP, Any]:  # noqa: ARG002
        if not self.flow_active:
            return {}
        task = asyncio.ensure_future(self._batch())
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await task  # a clean stop ends the batch in hand
            raise
        return {}

    async def _batch(self) -> None:
        try:
            await self._runner.run_once(FETCH_SECONDS)
        except Exception as error:
            await self.crash(error)
            raise

    async def perform_seek(self) -> None:
        """Start reading the assigned record partitions from their committed offsets.

        The library would ask for one offset after another: half a second, even if nothing is wrong.
        """
        if not self.flow_active:  # a fetch was cut short by a rebalance: its partitions may be others' by now
            return
        places = [(tp.topic, tp.partition) for tp in self.assignment() if tp.topic != CASE_STATES]
        try:
            await self._runner.start(places)
        except Exception as error:
            await self.crash(error)
            raise

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """End the batch in hand and commit it before the partitions go."""
        self.stop_flow()
        async with self._runner.idle():
            await self.commit()
        await self._runner.stop()
        await super().on_partitions_revoked(revoked)

    async def highwaters(self, *partitions: TP) -> dict[TP, int]:
        """Say that each changelog ends where the local copy does: restoring is already done."""
        return {tp: self.transport.store.offset(tp.partition) + 1 for tp in partitions}

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        done = (TP(*place) for place in self._runner.done)
        return (tp for tp in done if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        return self._runner.done.get((tp.topic, tp.partition))

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Do not look for a stuck stream: there is no stream."""


class BatchTransport(driver.Transport):  # type: ignore[misc]
    """The transport that makes such consumers."""

    Consumer = BatchConsumer
    runner: Runner
    store: StateStore


class CaseStore(MemoryStore):  # type: ignore[misc]
    """What Faust sees of the state store: its partitions and how far each goes; itself always empty."""

    @property
    def _states(self) -> StateStore:
        states: StateStore = self.app.transport.store
        return states

    def persisted_offset(self, tp: TP) -> int:
        """Return the changelog offset that the local copy goes up to."""
        return self._states.offset(tp.partition)

    async def on_rebalance(
        self,
        assigned: set[TP],
        revoked: set[TP],  # noqa: ARG002 - the library's signature
        newly_assigned: set[TP],  # noqa: ARG002
        generation_id: int = 0,  # noqa: ARG002
    ) -> None:
        """Own the assigned partitions: no other worker writes on them now, and their states are restored."""
        partitions = {tp.partition for tp in assigned if tp.topic != CASE_STATES}
        await self.app.transport.runner.own(partitions)


class CaseTable(faust.Table):  # type: ignore[misc]
    """The table by which Faust knows the changelog; nothing reads or writes it through Faust."""

    def _new_store(self) -> CaseStore:
        return CaseStore("case://", self.app, self)
