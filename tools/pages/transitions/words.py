"""What a cell says in few words: the new state, what was told on the way, what is owed."""

from collections.abc import Iterator, Mapping
from typing import Final

from exchange.domain.matters.views import MatterView
from exchange.domain.views import Announcement
from tools.pages.transitions.cells import TransitionCell
from tools.pages.transitions.records import RecordPlan

TASKS: Final[Mapping[str, str]] = {
    "ACKNOWLEDGE": "ack",
    "RECOVER": "recover",
    "DECIDE": "decide",
    "RESOLVE_CONFLICT": "resolve",
    "IDENTIFY_PERSON": "identify",
    "REVIEW_DECISION": "review",
}
MARKS: Final[Mapping[str, str]] = {"OPEN": "+", "DONE": "−", "LATE": "!"}
TOLD, CORRECTION = "»", "*"
_SHORT: Final = {"death_certificate": "death", "inheritance_document": "deed"}


def cell_text(cell: TransitionCell) -> str:
    """Return what the event has done; empty if nothing."""
    return " ".join((*_state(cell), *_owed(cell)))


def _state(cell: TransitionCell) -> Iterator[str]:
    was, now = cell.states
    waits = _waits(cell.now, cell.after.plan)
    other_waits = now == "WAITING" and waits != _waits(cell.was, cell.before.plan)
    if now == was and not other_waits and not cell.announcements:
        return
    yield now
    if other_waits and waits:
        yield f"({', '.join(waits)})"
    told = [_told(one, cell.now) for one in cell.announcements]
    if told:
        yield TOLD if told == [now] else f"{TOLD} {', '.join(told)}"


def _waits(view: MatterView, plan: RecordPlan) -> tuple[str, ...]:
    """Return what the matter waits for; the record that decides is ``data``, whatever its type."""
    return tuple(_waited_for(one.prerequisite, plan) for one in view.waiting_for)


def _waited_for(prerequisite: str, plan: RecordPlan) -> str:
    deciding = plan.records.get("deciding", ("", {}))[0]
    if prerequisite == deciding or (deciding == "notary" and prerequisite == "inheritance_document"):
        return "data"
    return _SHORT.get(prerequisite, prerequisite)


def _told(one: Announcement, view: MatterView) -> str:
    """Name the department, too, where it is not the one that decides the matter now."""
    whom = "" if one.department == view.department else f" to {one.department}"
    return f"{one.transition}{CORRECTION if one.correction else ''}{whom}"


def _owed(cell: TransitionCell) -> Iterator[str]:
    for state, mark in MARKS.items():
        for kind, short in TASKS.items():
            if any((task.kind, task.state) == (kind, state) for task in cell.tasks):
                yield f"{mark}{short}"
