"""Rules of one line, for tests of what is around the rules; and a place where a thread can be held."""

from collections.abc import Sequence
from threading import Event
from typing import Final, NamedTuple

from exchange.folding.errors import ReadAgainError
from exchange.folding.work import Batch, States
from tests.made_log import Message
from tests.waiting import PATIENCE_S

CASE: Final = "wanted/case"
"""A key under which a store takes any bytes."""
FAILS: Final = b"fails"
READ_AGAIN: Final = b"read again"


class Stop(NamedTuple):
    """A place at which somebody waits: until it was reached, and until one may go on from there."""

    reached: Event
    left: Event

    def pass_by(self) -> None:
        """Say that it is reached, and wait to be let go."""
        self.reached.set()
        assert self.left.wait(PATIENCE_S)


def new_stop() -> Stop:
    """A place that nobody has reached."""
    return Stop(Event(), Event())


class SmallRules:
    """Stands in for the step: a partition has one case, which is the values that came, in their order."""

    def __init__(self, told: list[str]) -> None:
        self.told = told

    def run(self, records: Sequence[Message], states: States) -> Batch:
        """Add values to the cases."""
        self.told.append(f"fold {' '.join((record.value() or b'').decode() for record in records)}")
        batch = Batch(ends=[(record.topic(), record.value() == FAILS) for record in records])
        for record in records:
            value, partition = record.value() or b"", record.partition()
            if value == READ_AGAIN:
                raise ReadAgainError
            mine = batch.states.setdefault(partition, {})
            mine[CASE] = (mine.get(CASE) or states.load(partition, [CASE]).get(CASE, b"")) + value
        return batch
