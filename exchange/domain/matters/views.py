"""A matter as readers see it: its state, its materials, its limit, what the family brings; frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from verification.records import Record

MatterState = Literal[
    "NOT_APPLICABLE", "WAITING", "READY", "APPLIED", "ACCEPTED", "COMPLETED", "REJECTED", "SUSPENDED"
]
# The states that a department is told of; in the others there is nothing for it to do yet.
ANNOUNCED: frozenset[MatterState] = frozenset({"READY", "APPLIED", "ACCEPTED", "COMPLETED", "REJECTED"})
# Those that are not completed: a loss suspends them, and so does a handler.
UNDER_WAY: frozenset[MatterState] = ANNOUNCED - {"COMPLETED"}
# In these nothing is asked for, or owed, any more.
OVER: frozenset[MatterState] = frozenset({"COMPLETED", "REJECTED", "NOT_APPLICABLE"})
# Of these, what cannot be asked for again: whoever is rejected may apply anew.
SETTLED: frozenset[MatterState] = OVER - {"REJECTED"}


@dataclass(frozen=True, slots=True)
class WaitingFor:
    """A prerequisite that is not in: who owes it, since when (None while no death is established)."""

    prerequisite: str
    owed_by: tuple[str, ...]
    since: str | None


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One application for a matter as it stands, whoever else applied.

    Attributes:
        state: That of the application; NOT_APPLICABLE where a handler decided for another's.
        result: The last result that answers it.
        late: Whether it was first recorded after the matter was completed.
        returned: Whether that result asks to put something right, and nobody has.
        asked_back: The examination that does.
        unexamined: Whether its departments are told only once the window has examined it.
        held_back: Whether they are not told of it yet.
        way_out: What its applicant can do instead: it is not meant for them, or another was chosen.
    """

    application: Record
    state: MatterState
    result: Record | None = None
    late: bool = False
    returned: bool = False
    asked_back: Record | None = None
    unexamined: bool = False
    held_back: bool = False
    way_out: str | None = None

    @property
    def paused(self) -> bool:
        """Say whether its limit waits for its applicant or for the window."""
        return self.returned or self.unexamined or self.asked_back is not None


@dataclass(frozen=True, slots=True)
class MatterView:
    """A matter as it stands.

    Attributes:
        proofs: The records that put it into its state.
        final: Those of them that took it beyond READY.
        missing: The prerequisites, and the death, that are missing, whatever the state.
        lacking: The prerequisites that are missing, with who owes them, whatever the state.
        hold: The last decision to hold or to release the matter.
        recovery: Whether it was completed on what was revoked afterwards, or never applied.
        asked: The applications that its department has to decide, or would have to if nothing were missing.
        results: What its department said of it and did not take back, the first recorded first.
        returned: The one of them that asks to put something right, while nobody has.
        asked_back: The examination that does, while it stops every application that is to be decided.
        applications: Every application for it, the first recorded first.
        asked_by: Every application that asks for it, answered or overruled, too.
        untold: Whether nobody can be told of it: it is about a bank, and none is known.
        way_out: The code of what can be done instead, where it does not apply or is not meant for them.
        unknown_bank: Whether it is about a bank that the policy does not know.
    """

    matter: int
    instance: str | None
    department: str
    state: MatterState
    waiting_for: tuple[WaitingFor, ...] = ()
    proofs: tuple[Record, ...] = ()
    final: tuple[Record, ...] = ()
    missing: frozenset[str] = frozenset()
    lacking: tuple[WaitingFor, ...] = ()
    hold: Record | None = None
    recovery: bool = False
    asked: tuple[Record, ...] = ()
    results: tuple[Record, ...] = ()
    returned: Record | None = None
    asked_back: Record | None = None
    asked_by: tuple[Record, ...] = ()
    untold: bool = False
    way_out: str | None = None
    unknown_bank: bool = False
    applications: tuple[ApplicationView, ...] = ()

    @property
    def open_late(self) -> tuple[ApplicationView, ...]:
        """Return the late applications for whose answer the department has the word."""
        waiting = (one for one in self.applications if one.late and one.state in COUNTING)
        return tuple(one for one in waiting if not one.paused)

    @property
    def proof_ids(self) -> tuple[str, ...]:
        """Return the ids of the proofs, sorted, each once."""
        return tuple(sorted({record.record_id for record in self.proofs}))


CertificateStanding = Literal["HELD", "IN_CONFLICT", "REVOKED"]
"""How a certificate stands that has come and does not count."""


@dataclass(frozen=True, slots=True)
class MaterialView:
    """A material as it stands for one matter.

    ``proof`` is the record that stands in for it; ``sha256`` is of the last file handed in. The lack of one
    that is not ``required`` stops nothing, and nobody is asked for it. ``standing`` is that of the records
    that would stand in for it, where they have come and none counts.
    """

    kind: int
    state: Literal["verified_by_data", "supplied", "missing", "original_to_sight"]
    proof: Record | None = None
    sha256: str | None = None
    original_sighted: bool = False
    required: bool = True
    standing: CertificateStanding | None = None

    @property
    def owed(self) -> bool:
        """Say whether the family owes it."""
        return self.required and self.state in OWED


MatterKey = tuple[int, str | None]
"""Matter and instance."""
COUNTING = frozenset({"APPLIED", "ACCEPTED"})
UNDECIDED = COUNTING | {"SUSPENDED"}
OWED = frozenset({"missing", "original_to_sight"})


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of a matter for which somebody has applied and that is not decided.

    Attributes:
        state: NO_CALENDAR where it reaches into a year whose working days nobody knows.
        applied_at: When the first application that counts was recorded (ISO instant, UTC).
        working_days: The limit as the policy has it.
        due: The last day; None without a calendar, and while paused unless it had run out before.
        days_left: The working days left of a paused limit.
        owed: The kinds of material that the family owes.
        returned: The record id of the result that asks the family to put something right, while nobody has.
        asked_back: That of the examination that does.
    """

    state: Literal["RUNNING", "PAUSED", "NO_CALENDAR"]
    applied_at: str
    working_days: int
    due: date | None
    days_left: int | None
    owed: tuple[int, ...]
    returned: str | None = None
    asked_back: str | None = None


@dataclass(frozen=True, slots=True)
class MattersStanding:
    """How matters and their materials stand at one moment."""

    matters: tuple[MatterView, ...]
    materials: Mapping[int, tuple[MaterialView, ...]]

    def owed(self, matter: int) -> tuple[int, ...]:
        """Return the kinds of material that the family owes for a matter."""
        return tuple(one.kind for one in self.materials[matter] if one.owed)

    def counting(self) -> frozenset[MatterKey]:
        """Return the matters whose limit runs."""
        under_way = (one for one in self.matters if (one.asked and one.state in COUNTING) or one.open_late)
        running = (one for one in under_way if not (one.returned or one.asked_back or one.waiting_for))
        return frozenset((one.matter, one.instance) for one in running if not self.owed(one.matter))


@dataclass(frozen=True, slots=True)
class Need:
    """One matter's reason to ask for a material.

    ``annex_2_row`` is the row that says so; None where the plan lists no materials and the policy assumes it.
    """

    matter: int
    original: bool
    annex_2_row: int | None


@dataclass(frozen=True, slots=True)
class Request:
    """A material that the family must bring; an original to sight will do for matters that want a copy."""

    kind: int
    state: Literal["missing", "original_to_sight"]
    needs: tuple[Need, ...]
    standing: CertificateStanding | None = None
