"""What differs between a case then and the case later, entry by entry.

Shape: each change names ``what`` it is about, that thing's own names, and its value ``before`` and ``after``;
null where there was none.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypedDict

from avro_schemas.typed_documents import (
    ActionSymbol,
    CaseDocument,
    ConflictDocument,
    ConflictingValueDocument,
    FieldStateSymbol,
    FormFieldDocument,
    RecordEntryDocument,
)
from consumers.privacy.masking import is_sensitive, masked_conflicting, masked_result, masked_value
from exchange.domain.form import FORM_SECTIONS
from exchange.domain.policy import Policy

DeathField = Literal["death_established", "established_at", "corroborated_by"]
MatterField = Literal["state", "recovery", "waiting_for", "materials", "due", "limit", "results", "proofs"]
DEATH_FIELDS: Final[tuple[DeathField, ...]] = ("death_established", "established_at", "corroborated_by")
MATTER_FIELDS: Final[tuple[MatterField, ...]] = (
    *("state", "recovery", "waiting_for", "materials", "due", "limit", "results", "proofs"),
)


class RecordChange(TypedDict):
    """How a record of the case stands, in one word: see ``standing_of``."""

    what: Literal["record"]
    record_id: str
    type: str
    action: ActionSymbol
    department: str
    before: str | None
    after: str | None


class DeathChange(TypedDict):
    """A field of the case that says whether the death is established."""

    what: Literal["death"]
    field: DeathField
    before: Any
    after: Any


class ConflictChange(TypedDict):
    """The values of a conflict; null where there is none."""

    what: Literal["conflict"]
    rule: str
    field: str
    matter: int | None
    instance: str | None
    decisive: bool
    before: list[ConflictingValueDocument] | None
    after: list[ConflictingValueDocument] | None


class MatterChange(TypedDict):
    """A field of a matter, of its type in ``MatterDocument``."""

    what: Literal["matter"]
    matter: int
    instance: str | None
    field: MatterField
    before: Any
    after: Any


class FormValue(TypedDict):
    """As much of a field of the form as makes a difference."""

    value: str | None
    state: FieldStateSymbol


class FormChange(TypedDict):
    """A field of the form, named as `section.name`."""

    what: Literal["form"]
    field: str
    before: FormValue | None
    after: FormValue | None


_SIDES: Final[tuple[Literal["before", "after"], ...]] = ("before", "after")

CaseChange = RecordChange | DeathChange | ConflictChange | MatterChange | FormChange

_NOTHING: Final[CaseDocument] = {
    "case_id": "",
    "death_established": False,
    "established_at": None,
    "corroborated_by": [],
    "forwards_to": None,
    "records": [],
    "conflicts": [],
    "decisions": [],
    "matters": [],
    "requests": [],
    "form": {"deceased": {}, "applicant": {}, "accounts": {}},
    "applications": [],
    "examinations": [],
    "handovers": [],
    "appointments": [],
    "enquiries": [],
}


def changes(before: CaseDocument | None, after: CaseDocument | None) -> list[CaseChange]:
    """Return what differs between cases as ``exchange.events.Case``; None stands for nothing known.

    A field of the form differs by its value or its state; if another record now says the same, it does not.
    """
    one, other = before or _NOTHING, after or _NOTHING
    return [
        *_records(one, other),
        *_death(one, other),
        *_conflicts(one, other),
        *_matters(one, other),
        *_form(one, other),
    ]


def masked_changes(found: Iterable[CaseChange], policy: Policy) -> list[CaseChange]:
    """Return the changes with every sensitive value masked; one can still see that a number changed."""
    return [_masked(one, policy) for one in found]


def changed_fields(found: Iterable[CaseChange]) -> frozenset[str]:
    """Return the names of the fields in which a change shows something of a person, for the access record."""
    return frozenset(
        one["field"]
        for one in found
        if one["what"] == "conflict" or (one["what"] == "form" and _shows_a_value(one))
    )


def _shows_a_value(change: FormChange) -> bool:
    return any(side and side["value"] is not None for side in (change["before"], change["after"]))


def _records(one: CaseDocument, other: CaseDocument) -> Iterator[RecordChange]:
    before, after = _standings(one), _standings(other)
    entries = {entry["record_id"]: entry for entry in (*one["records"], *other["records"])}
    for record_id, entry in entries.items():
        if before.get(record_id) != after.get(record_id):
            yield {
                "what": "record",
                "record_id": record_id,
                "type": entry["type"],
                "action": entry["action"],
                "department": entry["department"],
                "before": before.get(record_id),
                "after": after.get(record_id),
            }


def _standings(case: CaseDocument) -> dict[str, str]:
    decided = {entry["record_id"]: entry["standing"].lower() for entry in case["decisions"]}
    return {entry["record_id"]: standing_of(entry, decided) for entry in case["records"]}


def standing_of(entry: RecordEntryDocument, decided: Mapping[str, str]) -> str:
    """Return in one word how a record of a case stands; for decisions ``decided`` says it."""
    if entry["moved_to"] is not None:
        return "moved"
    if entry["held"]:
        return "held"
    if entry["duplicate_of"] is not None:
        return "duplicate"
    return decided.get(entry["record_id"], "in_force" if entry["in_force"] else "not_in_force")


def _death(one: CaseDocument, other: CaseDocument) -> Iterator[DeathChange]:
    for name in DEATH_FIELDS:
        if one[name] != other[name]:
            yield {"what": "death", "field": name, "before": one[name], "after": other[name]}


def _conflicts(one: CaseDocument, other: CaseDocument) -> Iterator[ConflictChange]:
    before, after = ({_conflict_key(c): c for c in case["conflicts"]} for case in (one, other))
    for key, entry in (before | after).items():
        then, now = before.get(key), after.get(key)
        values = (then and then["values"], now and now["values"])
        if values[0] != values[1]:
            yield {
                "what": "conflict",
                "rule": entry["rule"],
                "field": entry["field"],
                "matter": entry["matter"],
                "instance": entry["instance"],
                "decisive": entry["decisive"],
                "before": values[0],
                "after": values[1],
            }


def _conflict_key(conflict: ConflictDocument) -> tuple[Any, ...]:
    return conflict["rule"], conflict["field"], conflict["matter"], conflict["instance"]


def _matters(one: CaseDocument, other: CaseDocument) -> Iterator[MatterChange]:
    before, after = ({(m["matter"], m["instance"]): m for m in case["matters"]} for case in (one, other))
    for number, instance in sorted(before | after, key=lambda place: (place[0], place[1] or "")):
        then, now = before.get((number, instance)), after.get((number, instance))
        # If a matter was not there before, or no longer is, its state says enough.
        for name in MATTER_FIELDS if then and now else MATTER_FIELDS[:1]:
            values = (then and then[name], now and now[name])
            if values[0] != values[1]:
                yield {
                    "what": "matter",
                    "matter": number,
                    "instance": instance,
                    "field": name,
                    "before": values[0],
                    "after": values[1],
                }


def _form(one: CaseDocument, other: CaseDocument) -> Iterator[FormChange]:
    for section in FORM_SECTIONS:
        before, after = (case["form"][section] for case in (one, other))
        for name in before | after:
            values = (_told(before.get(name)), _told(after.get(name)))
            # An empty field that came or went with the form is no news.
            is_news = all(values) or any(side and side["value"] for side in values)
            if is_news and values[0] != values[1]:
                yield {
                    "what": "form",
                    "field": f"{section}.{name}",
                    "before": values[0],
                    "after": values[1],
                }


def _told(field: FormFieldDocument | None) -> FormValue | None:
    return None if field is None else {"value": field["value"], "state": field["state"]}


def _masked(change: CaseChange, policy: Policy) -> CaseChange:
    if change["what"] == "matter" and change["field"] == "results":
        before, after = (change[side] and [*map(masked_result, change[side])] for side in _SIDES)
        return {**change, "before": before, "after": after}
    if change["what"] == "form" and is_sensitive(change["field"], policy):
        return {**change, "before": _hidden(change["before"]), "after": _hidden(change["after"])}
    if change["what"] == "conflict" and is_sensitive(change["field"], policy):
        return {**change, "before": _all_hidden(change["before"]), "after": _all_hidden(change["after"])}
    return change


def _hidden(value: FormValue | None) -> FormValue | None:
    return None if value is None else {**value, "value": masked_value(value["value"])}


def _all_hidden(values: list[ConflictingValueDocument] | None) -> list[ConflictingValueDocument] | None:
    return values and [masked_conflicting(value) for value in values]
