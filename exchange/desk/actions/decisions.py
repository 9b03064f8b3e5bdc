"""A handler decides (核定): whether a matter arises, waits or goes on; which record is right, and whose."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from avro_schemas.typed_documents import CaseDocument
from exchange.desk.actions.applications import place_at_the_window
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.entries import record_entries
from exchange.desk.actions.kinds import FormKind, Questions, person_in
from exchange.desk.actions.questions import question
from exchange.domain.identity.links import LINK_KINDS
from exchange.domain.matters.decisions import HELD, RELEASED
from exchange.domain.matters.standing import RELEASE
from exchange.domain.policy import Policy

RESOLVED: Final = "CONFLICT_RESOLVED"
NOT_APPLICABLE: Final = "MATTER_NOT_APPLICABLE"
ABOUT_MATTERS: Final = (NOT_APPLICABLE, HELD, RELEASED)
KINDS: Final = (*ABOUT_MATTERS, RESOLVED, *LINK_KINDS)
"""Every kind that the schema has, as a test holds."""


def _subjects(document: CaseDocument, _: Policy) -> tuple[FormSubject, ...]:
    return tuple(_each(document))


def _each(document: CaseDocument) -> Iterator[FormSubject]:
    """Yield what can be decided here: a bank's matter can be decided for that bank, or for every bank."""
    for kind in ABOUT_MATTERS:
        numbers = dict.fromkeys(one["matter"] for one in document["matters"])
        banks = ((one["matter"], one["instance"]) for one in document["matters"] if one["instance"])
        yield from (FormSubject(number, kind=kind) for number in numbers)
        yield from (FormSubject(number, bank, kind=kind) for number, bank in banks)
    if document["conflicts"]:
        yield FormSubject(kind=RESOLVED)
        matters = {one["matter"] for one in document["conflicts"] if one["matter"] is not None}
        yield from (FormSubject(number, kind=RESOLVED) for number in sorted(matters))
    if document["records"]:
        yield from (FormSubject(kind=kind) for kind in LINK_KINDS)


def _awaited(document: CaseDocument, subject: FormSubject, policy: Policy) -> bool:
    """Say whether something is unclear until somebody decides so; the rest may be decided at any time."""
    if subject.kind == RESOLVED or _is_reopened(document, subject):
        return True
    if subject.kind in LINK_KINDS:
        return any(one["held"] and not one["moved_to"] for one in document["records"])
    word = _awaited_word(subject, policy)
    about = (one for one in document["matters"] if subject[:2] == (one["matter"], one["instance"]))
    return any(word == wanted["prerequisite"] for one in about for wanted in one["waiting_for"])


def _awaited_word(subject: FormSubject, policy: Policy) -> str | None:
    """Return for what a matter waits that such a decision gives; None: for none."""
    if subject.kind == RELEASED:
        return RELEASE
    chooses = policy.by_number[subject.matter or 0].family_chooses
    return chooses.waits_for if chooses and subject.kind == NOT_APPLICABLE else None


def _is_reopened(document: CaseDocument, subject: FormSubject) -> bool:
    """Say whether a decision about it is to be looked at again, since records have changed."""
    own = (subject.kind, subject.matter, subject.instance)
    return any(
        (one["kind"], one["matter"], one["instance"]) == own and one["standing"] == "REOPENED"
        for one in document["decisions"]
    )


def _questions(document: CaseDocument, subject: FormSubject, policy: Policy) -> Questions:
    reason = question("decision", "reason", policy)
    # A case whose names differ shows no number: whoever decides has the papers, and says whose case it is.
    person = tuple(
        question("decision", name, policy) for name, value in person_in(document).items() if not value
    )
    if subject.kind in ABOUT_MATTERS:
        return (*person, reason)
    entries = record_entries(document)
    in_favour_of = question("decision", "in_favour_of", policy, kind="one", entries=entries)
    if subject.kind == RESOLVED:
        rivals = tuple(dict.fromkeys(_rivals(document, subject)))
        overrules = question("decision", "overrules", policy, kind="several", choices=rivals, entries=entries)
        return (*person, replace(in_favour_of, choices=rivals, needed=True), overrules, reason)
    records = tuple(one["record_id"] for one in document["records"] if not one["moved_to"])
    linked = question("decision", "linked_id_number", policy)
    unnumbered = person_in(document)["id_number"] is None
    return replace(in_favour_of, choices=records), replace(linked, needed=unnumbered), reason


def _rivals(document: CaseDocument, subject: FormSubject) -> Iterator[str]:
    for conflict in document["conflicts"]:
        if subject.matter in (None, conflict["matter"]):
            yield from (one["record_id"] for one in conflict["values"])


def _concerns(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    alike = _alike(subject.kind)
    decided = [
        one["record_id"] for one in document["decisions"] if one["kind"] in alike and _meet(one, subject)
    ]
    if subject.kind in ABOUT_MATTERS:
        matters = [one for one in document["matters"] if _meet(one, subject)]
        return {"state": [[one["instance"], one["state"]] for one in matters], "decisions": decided}
    if subject.kind == RESOLVED:
        rivals = [
            [one["rule"], one["field"], one["matter"], sorted(value["record_id"] for value in one["values"])]
            for one in document["conflicts"]
        ]
        return {"conflicts": sorted(rivals, key=repr), "decisions": decided}
    held = [[one["record_id"], one["held"], one["moved_to"]] for one in document["records"]]
    return {"records": sorted(held, key=repr), "decisions": decided}


def _alike(kind: str | None) -> tuple[str, ...]:
    """Return the kinds of decision of which a later one replaces an earlier one."""
    for together in (ABOUT_MATTERS, LINK_KINDS):
        if kind in together:
            return together
    return (RESOLVED,)


def _meet(entry: Mapping[str, Any], subject: FormSubject) -> bool:
    """Say whether something is about what the subject is about; without a bank, about all of them."""
    if subject.matter is not None and entry["matter"] not in (None, subject.matter):
        return False
    return subject.instance is None or entry["instance"] in (None, subject.instance)


def _fields(subject: FormSubject, typed: Mapping[str, Any]) -> Mapping[str, object]:
    return {**typed, "kind": subject.kind, "matter": subject.matter, "instance": subject.instance}


DECIDE: Final = FormKind(
    "decide",
    "decision",
    _subjects,
    place_at_the_window,
    _questions,
    _concerns,
    _fields,
    awaited=_awaited,
)
