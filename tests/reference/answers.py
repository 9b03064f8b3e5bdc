"""Whose application each word of a department answers: a desk on which they lie, moment by moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from verification.records import Record

OPEN = "open"
COMPLETED, REJECTED, RETURNED = "COMPLETED", "REJECTED", "RETURNED"


@dataclass
class Desk:
    """What lies on it.

    Attributes:
        state: id of each application → open, or what was said of it last.
        late: applications that came when the matter was completed.
        answer: id of each application → the last result that answers it.
        moving: ids of the results that are about the matter itself, and not about one of several.
        done: whether the matter is completed.
    """

    state: dict[str, str] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    answer: dict[str, Record] = field(default_factory=dict)
    moving: set[str] = field(default_factory=set)
    done: bool = False

    def hand_in(self, name: str, again: bool) -> None:
        """An application is handed in, or amended."""
        if not again and self.done:
            self.late.add(name)
        if not again or self.state.get(name) == REJECTED:
            self.state[name] = OPEN

    def answered(self, result: Record, named: Sequence[str]) -> None:
        """A department has said something."""
        waiting = [name for name, state in self.state.items() if state not in (COMPLETED, REJECTED)]
        in_time = [name for name in self.state if name not in self.late]
        among = [name for name in waiting if name in in_time] or in_time
        whose = named if result.facts.get("application") else among
        if not named or (not self.done and set(waiting) <= set(named)):
            self.moving.add(result.record_id)
            self.done = self.done or result.facts["outcome"] == COMPLETED
        for name in whose:
            self.answer[name] = result
            if result.facts["outcome"] != RETURNED:
                self.state[name] = str(result.facts["outcome"])


def desk_of(
    results: Iterable[Record],
    applications: Iterable[Record],
    revisions: Mapping[str, Sequence[Record]],
) -> Desk:
    """The desk of one matter, with what counts of applications and results.

    `revisions`: the id of a record → its document, in order.
    """
    applications = list(applications)
    events: list[tuple[tuple[Any, ...], Any]] = []
    for one in applications:
        for number, record in enumerate(revisions.get(one.record_id, [one])):
            events.append(((record.recorded_at, 0, one.record_id), ("apply", one.record_id, number > 0)))
    for result in results:
        about = result.facts.get("application")
        named = [one.record_id for one in applications if about in _names(one, revisions)]
        at = revisions.get(result.record_id, [result])[0].recorded_at
        events.append(((at, 1, result.record_id), ("answer", result, named)))
    desk = Desk()
    for _, (what, one, more) in sorted(events, key=itemgetter(0)):
        if what == "apply":
            desk.hand_in(one, more)
        else:
            desk.answered(one, more)
    return desk


def _names(application: Record, revisions: Mapping[str, Sequence[Record]]) -> list[str]:
    return [one.record_id for one in revisions.get(application.record_id, [application])]
