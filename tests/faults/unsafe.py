"""A worker with one safeguard taken out, to see that the suite notices: `python -m tests.faults.unsafe …`.

    python -m tests.faults.unsafe SAFEGUARD TROUBLE HOME NAME

SAFEGUARD is what is taken out, or `none`; TROUBLE is what the worker does to itself once, between the fold
and the writing of a batch: `stops` (SIGSTOP, until somebody lets it go on), `dies` (SIGKILL); or behind the
writing: `dies_late`.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from exchange.domain.fold import Folded
from exchange.folding import step as step_module
from exchange.folding.work import Batch
from exchange.runtime.join import batches, delivery, worker
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.settings import load_settings
from topics.catalogue import CASE_STATES

MANY: Final = 20
"""Among so many records of a batch some are accepted: one that is a duplicate, or refused, shows no fault."""
ENOUGH: Final = 600
"""Where batches stay small, the trouble comes once so many records were taken."""
COMMITTED_S: Final = 4.0
"""Longer than offsets wait to be committed."""


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

    def run_first_commit(self: batches.Runner, timeout_s: float) -> Mapping[tuple[str, int], int]:
        self._beat()
        records = self._feed.fetch(timeout_s)
        done = {(record.topic(), record.partition()): record.offset() + 1 for record in records}
        self.done.update(done)
        if records:
            self._join.run(records)
        return done

    batches.Runner._fetch_and_run = run_first_commit  # type: ignore[method-assign, assignment]


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
    """Give Faust the time to commit what it may, and die without a word."""
    time.sleep(COMMITTED_S)
    os.kill(os.getpid(), signal.SIGKILL)


def late_dies() -> None:
    """Die without a word, when everything is written and nothing is committed."""
    os.kill(os.getpid(), signal.SIGKILL)


TROUBLES: Final = {"stops": (stops, True), "dies": (dies, True), "dies_late": (late_dies, False)}


def in_trouble(do: Callable[[], None], before_writing: bool) -> None:
    """Do it once, in the first large batch, before or after it is written."""
    write, taken, done = batches.Join.run, 0, False

    def run(self: batches.Join, records: list[Any]) -> None:
        nonlocal taken, done
        taken += len(records)
        now = not done and (len(records) >= MANY or taken >= ENOUGH)
        done = done or now
        if now and before_writing:
            fold = self._step.run

            def fold_then(*given: Any) -> Batch:
                batch = fold(*given)
                do()
                return batch

            object.__setattr__(self._step, "run", fold_then)
            write(self, records)
            object.__delattr__(self._step, "run")
            return
        write(self, records)
        if now:
            do()

    batches.Join.run = run  # type: ignore[method-assign]


def main() -> None:
    """Run the worker."""
    safeguard, trouble, home, name = sys.argv[1:]
    SAFEGUARDS[safeguard]()
    if trouble in TROUBLES:
        in_trouble(*TROUBLES[trouble])
    worker.run(load_settings(Path(home)), name)


if __name__ == "__main__":
    main()
