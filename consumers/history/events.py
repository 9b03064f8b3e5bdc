"""A case's history: what the log took, what that changed, and who was told.

What a message changed is worked out by folding the case again; receipts, announcements and tasks are those
that the log holds, since that is what departments were told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypedDict, cast

from avro_schemas.typed_documents import (
    ActionSymbol,
    AnnouncementDocument,
    ChannelSymbol,
    OutcomeSymbol,
    ReceiptDocument,
    TaskDocument,
)
from consumers.history.causation import CausedOutputs, sorted_by_cause
from consumers.history.changes import CaseChange, changes, masked_changes
from consumers.history.effects import Effect
from consumers.history.published import PublishedOutputs
from consumers.privacy.masking import masked_fields, masked_text
from exchange.domain.policy import Policy
from exchange.folding.errors import SerdeError
from exchange.folding.messages import Decode, LogRecord
from exchange.folding.step import Step
from topics.catalogue import MOVES, RECORDS, Topic

SHOWN: Final = (
    *("record_id", "action", "revision", "supersedes", "department", "recorded_at", "county", "backfill"),
    *(
        "kind",
        "matter",
        "instance",
        "in_favour_of",
        "handler",
        "reason",
        "outcome",
        "amount_fen",
        "document_no",
        "announcement_id",
    ),
    *("channel", "matters"),
)
"""The fields of a record that say what it is and does, and nothing of the person."""


WRITTEN: Final[tuple[Literal["reason", "handler"], ...]] = ("reason", "handler")
"""What people write in a record in their own words."""


class About(TypedDict, total=False):
    """What a message says of itself: for a record, its type and those fields in ``SHOWN`` that it has.

    For a move, ``kind`` and ``from_case_id``. For a record, the first four are always there.
    """

    type: str
    action: ActionSymbol | None
    record_id: str | None
    department: str
    revision: int
    supersedes: str | None
    recorded_at: datetime
    county: str
    backfill: bool
    kind: str | None
    matter: int
    instance: str
    in_favour_of: str
    handler: str
    reason: str
    outcome: OutcomeSymbol
    amount_fen: int
    document_no: str
    announcement_id: str
    channel: ChannelSymbol
    matters: list[int]
    from_case_id: str | None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One thing that happened to the case.

    Attributes:
        case_id: The case.
        at: When the log took what brought it about.
        kind: A department's record, another case's word, or time that passed.
        message: What brought it about; None where it is not known.
        about: For a record, its type and the fields in ``SHOWN``; for a move, its kind and where it is from.
        receipt: The answer to a record.
        changes: See ``consumers.history.changes``.
        told: The announcements that it led to.
        tasks: What it made somebody owe, or ended.
        corrects: The id of the revocation that this new issue turns into a correction.
        corrected_by: The id of the new issue that turns this revocation into a correction.
    """

    case_id: str
    at: datetime
    kind: Literal["record", "move", "time"]
    message: LogRecord | None = None
    about: About = field(default_factory=About)
    receipt: ReceiptDocument | None = None
    changes: tuple[CaseChange, ...] = ()
    told: tuple[AnnouncementDocument, ...] = ()
    tasks: tuple[TaskDocument, ...] = ()
    corrects: str | None = None
    corrected_by: str | None = None


def history(
    case_id: str, effects: Sequence[Effect], published: PublishedOutputs, rules: Step, window: timedelta
) -> list[CaseEvent]:
    """Return what happened, in the order of the log.

    Args:
        case_id: The case.
        effects: What each message of the log came to.
        published: What departments were told.
        rules: Read the messages again, and know their topics.
        window: Within it a new issue after a revocation is a correction.
    """
    by_cause, alone = sorted_by_cause(effects, published)
    events = []
    for number, effect in enumerate(effects):
        told = by_cause.get(number, CausedOutputs())
        event = _event(case_id, effect, published, rules)
        events.append(replace(event, told=tuple(told.announcements), tasks=tuple(told.tasks)))
    for at, told in alone.items():
        events.append(CaseEvent(case_id, at, "time", told=tuple(told.announcements), tasks=tuple(told.tasks)))
    happened = [one for one in events if one.kind == "record" or one.changes or one.told or one.tasks]
    return with_corrections(sorted(happened, key=lambda event: event.at), window)


