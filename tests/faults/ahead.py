"""A worker to which something happens while a batch is in flight and the next one is folded on top of it.

    python -m tests.faults.ahead TROUBLE MOMENT BROKER HOME NAME

TROUBLE is what happens, once: `dies` (SIGKILL), `stops` (SIGSTOP, until somebody lets it go on), `fenced`
(another takes its ids), `away` (the broker, a process of that number, is stopped, until somebody lets it go
on), `away_too_long` (the same, and the worker has less patience than that); or `nothing`. MOMENT is when:
`sent` (all of the batch in flight is at the brokers, nothing is committed), or `committed` (not yet kept).
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Condition
from typing import Any, Final

from exchange.folding.step import Step
from exchange.folding.work import Batch
from exchange.runtime.join import batches, delivery, feed, worker
from exchange.runtime.settings import load_settings
from topics.catalogue import CASE_STATES, JOIN_GROUP

SMALL_BATCH: Final = 20
"""So that many batches follow one upon the other."""
ENOUGH: Final = 60
"""So many records were taken before anything happens."""
AHEAD_S: Final = 2.0
"""If no batch is folded on top within this time, since no record waits, the next transaction is tried."""
LITTLE_PATIENCE_S: Final = 3.0


class Trouble:
    """Something that happens once, when a batch is in flight and the next one is folded."""

    def __init__(self, do: Callable[[], None]) -> None:
        self._do = do
        self._taken = 0
        self._met = False
        self._folded: Batch | None = None
        self._changed = Condition()

    def folded(self, batch: Batch) -> None:
        """Note which batch was folded last."""
        with self._changed:
            self._folded = batch
            self._changed.notify_all()

    def meet(self, in_flight: Batch) -> None:
        """Let it happen, if another batch is folded on top of this one."""
        self._taken += len(in_flight.ends)
        if self._met or self._taken < ENOUGH:
            return
        with self._changed:
            self._met = self._changed.wait_for(lambda: self._folded is not in_flight, AHEAD_S)
        if self._met:
            self._do()


class MomentaryProducer:
    """A producer to which something happens when everything is at the brokers, before it commits."""

    def __init__(self, producer: Any, sent: Callable[[], None]) -> None:
        self._producer = producer
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._producer, name)

    def commit_transaction(self, _: float) -> None:
        """Commit, with what patience is left."""
        self._producer.flush(delivery.PATIENCE_S)
        self._sent()
        self._producer.commit_transaction(delivery.PATIENCE_S)


def meet_when_sent(trouble: Trouble) -> None:
    """Let it happen between sending and committing."""
    commit = delivery._commit

    def commit_in_trouble(writer: Any, partitions: Sequence[int], batch: Batch) -> dict[int, int]:
        return commit(MomentaryProducer(writer, lambda: trouble.meet(batch)), partitions, batch)

    delivery._commit = commit_in_trouble


def meet_when_committed(trouble: Trouble) -> None:
    """Let it happen when all is committed, and nothing of it kept."""
    write = delivery.Delivery.write

    def write_in_trouble(self: delivery.Delivery, batch: Batch) -> dict[int, int]:
        ends = write(self, batch)
        trouble.meet(batch)
        return ends

    delivery.Delivery.write = write_in_trouble  # type: ignore[method-assign]


MOMENTS: Final[Mapping[str, Callable[[Trouble], None]]] = {
    "sent": meet_when_sent,
    "committed": meet_when_committed,
}


def troubles(home: Path, broker: int) -> Mapping[str, Callable[[], None]]:
    """What may happen."""
    settings = load_settings(home)
    partitions = settings.city.catalogue.by_name[CASE_STATES].partitions

    def lose_patience() -> None:
        delivery.PATIENCE_S = LITTLE_PATIENCE_S  # type: ignore[misc]
        os.kill(broker, signal.SIGSTOP)

    return {
        "dies": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "stops": lambda: os.kill(os.getpid(), signal.SIGSTOP),
        "fenced": lambda: delivery.Delivery(settings.kafka, JOIN_GROUP, partitions).own(range(partitions)),
        "away": lambda: os.kill(broker, signal.SIGSTOP),
        "away_too_long": lose_patience,
        "nothing": lambda: None,
    }


def main() -> None:
    """Run the worker."""
    name_of_trouble, moment, broker, home, name = sys.argv[1:]
    feed.MAX_BATCH = SMALL_BATCH  # type: ignore[misc]
    batches.BEHIND = 1  # type: ignore[attr-defined]
    trouble = Trouble(troubles(Path(home), int(broker))[name_of_trouble])
    MOMENTS[moment](trouble)
    fold = Step.run

    def fold_and_tell(self: Step, *given: Any) -> Batch:
        batch = fold(self, *given)
        trouble.folded(batch)
        return batch

    Step.run = fold_and_tell  # type: ignore[method-assign]
    worker.run(load_settings(Path(home), "joiner"), name)


if __name__ == "__main__":
    main()
