"""Writes what batches come to: outputs and states in one transaction, which fences.

Whoever makes the producer of a transactional id takes over from all who made it before: what an earlier
owner has not committed is undone, and it can commit no more. So a worker that was paused past the end of its
session and then goes on cannot write over its successor (ADR 0013).
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException

from exchange.folding.outputs import Output
from exchange.folding.work import Batch
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.logs import logger
from topics.catalogue import CASE_STATES

PATIENCE_S: Final = 60.0
"""How long brokers may take over a transaction: they may be electing new leaders meanwhile."""
_PAUSE_S: Final = 0.1
_ALL: Final = "all"
_FENCED: Final = frozenset(
    {KafkaError._FENCED, KafkaError.INVALID_PRODUCER_EPOCH, KafkaError.PRODUCER_FENCED}
)

log = logger("join.delivery")


class DeliveryFailedError(RuntimeError):
    """The brokers did not take a batch whole; it must not count as done."""


class FencedError(DeliveryFailedError):
    """Another worker has the partition now."""


class Delivery:
    """The transactional producers of this worker, made anew whenever its partitions change.

    Args:
        kafka: how the brokers are reached.
        group: begins the transactional ids: `<group>-<partition>` for each partition, `<group>-all` for all.
        partitions: how many there are. A worker that owns all of them writes a batch as one transaction; one
            that owns some writes one for each, so that workers side by side do not fence each other.
    """

    def __init__(self, kafka: KafkaAccess, group: str, partitions: int) -> None:
        self._kafka = kafka
        self._group = group
        self._all = list(range(partitions))
        self._writers: dict[int, Any] = {}
        """Partition → its producer, the same one for all if all are owned."""
        self._pool: ThreadPoolExecutor | None = None

    def own(self, partitions: Iterable[int]) -> None:
        """Own exactly these partitions, anew: whatever others still write on them is undone.

        First the ids to write under are taken, then those under which the other kind of owner writes. So if
        two workers take over at once, at most one can write, however their steps interleave. In the opposite
        order each might hold ids that the other had fenced already.

        Raises:
            DeliveryFailedError: the brokers do not answer.
        """
        self.close()
        wanted = sorted(partitions)
        if not wanted:
            return
        self._pool = ThreadPoolExecutor(len(wanted), "delivery")
        if wanted == self._all:
            self._writers = dict.fromkeys(wanted, self._take_over(_ALL))
            list(self._pool.map(self._take_over, map(str, wanted)))
        else:
            each = self._pool.map(self._take_over, map(str, wanted))
            self._writers = dict(zip(wanted, each, strict=True))
            self._take_over(_ALL)

    def write(self, batch: Batch) -> dict[int, int]:
        """Commit what a batch comes to, all at once or partition by partition: each whole or not at all.

        Returns:
            Partition → the changelog offset of its last state, for those that have one.

        Raises:
            FencedError: a partition has another owner.
            DeliveryFailedError: the brokers did not take everything; a part may be committed.
        """
        shares: dict[Any, list[int]] = {}
        for partition in sorted(batch.told.keys() | batch.states.keys()):
            shares.setdefault(self._writers[partition], []).append(partition)
        # A single share is the ordinary case: no thread need be woken for it.
        do_all = self._pool.map if self._pool is not None and len(shares) > 1 else map
        ends: dict[int, int] = {}
        for found in do_all(partial(_commit, batch=batch), shares.keys(), shares.values()):
            ends |= found
        return ends

    def close(self) -> None:
        """Own nothing; what is not committed is given up."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
        for writer in set(self._writers.values()):
            writer.purge()
        self._writers.clear()

    def _take_over(self, id_end: str) -> Any:
        """Return a producer that has fenced all before it under this id.

        While coordinators move, the client may ask a broker that no longer is one; once refused it stays
        refused, so a new client asks.
        """
        limit = time.monotonic() + PATIENCE_S
        while True:
            producer = self._new_producer(id_end)
            try:
                producer.init_transactions(PATIENCE_S)
                return producer
            except KafkaException as problem:
                if time.monotonic() > limit:
                    raise DeliveryFailedError(problem.args[0].name()) from None
                time.sleep(_PAUSE_S)

    def _new_producer(self, id_end: str) -> Any:
        return make_producer(
            self._kafka,
            {
                "transactional.id": f"{self._group}-{id_end}",
                "transaction.timeout.ms": int(PATIENCE_S * 1000),
                "linger.ms": 1,
                "message.max.bytes": 5 << 20,
                "queue.buffering.max.messages": 1_000_000,
                "log_level": 0,  # the client's own lines are not structured logs
            },
        )


def _commit(writer: Any, partitions: Sequence[int], batch: Batch) -> dict[int, int]:
    """Write these partitions' share in one transaction; return the offset of the last state of each."""
    ends: dict[int, int] = {}

    def note(error: Any, message: Any) -> None:
        if error is None:
            ends[message.partition()] = max(message.offset(), ends.get(message.partition(), -1))

    with _telling_fences(partitions):
        writer.begin_transaction()
        for partition in partitions:
            for output in batch.told.get(partition, ()):
                _produce(writer, output)
            for key, value in batch.states.get(partition, {}).items():
                writer.produce(CASE_STATES, value, key.encode(), partition, on_delivery=note)
        writer.commit_transaction(PATIENCE_S)
        writer.poll(0)
    return ends


def _produce(producer: Any, output: Output) -> None:
    producer.produce(output.topic, output.value, output.key, output.partition, headers=output.headers)


@contextmanager
def _telling_fences(partitions: Sequence[int]) -> Iterator[None]:
    try:
        yield
    except KafkaException as problem:
        error, places = problem.args[0], ", ".join(map(str, partitions))
        if error.code() in _FENCED:
            log.warning("fenced", partitions=list(partitions))
            raise FencedError(f"one of these partitions has another owner: {places}") from None
        raise DeliveryFailedError(f"partitions {places}: {error.name()}") from None
