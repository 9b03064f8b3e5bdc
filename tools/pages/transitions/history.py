"""A made-up history: each step goes through acceptance and the core, as if the log had brought it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from exchange.domain.fold import fold
from exchange.domain.grants import RECOVERY, WITHDRAWN
from exchange.domain.policy import Policy
from exchange.domain.values import CaseState, Position, Task
from exchange.domain.views import Announcement, Case
from exchange.runtime.city import City
from tools.pages.transitions.following import follow
from tools.pages.transitions.records import CERTIFIED, LIVING, NAME, NUMBER, OF_THE_LIVING, RecordPlan
from tools.pages.transitions.steps import GivenRecord, Roles, TransitionStep
from verification.acceptance import Accepted, accept
from verification.times import instant_text


class ImpossibleStepError(Exception):
    """What the step is about does not exist in this history."""


class RefusedStepError(Exception):
    """Acceptance refuses what was made up: no history may go on without it."""


@dataclass(frozen=True, slots=True)
class History:
    """What has happened so far; a step makes another history of it and leaves it as it is.

    Attributes:
        person: The number of the person whom the history is about; it is also the id of the case.
        cases: By case id, those of this person and of anybody else under whom a record was filed.
        roles: What was published and not revoked, by the name that its step gave it.
        heard: What departments were told about the person before the last step.
        case: The person's, as it follows from the last step.
        announcements: What the last step has let departments know about the person.
        tasks: What the last step has changed in what is owed to the person's case.
    """

    plan: RecordPlan
    policy: Policy
    person: str = NUMBER
    now: datetime = LIVING
    steps: int = 0
    cases: Mapping[str, CaseState] = field(default_factory=dict)
    roles: Roles = field(default_factory=dict)
    heard: tuple[Announcement, ...] = ()
    case: Case | None = None
    announcements: tuple[Announcement, ...] = ()
    tasks: tuple[Task, ...] = ()

    def after(self, step: TransitionStep) -> "History":
        """Return the history with one more step.

        Raises:
            ImpossibleStepError: the step cannot be taken.
            RefusedStepError: what was made up for it is not accepted.
        """
        now = self._due() if step.action == "DUE" else self.now + step.after
        if step.made_as not in OF_THE_LIVING:
            now = max(now, CERTIFIED)
        heard = self.heard + self.announcements
        begun = replace(self, now=now, steps=self.steps + 1, heard=heard, announcements=(), tasks=())
        if step.action in {"PASSED", "DUE"}:
            return _followed(begun, replace(self.cases[self.person]))
        return _published(begun, step)

    def _due(self) -> datetime:
        """Return when a running limit next has something to say, to the next second."""
        state = self.cases.get(self.person)
        moments = [one.next_at for one in state.deadlines if one.next_at] if state else []
        if not moments:
            raise ImpossibleStepError("no limit runs")
        return datetime.fromisoformat(min(moments)) + timedelta(seconds=1)


def _published(history: History, step: TransitionStep) -> History:
    """Let one record be taken, and follow what follows."""
    record_type, raw = _record(history, step)
    content, taken_at = orjson.dumps(raw), history.now.astimezone(UTC)
    accepted = _accepted(record_type, content, taken_at, history.plan.city)
    key = accepted.record.id_number or ""
    state = history.cases.get(key, CaseState(key))
    position = Position(f"records.{record_type}", 0, history.steps)
    folded = fold(state, accepted, position, instant_text(history.now.astimezone(UTC)))
    roles = {name: one for name, one in history.roles.items() if name != step.role}
    if step.action != "REVOKED":
        roles[step.role] = (record_type, raw)
    return _followed(replace(history, roles=roles), folded.state)


def _record(history: History, step: TransitionStep) -> GivenRecord:
    """Make the record of a step as its department would hand it in."""
    try:
        made = history.plan.records[step.made_as] if step.made_as else history.roles[step.role]
        before = history.roles[step.role][1] if step.action != "ISSUED" else {}
        said = {name: v(history.roles) if callable(v) else v for name, v in step.fields.items()}
    except KeyError as missing:
        raise ImpossibleStepError(f"there is no {missing}") from None
    record: dict[str, Any] = {"id_number": history.person, "name": NAME, **before, **made[1], **said}
    record |= {
        "record_id": str(uuid5(NAMESPACE_URL, f"{history.steps}/{step.role}")),
        "recorded_at": history.now.isoformat(),
        "action": step.action,
    }
    if before:
        record |= {"supersedes": before["record_id"], "revision": before.get("revision", 1) + 1}
    return made[0], {name: value for name, value in record.items() if value is not None}


@lru_cache(maxsize=4096)
def _accepted(record_type: str, content: bytes, taken_at: datetime, city: City) -> Accepted:
    """Let acceptance judge a record; several matters' lives have most records in common."""
    raw = orjson.loads(content)
    owner = city.catalogue.owner_of(record_type) or raw["department"]
    rules = city.policy.acceptance
    verdict = accept(record_type, raw, owner=owner, rules=rules, taken_at=taken_at)
    if not isinstance(verdict, Accepted):
        raise RefusedStepError(f"{record_type}: {', '.join(one.code for one in verdict.reasons)}")
    return verdict


def _followed(history: History, changed: CaseState) -> History:
    """Return the history with all that follows from a change."""
    cases, found = follow(history.cases, changed, history.policy, instant_text(history.now.astimezone(UTC)))
    own = [one for one in found if one.state.case_id == history.person]
    told = tuple(announcement for one in own for announcement in one.announcements)
    return replace(
        history,
        cases=cases,
        roles={**history.roles, **_withdrawal(told)},
        case=own[-1].case if own else history.case,
        announcements=told,
        tasks=tuple(task for one in own for task in one.tasks),
    )


def _withdrawal(told: Sequence[Announcement]) -> Roles:
    """Return what was last taken back, in the form in which a department may acknowledge it."""
    taken_back = [one for one in told if one.transition in {WITHDRAWN, RECOVERY}]
    if not taken_back:
        return {}
    last = taken_back[-1]
    return {"withdrawal": ("announcement", {"record_id": last.id, "department": last.department})}
