"""What the join counts: once for each batch, so that counting costs next to nothing beside the rules.

Labels are codes and departments; nothing is counted by a record's place or its case.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import prometheus_client

from exchange.folding.work import UNDECODABLE, Batch
from exchange.runtime import metrics
from exchange.runtime.home import Home
from exchange.runtime.monitor import Monitor, note_stop
from topics.catalogue import Catalogue
from verification.reasons import catalogue as reasons

REFUSED: Final = frozenset({"REJECTED", UNDECODABLE})
CAUSES: Final[Mapping[str, str]] = {
    # The error that ends the worker → the cause as it is counted; `metrics.STOP_CAUSES` has them all.
    "FencedError": "fenced",
    "DeliveryFailedError": "undelivered",
    "TooManyFailuresError": "rules_fail",
}


class Meters:
    """The join's part of a monitor; every method is called by the one thread that folds batches."""

    def __init__(self, monitor: Monitor, home: Home, topics: Catalogue) -> None:
        self._monitor = monitor
        self._home = home
        self._types = {topic.name: topics.type_of(topic.name) for topic in topics.records}
        registry = monitor.registry
        self._records = metrics.RECORDS.counter(registry)
        self._reasons = metrics.REASONS.counter(registry)
        self._quarantined = metrics.QUARANTINED.counter(registry)
        self._announcements = metrics.ANNOUNCEMENTS.counter(registry)
        self._outcome_s = metrics.OUTCOME_SECONDS.histogram(registry)
        self._announced_s = metrics.ANNOUNCED_SECONDS.histogram(registry)
        self._batch_size = metrics.BATCH_SIZE.histogram(registry)
        self._batch_s = metrics.BATCH_SECONDS.histogram(registry)
        self._to_restore = metrics.TO_RESTORE.gauge(registry)
        for code in reasons():
            self._reasons.labels(code)  # begins at 0: the first count would not show as an increase

    def beat(self) -> None:
        """Note that the loop moves."""
        self._monitor.beat()

    def takes_over(self) -> None:
        """Note that partitions are being taken over: no record is taken meanwhile."""
        self._monitor.beat()
        self._monitor.not_ready("takes_over_partitions")

    def restores(self, left: int) -> None:
        """Note how many messages of the changelog are still to be read."""
        self._to_restore.set(left)
        self._monitor.beat()
        if left:
            self._monitor.not_ready("restoring", left=left)

    def batch_done(self, batch: Batch, messages: int, seconds: float, at: float) -> None:
        """Count what a batch came to, once the brokers have all of it: since ``at``, in UNIX time."""
        self._batch_size.observe(messages)
        self._batch_s.observe(seconds)
        answers = [one for one in batch.answers if one.topic in self._types]
        for answer in answers:
            self._outcome_s.observe(max(0.0, at - answer.taken_at.timestamp()))
        for told in batch.announced:
            self._announced_s.observe(max(0.0, at - told.taken_at.timestamp()))
        _count(self._records, ((self._types[one.topic], one.outcome) for one in answers))
        _count(self._reasons, ((code,) for one in batch.answers for code in one.codes))
        _count(self._quarantined, ((one.owner,) for one in batch.answers if one.outcome in REFUSED))
        _count(self._announcements, ((told.department,) for told in batch.announced))

    @contextmanager
    def noting_stops(self) -> Iterator[None]:
        """Note why the worker stops, in a place that outlives it."""
        try:
            yield
        except Exception as problem:
            note_stop(self._home, self._monitor.part, CAUSES.get(type(problem).__name__, "other"))
            raise


def _count(counter: prometheus_client.Counter, labels: Iterable[tuple[str, ...]]) -> None:
    for values, count in Counter(labels).items():
        counter.labels(*values).inc(count)
