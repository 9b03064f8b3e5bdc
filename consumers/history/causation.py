"""Which message of the log brought about what departments were told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from avro_schemas.typed_documents import AnnouncementDocument, TaskDocument
from consumers.history.published import PublishedOutputs
from exchange.domain.grants import REMINDERS


class Cause(Protocol):
    """A message with when the log took it, and the announcements to which it leads when folded again."""

    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def announced(self) -> frozenset[str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class CausedOutputs:
    """Announcements and tasks that came together."""

    announcements: list[AnnouncementDocument] = field(default_factory=list)
    tasks: list[TaskDocument] = field(default_factory=list)


def sorted_by_cause(
    causes: Sequence[Cause], published: PublishedOutputs
) -> tuple[Mapping[int, CausedOutputs], Mapping[datetime, CausedOutputs]]:
    """Return, by each cause's number, what it led to, and by their time the outputs that none of them led to.

    An announcement's cause is the one that leads to the same announcement when the case is folded again in
    the order of the log: the join may have read two topics the other way round. If there is none, it is the
    one whose time the announcement bears, and the last of several at one moment. What time brings about is
    told at its time: without the ticks of the clock a later message would be the first to lead to it.
    """
    by_cause: dict[int, CausedOutputs] = defaultdict(CausedOutputs)
    alone: dict[datetime, CausedOutputs] = defaultdict(CausedOutputs)
    at_once = {cause.at: number for number, cause in enumerate(causes)}
    announced_by: dict[str, int] = {}
    for one in published.announcements:
        number = _cause_of(one, causes, at_once)
        (alone[one["at"]] if number is None else by_cause[number]).announcements.append(one)
        if number is not None:
            announced_by[one["id"]] = number
    for task in published.tasks:
        opened_by = announced_by.get(task["subject"]) if task["state"] == "OPEN" else None
        number = at_once.get(task["at"]) if opened_by is None else opened_by
        (alone[task["at"]] if number is None else by_cause[number]).tasks.append(task)
    return by_cause, alone


def _cause_of(
    announcement: AnnouncementDocument, causes: Sequence[Cause], at_once: Mapping[datetime, int]
) -> int | None:
    led = [number for number, cause in enumerate(causes) if announcement["id"] in cause.announced]
    in_time = [number for number in led if causes[number].at == announcement["at"]]
    found = in_time or ([] if announcement["transition"] in REMINDERS else led)
    return found[-1] if found else at_once.get(announcement["at"])
