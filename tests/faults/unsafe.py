"""A worker with one safeguard taken out, to see that the suite notices: `python -m tests.faults.unsafe …`.

    python -m tests.faults.unsafe SAFEGUARD TROUBLE HOME NAME

SAFEGUARD is what is taken out, or `none`; TROUBLE is what the worker does to itself once, between the fold
and the writing of a batch: `stops` (SIGSTOP, until somebody lets it go on), `dies` (SIGKILL); or behind the
writing: `dies_late`.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any, Final

from exchange.domain.fold import Folded
from exchange.folding import step as step_module
from exchange.folding.work import Batch
from exchange.runtime.join import batches, delivery, worker
from exchange.runtime.join.faust_batches import BatchConsumer
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.settings import load_settings
from tests.waiting import PATIENCE_S
from topics.catalogue import CASE_STATES

MANY: Final = 20
"""Among so many records of a batch some are accepted: one that is a duplicate, or refused, shows no fault."""
ENOUGH: Final = 600
"""Where batches stay small, the trouble comes once so many records were taken."""


class UnfencedDelivery(delivery.Delivery):
    """Writes as anybody may, whoever the partition belongs to by now."""

    def own(self, partitions: Any) -> None:
        """Own nothing in particular."""
        del partitions
        self._plain = make_producer(self._kafka, {"linger.ms": 1})

    def write(self, batch: Batch) -> dict[int, int]:
        """Write everything, and say where the last states stand."""
        ends: dict[int, int] = {}
        for output in batch.outputs:
            self._plain.produce(
                output.topic, output.value, output.key, output.partition, headers=output.headers
            )
        for partition, states in batch.states.items():
            for key, value in states.items():
                note = self._noting(ends)
                self._plain.produce(CASE_STATES, value, key.encode(), partition, on_delivery=note)
        self._plain.flush()
        return ends

    @staticmethod
    def _noting(ends: dict[int, int]) -> Callable[[Any, Any], None]:
        return lambda _error, message: ends.update({message.partition(): message.offset()})


def without_fence() -> None:
    """Take out the transactions."""
    worker.Delivery = UnfencedDelivery  # type: ignore[misc]


def without_order() -> None:
    """Let offsets be committed before what they stand for has taken effect."""
    fetches = batches.Runner._fetches

    def first_commit(self: batches.Runner, timeout_s: float) -> Iterator[list[Any]]:
        for records in fetches(self, timeout_s):
            self.done.update({(one.topic(), one.partition()): one.offset() + 1 for one in records})
            yield records

    batches.Runner._fetches = first_commit  # type: ignore[method-assign]


def without_memory() -> None:
    """Let the fold not know a record again by its place in the log."""
    fold = step_module.fold

    def forgetful(state: Any, accepted: Any, position: Any, *rest: Any) -> Folded:
        known = any(one.position == position for one in state.taken)
        return Folded(state, "DUPLICATE") if known else fold(state, accepted, position, *rest)

    step_module.fold = forgetful  # type: ignore[assignment]


SAFEGUARDS: Final = {
    "none": lambda: None,
    "fence": without_fence,
    "order": without_order,
    "memory": without_memory,
}


def stops() -> None:
    """Stand still until somebody lets this process go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


def dies() -> None:
    """Let Faust commit what it may, once from here on, and die without a word."""
    commit, committed = BatchConsumer.commit, Event()

    async def noted(self: BatchConsumer, *given: Any, **named: Any) -> Any:
        done = await commit(self, *given, **named)
        committed.set()
        return done

    BatchConsumer.commit = noted
    assert committed.wait(PATIENCE_S)
    os.kill(os.getpid(), signal.SIGKILL)


def late_dies() -> None:
    """Die without a word, when everything is written and nothing is committed."""
    os.kill(os.getpid(), signal.SIGKILL)


TROUBLES: Final = {"stops": (stops, True), "dies": (dies, True), "dies_late": (late_dies, False)}


def in_trouble(do: Callable[[], None], before_writing: bool) -> None:
    """Do it once, in the first large batch, before or after it is written."""
    write, taken, done = worker.Delivery.write, 0, False

    def write_in_trouble(self: delivery.Delivery, batch: Batch) -> dict[int, int]:
        nonlocal taken, done
        taken += len(batch.ends)
        now = not done and (len(batch.ends) >= MANY or taken >= ENOUGH)
        done = done or now
        if now and before_writing:
            do()
        ends = write(self, batch)
        if now and not before_writing:
            do()
        return ends

    worker.Delivery.write = write_in_trouble  # type: ignore[method-assign]


def main() -> None:
    """Run the worker."""
    safeguard, trouble, home, name = sys.argv[1:]
    SAFEGUARDS[safeguard]()
    if trouble in TROUBLES:
        in_trouble(*TROUBLES[trouble])
    worker.run(load_settings(Path(home), "joiner"), name)


if __name__ == "__main__":
    main()
