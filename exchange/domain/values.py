"""The frozen values of the core: what has been taken of a person, and what was told of it.

``CaseState`` is all that is kept per person. A case (``exchange.domain.case``) is worked out from the records
in it, its own and those lent to it, and from nothing else, so the order in which they arrived cannot show.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Literal

from verification.records import Record
from verification.times import SHANGHAI, instant_text

ReceiptStatus = Literal["ACCEPTED", "DUPLICATE", "REJECTED", "HELD"]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the log holds a record."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        """The position as one word; it is also the record's receipt id."""
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Address:
    """A case, and the partition on which it lives."""

    case_id: str
    partition: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A record that belongs to the person, with where, when and how it was taken.

    ``taken_at`` is the log's append time (ISO instant, UTC). ``status`` is what its receipt said; it is kept
    so that a replay repeats the same receipt. ``held`` holds the codes for which the record by itself is put
    aside. ``links_to`` is the case of the number that a decision links to, if that is another than this.
    """

    record: Record
    digest: str
    position: Position
    taken_at: str
    status: ReceiptStatus
    held: tuple[str, ...] = ()
    links_to: Address | None = None


def recording(record: Record) -> tuple[str, str]:
    """Return what records are ordered by: when they were recorded, then their ids."""
    return (record.recorded_at, record.record_id)


@dataclass(frozen=True, slots=True)
class Claim:
    """One case's word that a record, wherever filed, belongs to it or does not; or the end of that word.

    Attributes:
        record_id: The record claimed.
        claimant: The case to which it belongs.
        cause: A handler's decision to link or to unlink, or a correction that was filed under another number.
        by: The id of the record that makes the claim.
        made_at: When that was recorded; of two claims the later one counts.
        stands: False once the claim is withdrawn.
        record_type: What a correction corrects; empty for a decision, which may be about any record.
        department: Whose document a correction corrects; empty for a decision.
        revision: For a correction, which revision of the document it is.
        taken_at: When the log took the record that makes the claim; empty if an older version made it.
    """

    record_id: str
    claimant: Address
    cause: Literal["linked", "unlinked", "superseded"]
    by: str
    made_at: str
    stands: bool
    record_type: str = ""
    department: str = ""
    revision: int = 0
    taken_at: str = ""


@dataclass(frozen=True, slots=True)
class Loan:
    """All that one case lends to another now; if it lends nothing, the loan has no records.

    ``linked`` holds the ids of those that a handler linked; ``id_number`` is the number that the decision
    names, for a borrower that may have no record of its own.
    """

    lender: str
    taken: tuple[Taken, ...]
    linked: tuple[str, ...] = ()
    id_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Lent:
    """What a case was last told it has on loan from this one: the ids of all records, and of the linked."""

    to: Address
    content: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An announcement that a department was sent of one matter.

    ``at`` is the log's time of its cause. ``county`` is whose people it is about, as was known then; None if
    nobody knew. ``base`` follows from what it says alone; ``announcement_id`` is
    the same, unless that was told before and something else has been told in between.
    """

    matter: int
    instance: str | None
    department: str
    transition: str
    announcement_id: str
    proofs: tuple[str, ...]
    at: str
    base: str
    county: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a limit that runs, and what its department was told about it.

    ``due`` is an ISO date; ``next_at`` is when there is more to tell (ISO instant, UTC), None if all is told.
    """

    matter: int
    instance: str | None
    department: str
    due: str
    told: Literal["", "DUE_SOON", "OVERDUE"]
    next_at: str | None


TaskKind = Literal[
    "ACKNOWLEDGE",
    "RECOVER",
    "DECIDE",
    "RESOLVE_CONFLICT",
    "IDENTIFY_PERSON",
    "REVIEW_DECISION",
    "CORRECT",
    "IDENTIFY_BANK",
    "EXAMINE",
    "HAND_OUT",
    "KEEP_APPOINTMENT",
    "ANSWER_ENQUIRY",
]


@dataclass(frozen=True, slots=True)
class Task:
    """What somebody owes the case until it is done (topic ``tasks``); instants are ISO, UTC.

    ``instance`` is the bank whose it is, ``county`` the county; None where it is no single one's.
    """

    task_id: str
    kind: TaskKind
    state: Literal["OPEN", "LATE", "DONE"]
    owed_by: str
    subject: str
    opened_at: str
    at: str
    due: str | None = None
    matter: int | None = None
    instance: str | None = None
    records: tuple[str, ...] = ()
    county: str | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """When the limit of one matter ran.

    ``spans``: each from one moment to another (ISO instants, UTC); None: it still went on.
    """

    matter: int
    instance: str | None
    spans: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """The count of a case's limits up to a moment, so that the next record is counted on from here.

    It follows from the records up to that moment. ``rests_on`` says which they were: if it still says what
    they are, the count still holds, else it is made again.
    """

    until: str
    rests_on: str
    ran: tuple[Ran, ...]


@dataclass(frozen=True, slots=True)
class CaseState:
    """All that is kept of one person.

    Attributes:
        taken: The records filed under the person's number.
        partition: Where the case lives.
        borrowed: What other cases lend it.
        claims: What other cases say of its records, the last word of each.
        told: What departments were told last; this and all below is bookkeeping beside the case.
        used: The ids of all announcements but the last ones: none is ever given twice.
        withdrawn: Every announcement that took something back.
        deadlines: The limits that run.
        tasks: What is owed and not done.
        claimed: The claims it has made.
        lent: The loans it has given.
        counted: How far its limits have been counted, the last count last; two at most.
    """

    case_id: str
    taken: tuple[Taken, ...] = ()
    partition: int = 0
    borrowed: tuple[Loan, ...] = ()
    claims: tuple[Claim, ...] = ()
    told: tuple[Told, ...] = ()
    used: tuple[str, ...] = ()
    withdrawn: tuple[Told, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    tasks: tuple[Task, ...] = ()
    claimed: tuple[Claim, ...] = ()
    lent: tuple[Lent, ...] = ()
    counted: tuple[Counted, ...] = ()


Standing = Literal["IN_FORCE", "REOPENED", "OVERTAKEN"]


def covers(decision: Record, record: Record) -> bool:
    """Say whether the handler saw the record: what came later reopens the decision."""
    seen = decision.facts.get("overrules")
    return record.record_id in seen if seen is not None else record.recorded_at <= decision.recorded_at


def end_of(event_time: str) -> str:
    """Return the last instant of an event time: itself, or for a date that day's end in Asia/Shanghai."""
    if "T" in event_time:
        return event_time
    day = datetime.combine(date.fromisoformat(event_time), time.max, SHANGHAI)
    return instant_text(day.astimezone(UTC))


def late_at(deadline: Deadline) -> str:
    """Return the end of the last day in Asia/Shanghai: an undecided matter is overdue after it."""
    return end_of(deadline.due)


def wakes_at(tasks: Sequence[Task], deadlines: Sequence[Deadline]) -> str | None:
    """Return the next moment at which time alone changes something of these; None if it never does."""
    if not tasks and not deadlines:
        return None  # most cases, and a restore asks for each of them
    late = (task.due for task in tasks if task.due and task.state == "OPEN")
    told = (one.next_at for one in deadlines if one.next_at)
    return min((*late, *told), default=None)
