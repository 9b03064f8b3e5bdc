"""Writes what batches come to: of each partition outputs and states in one transaction, which fences.

Whoever makes the producer of a partition's transactional id takes over from all that made it before: what an
earlier owner has not committed is undone, and it can commit no more. So a worker that was paused past its
session and goes on writes nothing over its successor (ADR 0013).
"""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException

from exchange.runtime.join.outputs import Output
from exchange.runtime.join.work import Batch
from exchange.runtime.kafka_clients import make_producer
from exchange.runtime.logs import logger
from topics.catalogue import CASE_STATES

PATIENCE_S: Final = 60.0
"""How long brokers may take over a transaction: they choose leaders anew meanwhile."""
_PAUSE_S: Final = 0.1
_FENCED: Final = frozenset(
    {KafkaError._FENCED, KafkaError.INVALID_PRODUCER_EPOCH, KafkaError.PRODUCER_FENCED}
)

log = logger("join.delivery")


class DeliveryFailedError(RuntimeError):
    """The brokers did not take a batch whole; it must not count as done."""


class FencedError(DeliveryFailedError):
    """Another worker has the partition now."""


class Delivery:
    """A transactional producer for each partition that this worker owns."""

    def __init__(self, bootstrap: str, group: str) -> None:
        self._bootstrap = bootstrap
        self._group = group
        self._producers: dict[int, Any] = {}
        self._pool: ThreadPoolExecutor | None = None

    def own(self, partitions: Iterable[int]) -> None:
        """Own exactly these partitions, anew: whatever others still write on them is undone.

        Raises:
            DeliveryFailedError: the brokers do not answer.
        """
        self.close()
        wanted = sorted(partitions)
        if wanted:
            self._pool = ThreadPoolExecutor(len(wanted), "delivery")
            self._producers = dict(zip(wanted, self._pool.map(self._take_over, wanted), strict=True))

    def write(self, batch: Batch) -> dict[int, int]:
        """Commit what a batch comes to, of each partition whole or not at all.

        Returns:
            Partition → the changelog offset of its last state, of those that have one.

        Raises:
            FencedError: a partition has another owner.
            DeliveryFailedError: the brokers did not take everything; a part may be committed.
        """
        partitions = sorted(batch.told.keys() | batch.states.keys())
        if len(partitions) == 1:  # the ordinary case at a calm hour: no thread need be woken for it
            ends = [self._commit(partitions[0], batch)]
        else:
            assert self._pool is not None, "nothing is owned"  # noqa: S101 - a batch comes from what is owned
            ends = list(self._pool.map(partial(self._commit, batch=batch), partitions))
        return {partition: end for partition, end in zip(partitions, ends, strict=True) if end is not None}

    def close(self) -> None:
        """Own nothing; what is not committed is given up."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
        for producer in self._producers.values():
            producer.purge()
        self._producers.clear()

    def _take_over(self, partition: int) -> Any:
        """Return a producer that has fenced all before it.

        While coordinators move, one is asked that is none any more, and a client that was refused stays so:
        then another one asks.
        """
        limit = time.monotonic() + PATIENCE_S
        while True:
            producer = self._new_producer(partition)
            try:
                producer.init_transactions(PATIENCE_S)
                return producer
            except KafkaException as problem:
                if time.monotonic() > limit:
                    raise DeliveryFailedError(problem.args[0].name()) from None
                time.sleep(_PAUSE_S)

    def _new_producer(self, partition: int) -> Any:
        return make_producer(
            self._bootstrap,
            {
                "transactional.id": f"{self._group}-{partition}",
                "transaction.timeout.ms": int(PATIENCE_S * 1000),
                "linger.ms": 1,
                "message.max.bytes": 5 << 20,
                "queue.buffering.max.messages": 1_000_000,
                "log_level": 0,  # the client's own lines are no structured logs
            },
        )

    def _commit(self, partition: int, batch: Batch) -> int | None:
        """Write one partition's share in one transaction; return where its last state stands."""
        producer, offsets = self._producers[partition], []

        def note(error: Any, message: Any) -> None:
            if error is None:
                offsets.append(message.offset())

        with _telling_fences(partition):
            producer.begin_transaction()
            for output in batch.told.get(partition, ()):
                _produce(producer, output)
            for key, value in batch.states.get(partition, {}).items():
                producer.produce(CASE_STATES, value, key.encode(), partition, on_delivery=note)
            producer.commit_transaction(PATIENCE_S)
            producer.poll(0)
        return max(offsets, default=None)


def _produce(producer: Any, output: Output) -> None:
    producer.produce(output.topic, output.value, output.key, output.partition, headers=output.headers)


@contextmanager
def _telling_fences(partition: int) -> Iterator[None]:
    try:
        yield
    except KafkaException as problem:
        error = problem.args[0]
        if error.code() in _FENCED:
            log.warning("fenced", partition=partition)
            raise FencedError(f"partition {partition} has another owner") from None
        raise DeliveryFailedError(f"partition {partition}: {error.name()}") from None
