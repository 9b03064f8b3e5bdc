"""What differs between a case then and the case later, entry by entry.

Shape: each change names ``what`` it is about, that thing's own names, and its value ``before`` and ``after``;
null where there was none.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from avro_schemas.catalogue import Document
from consumers.privacy.masking import is_sensitive, masked_fields, masked_result
from exchange.domain.form import FORM_SECTIONS
from exchange.domain.policy import Policy

DEATH_FIELDS: Final = ("death_established", "established_at", "corroborated_by")
MATTER_FIELDS: Final = ("state", "recovery", "waiting_for", "materials", "due", "limit", "results", "proofs")
_NOTHING: Final[Document] = {
    "death_established": False,
    "established_at": None,
    "corroborated_by": [],
    "records": [],
    "conflicts": [],
    "decisions": [],
    "matters": [],
    "form": {section: {} for section in FORM_SECTIONS},
}


def changes(before: Document | None, after: Document | None) -> list[Document]:
    """Return what is different, of cases as ``exchange.events.Case``; None stands for nothing known.

    A field of the form differs by its value or its state; that another record now says the same is no change.
    """
    one, other = before or _NOTHING, after or _NOTHING
    return [
        *_records(one, other),
        *_death(one, other),
        *_conflicts(one, other),
        *_matters(one, other),
        *_form(one, other),
    ]


def masked_changes(found: list[Document], policy: Policy) -> list[Document]:
    """Return the changes with every sensitive value masked; that a number changed is seen all the same."""
    return [{**one, **_masked(one, policy)} for one in found]


def changed_fields(found: Iterable[Document]) -> frozenset[str]:
    """Return the names of the fields of which a change shows something of a person, for the access record."""
    return frozenset(one["field"] for one in found if one["what"] == "conflict" or _shows_a_value(one))


def _shows_a_value(change: Document) -> bool:
    sides = (change["before"], change["after"]) if change["what"] == "form" else ()
    return any(side and side["value"] is not None for side in sides)


def _records(one: Document, other: Document) -> Iterator[Document]:
    before, after = _standings(one), _standings(other)
    entries = {entry["record_id"]: entry for entry in (*one["records"], *other["records"])}
    for record_id, entry in entries.items():
        if before.get(record_id) != after.get(record_id):
            yield {
                "what": "record",
                **{name: entry[name] for name in ("record_id", "type", "action", "department")},
                **_pair(before.get(record_id), after.get(record_id)),
            }


def _standings(case: Document) -> dict[str, str]:
    decided = {entry["record_id"]: entry["standing"].lower() for entry in case["decisions"]}
    return {entry["record_id"]: standing_of(entry, decided) for entry in case["records"]}


def standing_of(entry: Document, decided: Mapping[str, str]) -> str:
    """Return in one word how a record of a case stands; ``decided`` says it of decisions."""
    if entry["moved_to"] is not None:
        return "moved"
    if entry["held"]:
        return "held"
    if entry["duplicate_of"] is not None:
        return "duplicate"
    return decided.get(entry["record_id"], "in_force" if entry["in_force"] else "not_in_force")


def _death(one: Document, other: Document) -> Iterator[Document]:
    for name in DEATH_FIELDS:
        if one[name] != other[name]:
            yield {"what": "death", "field": name, **_pair(one[name], other[name])}


def _conflicts(one: Document, other: Document) -> Iterator[Document]:
    before, after = ({_conflict_key(c): c for c in case["conflicts"]} for case in (one, other))
    for key, entry in (before | after).items():
        then, now = before.get(key), after.get(key)
        values = _pair(then and then["values"], now and now["values"])
        if values["before"] != values["after"]:
            names = ("rule", "field", "matter", "instance", "decisive")
            yield {"what": "conflict", **{name: entry[name] for name in names}} | values


def _conflict_key(conflict: Document) -> tuple[Any, ...]:
    return conflict["rule"], conflict["field"], conflict["matter"], conflict["instance"]


def _matters(one: Document, other: Document) -> Iterator[Document]:
    before, after = ({(m["matter"], m["instance"]): m for m in case["matters"]} for case in (one, other))
    for number, instance in sorted(before | after, key=lambda place: (place[0], place[1] or "")):
        then, now = before.get((number, instance)), after.get((number, instance))
        # Of what was not there before, or is there no more, the state says enough.
        for name in MATTER_FIELDS if then and now else MATTER_FIELDS[:1]:
            values = _pair(then and then[name], now and now[name])
            if values["before"] != values["after"]:
                yield {"what": "matter", "matter": number, "instance": instance, "field": name} | values


def _form(one: Document, other: Document) -> Iterator[Document]:
    for section in FORM_SECTIONS:
        before, after = (case["form"][section] for case in (one, other))
        for name in before | after:
            values = _pair(_told(before.get(name)), _told(after.get(name)))
            # That a form came with an empty field, or went with it, is no news.
            is_news = all(values.values()) or any(side and side["value"] for side in values.values())
            if is_news and values["before"] != values["after"]:
                yield {"what": "form", "field": f"{section}.{name}"} | values


def _told(field: Document | None) -> Document | None:
    return field and {"value": field["value"], "state": field["state"]}


def _pair(before: Any, after: Any) -> Document:
    return {"before": before, "after": after}


def _masked(change: Document, policy: Policy) -> Document:
    if change["what"] == "matter" and change["field"] == "results":
        return {name: change[name] and [*map(masked_result, change[name])] for name in ("before", "after")}
    if change["what"] not in {"form", "conflict"} or not is_sensitive(change["field"], policy):
        return {}
    return {name: _hidden(change["field"], change[name], policy) for name in ("before", "after")}


def _hidden(field: str, value: Any, policy: Policy) -> Any:
    """Mask what a field held: one value of the form, or the values of a conflict."""
    if isinstance(value, list):
        return [_hidden(field, entry, policy) for entry in value]
    return value and masked_fields({field: value}, policy)[field]
