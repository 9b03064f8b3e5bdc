"""What the portal is told of a case: which matters have moved on, and to where. Pure; nothing of the person.

Shape of a notice: {type, timestamp, data: {case_id, forwards_to, changed: [{matter, situation, state} …]}}.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal, TypedDict

from avro_schemas.typed_documents import CaseDocument
from consumers.family.progress import MatterProgress, progress_of
from exchange.domain.policy import Policy
from exchange.domain.policy_files.family import Audience, FamilyPolicy
from topics.labels import Labels
from verification.times import calendar_date

LABELS: Final = Labels(__file__)

TYPE: Final = "case.progress_changed"
# In code, not in the policy: widening what applicants see must not widen what leaves the exchange.
PORTAL: Final = Audience(
    audience="portal", term=LABELS["portal"].zh, may_see=(), source="assumed: a notice holds progress alone"
)
_FORWARDS: Final = "forwards_to"
_SEEN: Final[tuple[Literal["state", "situation", "since", "due", "waits_for", "owed_materials"], ...]] = (
    "state",
    "situation",
    "since",
    "due",
    "waits_for",
    "owed_materials",
)
_DIGITS: Final = 16

Digests = Mapping[str, str]
"""Matter → digest of all that a family sees of it; also `forwards_to` → the case that this one is now."""


class MatterNotice(TypedDict):
    """How a matter stands, without saying why; for matter 10, without saying whose account it is about."""

    matter: int
    situation: str | None
    state: str


class NoticeData(TypedDict):
    """Which case has moved on, and in which matters."""

    case_id: str
    forwards_to: str | None
    changed: list[MatterNotice]


class Notice(TypedDict):
    """What the portal is sent."""

    type: str
    timestamp: str
    data: NoticeData


@dataclass(frozen=True, slots=True)
class PortalView:
    """Where a case stands, as far as the portal is told.

    Attributes:
        at: when the log took it.
        begun: whether a family may ask: a death is established, or somebody has applied; and not everything
            known is loaded history.
        entries: matter → its situations and states; for matter 10 there may be several, one for each bank.
        states: matter → its state, also if that is not told (any more), as when the matter does not arise.
    """

    case_id: str
    at: datetime
    begun: bool
    forwards_to: str | None
    digests: Digests
    entries: Mapping[int, tuple[MatterNotice, ...]]
    states: Mapping[int, str]


def standing_of(document: CaseDocument, at: datetime, policy: FamilyPolicy, rules: Policy) -> PortalView:
    """Return where a case stands, from its document as ``exchange.events.Case``."""
    view = progress_of(document, None, PORTAL, policy, rules, calendar_date(at))
    told: dict[int, list[MatterProgress]] = {}
    for one in view["matters"]:
        told.setdefault(one["matter"], []).append(one)
    forwards_to = document["forwards_to"]
    return PortalView(
        case_id=document["case_id"],
        at=at,
        begun=bool(document["death_established"] or document["applications"])
        and not all(one["backfill"] for one in document["records"]),
        forwards_to=forwards_to,
        digests={
            **{str(number): _digest(seen) for number, seen in told.items()},
            **({_FORWARDS: forwards_to} if forwards_to else {}),
        },
        entries={number: _entries(number, seen) for number, seen in told.items()},
        states={one["matter"]: one["state"] for one in document["matters"]},
    )


def notice_of(now: PortalView, before: Digests | None) -> Notice | None:
    """Return what the portal is told; None if the family sees nothing new, or cannot ask yet.

    Args:
        now: the case.
        before: its digests when it was last looked at; None if it never was.
    """
    if (before is None and not now.begun) or now.digests == (before or {}):
        return None
    known = before or {}
    numbers = {int(name) for name in {*known, *now.digests} - {_FORWARDS}}
    changed = sorted(number for number in numbers if known.get(str(number)) != now.digests.get(str(number)))
    return {
        "type": TYPE,
        "timestamp": now.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {
            "case_id": now.case_id,
            "forwards_to": now.forwards_to,
            "changed": [entry for number in changed for entry in now.entries.get(number, _gone(now, number))],
        },
    }


def body_of(notice: Notice) -> str:
    """Return a notice as it is sent, and as it is signed: both to the last byte."""
    return json.dumps(notice, ensure_ascii=False, separators=(",", ":"))


def _digest(seen: list[MatterProgress]) -> str:
    # Sorted: which bank is meant is not told, so two that change places are no news.
    lines = sorted(json.dumps([one[name] for name in _SEEN], default=str, sort_keys=True) for one in seen)
    return sha256(json.dumps(lines).encode()).hexdigest()[:_DIGITS]


def _entries(number: int, seen: list[MatterProgress]) -> tuple[MatterNotice, ...]:
    places = dict.fromkeys((one["situation"], one["state"]) for one in seen)
    return tuple({"matter": number, "situation": situation, "state": state} for situation, state in places)


def _gone(now: PortalView, number: int) -> tuple[MatterNotice, ...]:
    state = now.states.get(number, "NOT_APPLICABLE")
    return ({"matter": number, "situation": None, "state": state},)
