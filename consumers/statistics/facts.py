"""What the statistics need of a case, without the person: pure, from the case document.

Each application and each matter becomes one row; neither holds more than dates, codes and counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from avro_schemas.typed_documents import CaseDocument, MatterDocument, RecordEntryDocument
from exchange.domain.policy import Policy
from exchange.domain.policy_files.statistics import StatisticsPolicy
from verification.times import SHANGHAI

COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True)
class MatterFact:
    """One matter of a case.

    Attributes:
        county: the county whose department made its last record: result, record that completed it,
            application or proof, in this order; None if none says so.
        died_on: in Asia/Shanghai; None if it is unknown or in conflict.
        done_on: when what completed it was recorded; None if it is not completed, or is to be recovered.
        counted: whether somebody applied for it, other than in loaded history: then a limit ran.
        materials_saved: for a matter applied for, how many materials were verified by data.
    """

    matter: int
    instance: str | None
    department: str
    county: str | None
    state: str
    died_on: date | None
    done_on: date | None
    counted: bool
    materials_saved: int


@dataclass(frozen=True, slots=True)
class ApplicationFact:
    """One application in force; `visits_saved` as the policy reckons them."""

    channel: str | None
    county: str | None
    died_on: date | None
    departments: tuple[str, ...]
    visits_saved: int


class _Done(TypedDict):
    """As much as counts here of a record that completed a matter."""

    county: str | None
    recorded_at: datetime


def matter_facts(document: CaseDocument, policy: Policy) -> tuple[MatterFact, ...]:
    """Return a row for every matter of a case."""
    records = {entry["record_id"]: entry for entry in document["records"]}
    died_on = _died_on(document)
    done_by = {matter.matter: frozenset(matter.done_by.record or ()) for matter in policy.matters}
    return tuple(
        _matter_fact(matter, document, records, died_on, done_by.get(matter["matter"], frozenset()))
        for matter in document["matters"]
    )


def application_facts(document: CaseDocument, policy: StatisticsPolicy) -> tuple[ApplicationFact, ...]:
    """Return a row for every application in force of a case; loaded history saved nobody a visit."""
    records = {entry["record_id"]: entry for entry in document["records"]}
    decides = {matter["matter"]: matter["department"] for matter in document["matters"]}
    asked: set[str] = set()
    facts = []
    for one in document["applications"]:
        entry = records.get(one["record_id"])
        if entry is not None and entry["backfill"]:
            continue
        departments = sorted({decides[number] for number in one["matters"] if number in decides} - asked)
        asked |= set(departments)  # a second application to the same office does not spare a second visit
        saved = policy.visits_saved(one["channel"], len(departments)) if departments else 0
        facts.append(
            ApplicationFact(
                one["channel"], entry and entry["county"], _died_on(document), tuple(departments), saved
            )
        )
    return tuple(facts)


def _matter_fact(
    matter: MatterDocument,
    document: CaseDocument,
    records: dict[str, RecordEntryDocument],
    died_on: date | None,
    done_by: frozenset[str],
) -> MatterFact:
    asked = [one for one in document["applications"] if matter["matter"] in one["matters"]]
    entries = [records[one["record_id"]] for one in asked if one["record_id"] in records]
    done = _done(matter, document["records"], done_by)
    counties = [
        *(
            records[one["record_id"]]["county"]
            for one in reversed(matter["results"])
            if one["record_id"] in records
        ),
        *(one["county"] for one in reversed(done)),
        *(one["county"] for one in reversed(entries)),
        *(records[proof]["county"] for proof in matter["proofs"] if proof in records),
    ]
    verified = sum(one["state"] == "verified_by_data" for one in matter["materials"])
    return MatterFact(
        matter=matter["matter"],
        instance=matter["instance"],
        department=matter["department"],
        county=next(filter(None, counties), None),
        state=matter["state"],
        died_on=died_on,
        done_on=_day(done[-1]["recorded_at"]) if done and not matter["recovery"] else None,
        counted=any(not entry["backfill"] for entry in entries),
        materials_saved=verified if entries else 0,
    )


def _done(
    matter: MatterDocument, records: Iterable[RecordEntryDocument], done_by: frozenset[str]
) -> list[_Done]:
    """Return what completed a matter, the last one last."""
    if matter["state"] != COMPLETED:
        return []
    results = [one for one in matter["results"] if one["outcome"] == COMPLETED]
    if results:
        counties = {one["record_id"]: one["county"] for one in records}
        return [
            {"county": counties.get(one["record_id"]), "recorded_at": one["recorded_at"]} for one in results
        ]
    found = sorted(_in_force(records, done_by), key=lambda one: one["recorded_at"])
    return [{"county": one["county"], "recorded_at": one["recorded_at"]} for one in found]


def _in_force(records: Iterable[RecordEntryDocument], types: frozenset[str]) -> Iterator[RecordEntryDocument]:
    return (one for one in records if one["in_force"] and one["type"] in types)


def _died_on(document: CaseDocument) -> date | None:
    field = document["form"]["deceased"].get("death_time")
    if not field or not field["value"]:
        return None
    value = field["value"]
    return _day(datetime.fromisoformat(value)) if "T" in value else date.fromisoformat(value)


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
