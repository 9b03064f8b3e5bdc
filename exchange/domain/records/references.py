"""What is remarkable in the window's records beside the others of the case: asked twice, of nothing known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from exchange.domain.records.findings import Facts
from verification.records import Record

ASKED_AGAIN = "corrections_asked_again"
UNKNOWN = "reference_unknown"
NAMED = {"examination": "application", "appointment": "application", "handover": "results"}
"""Type of record → its field that names others."""


@dataclass(frozen=True, slots=True)
class CaseRemark:
    """One thing that is remarkable in a record of this case; `field` is the path of the value."""

    code: str
    field: str


def remarks_beside(facts: Facts, known: Iterable[Record]) -> dict[str, tuple[CaseRemark, ...]]:
    """Return what is remarkable, by the id of the record: what an examination asks is to be asked once.

    Args:
        facts: What is known of the person.
        known: All that was taken of the person.
    """
    if facts.live.keys().isdisjoint(NAMED):
        return {}
    ids: dict[str, set[str]] = {"application": set(), "result": set()}
    for one in known:
        ids.get(one.type, set()).add(one.record_id)
    found: dict[str, tuple[CaseRemark, ...]] = {
        one.record_id: (CaseRemark(ASKED_AGAIN, "to_correct"),) for one in _asking_again(facts)
    }
    for record_type, field in NAMED.items():
        for one in facts.live.get(record_type, ()):
            there = ids["result" if field == "results" else "application"]
            if not there.issuperset(_named(one, field)):
                found[one.record_id] = (*found.get(one.record_id, ()), CaseRemark(UNKNOWN, field))
    return found


def _named(record: Record, field: str) -> list[str]:
    value: Any = record.facts.get(field) or []
    return value if isinstance(value, list) else [value]


def _asking_again(facts: Facts) -> Iterator[Record]:
    """Yield the examinations that ask for something after another of the same application has."""
    asked: set[str] = set()
    current = {
        known: one.record_id for one in facts.live.get("application", ()) for known in facts.versions(one)
    }
    made = sorted(
        facts.live.get("examination", ()), key=lambda one: (facts.first_recorded(one), one.record_id)
    )
    for one in made:
        if one.facts.get("to_correct"):
            about = current.get(one.facts["application"], one.facts["application"])
            if about in asked:
                yield one
            asked.add(about)