def masked_event(event: CaseEvent, policy: Policy) -> CaseEvent:
    """Return the event with every sensitive value masked, as well as long numbers in what somebody wrote."""
    about: About = {**event.about}
    for name in WRITTEN:
        if said := about.get(name):
            about[name] = masked_text(said)
    told: list[AnnouncementDocument] = [
        {**one, "draft": masked_fields(one["draft"], policy)} for one in event.told
    ]
    return replace(event, changes=tuple(masked_changes(event.changes, policy)), told=tuple(told), about=about)


def with_corrections(events: list[CaseEvent], window: timedelta) -> list[CaseEvent]:
    """Return the events, marking each new issue that follows a revocation so soon that it corrects it."""
    found = list(events)
    corrected = {one.about.get("record_id"): one.about.get("supersedes") for one in events}
    for number, event in enumerate(found):
        if event.kind != "record" or not _is_taken(event, "ISSUED"):
            continue
        for earlier in reversed(range(number)):
            former = found[earlier]
            if _is_corrected_by(former, event, window) and not _is_end_of(former, event, corrected):
                found[earlier] = replace(former, corrected_by=event.about["record_id"])
                found[number] = replace(event, corrects=former.about["record_id"])
                break
    return found


def _is_corrected_by(former: CaseEvent, event: CaseEvent, window: timedelta) -> bool:
    return (
        former.kind == "record"
        and former.corrected_by is None
        and _is_taken(former, "REVOKED")
        and former.about["type"] == event.about["type"]
        and former.about["department"] == event.about["department"]
        and timedelta(0) <= event.at - former.at <= window
    )


def _is_end_of(former: CaseEvent, event: CaseEvent, corrected: Mapping[str | None, str | None]) -> bool:
    """Say whether a revocation is of this very document: a late original replaces nothing."""
    seen: set[str] = set()
    at = former.about["supersedes"]
    while at is not None and at not in seen and at != event.about["record_id"]:
        seen.add(at)
        at = corrected.get(at)
    return bool(at == event.about["record_id"])


def _is_taken(event: CaseEvent, action: str) -> bool:
    status = event.receipt["status"] if event.receipt else ""
    return event.about.get("action") == action and status in {"ACCEPTED", "HELD"}


def _event(case_id: str, effect: Effect, published: PublishedOutputs, rules: Step) -> CaseEvent:
    message = effect.message
    topic = rules.catalogue.by_name[message.topic()]
    return CaseEvent(
        case_id,
        effect.at,
        "record" if topic.kind == RECORDS else "move",
        message,
        about_of(message, topic, rules.decode),
        published.receipts.get(place_of(message), effect.receipt),
        () if effect.after is effect.before else tuple(changes(effect.before, effect.after)),
    )


def place_of(message: LogRecord) -> str:
    """Return a message's place in the log as one word; for a record it is the receipt's id."""
    return f"{message.topic()}/{message.partition()}/{message.offset()}"


def about_of(message: LogRecord, topic: Topic, decode: Decode) -> About:
    """Return what a message says of itself, for a record the fields in ``SHOWN``: nothing of the person."""
    try:
        content: Mapping[str, Any] = decode(topic.name, message.value())
    except SerdeError:
        content = {}
    if topic.name == MOVES:
        return {"kind": content.get("kind"), "from_case_id": content.get("from_case_id")}
    shown = {name: content[name] for name in SHOWN if content.get(name) is not None}
    whole = {"type": topic.schema, "action": None, "record_id": None, "department": topic.owner, **shown}
    return cast(About, whole)
