"""A case as readers see it, and what departments are told of it: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from avro_schemas.typed_documents import TransitionSymbol
from exchange.domain.form import Conflict, Filled, Form
from exchange.domain.identity.persons import Persons
from exchange.domain.matters.views import (
    Limit,
    MaterialView,
    MatterKey,
    MatterView,
    Request,
)
from exchange.domain.records.findings import Facts
from exchange.domain.records.references import CaseRemark
from exchange.domain.values import CaseState, Counted, Standing, Taken
from verification.records import Record
from verification.remarks import Remark


@dataclass(frozen=True, slots=True)
class Case:
    """A case as readers see it; a function of the set of records taken, byte for byte.

    ``dues``: matter, instance and application → the last day of that application's limit, where one runs.
    """

    case_id: str
    persons: Persons
    facts: Facts
    corroborated_by: tuple[str, ...]
    taken: tuple[Taken, ...]
    conflicts: tuple[Conflict, ...]
    decisions: tuple[tuple[Record, Standing], ...]
    matters: tuple[MatterView, ...]
    materials: Mapping[int, tuple[MaterialView, ...]]
    requests: tuple[Request, ...]
    limits: Mapping[MatterKey, Limit]
    dues: Mapping[tuple[MatterKey, str], date]
    counted: tuple[Counted, ...]
    form: Form
    applications: tuple[tuple[Record, Form], ...]
    remarks: Mapping[str, tuple[Remark | CaseRemark, ...]]
    """Record id → what is remarkable in its values; only records with something remarkable are here."""


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A case, and the state from which it was worked out."""

    state: CaseState
    case: Case


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement to one department.

    Its id is a function of case, matter, department, transition and proofs: told twice in a row, it is the
    same announcement. Told again after something else, it has a new id, which follows from the one before.
    ``instance`` and ``county``: the bank and the county whose it is, None where it is no single one's.
    ``materials``: how those of its matter stand, as the department may see it.
    ``at`` is the log's append time of the record that caused it (ISO instant, UTC).
    ``correction``: the one before rested on a revoked document, and this one on a document issued anew so
    soon that neither means what it says.
    ``reminds_of``: for an OVERDUE, the announcement that nobody has acknowledged in time.
    ``due``: for a DUE_SOON, or an OVERDUE that reminds of no announcement, the last day of the limit.
    """

    id: str
    case_id: str
    department: str
    matter: int
    instance: str | None
    transition: TransitionSymbol
    at: str
    proofs: tuple[str, ...]
    draft: Mapping[str, Filled]
    materials: tuple[MaterialView, ...] = ()
    correction: bool = False
    reminds_of: str | None = None
    county: str | None = None
    due: date | None = None
