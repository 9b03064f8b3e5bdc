"""A department accepts a matter (受理), returns it (一次性补正), or says how it ended (办理结果).

What it said of the end can be corrected (更正): a matter that was rejected in error is completed after all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from avro_schemas.typed_documents import CaseDocument, MatterDocument
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.kinds import FormKind, Questions, person_in
from exchange.desk.actions.places import place_of_matter
from exchange.desk.actions.questions import question
from exchange.desk.actions.versions import in_place_of
from exchange.domain.access.may import WorkPlace
from exchange.domain.known_case import known_matter
from exchange.domain.policy import Policy

OUTCOMES: Final = ("COMPLETED", "REJECTED")
"""How a matter ends."""
_BEYOND_THE_SCHEMA: Final[Mapping[str, Mapping[str, Any]]] = {
    "outcome": {"choices": OUTCOMES},
    "reason": {"needed_where": ("outcome", "REJECTED")},
    "to_correct": {"needed": True},
}
_OF_THE_END: Final = ("outcome", "reason", "amount_fen", "document_no", "answer")
_OPEN: Final = {
    "accept": frozenset({"APPLIED"}),
    "return": frozenset({"APPLIED", "ACCEPTED"}),
    "result": frozenset({"READY", "APPLIED", "ACCEPTED"}),
}
"""In which states of a matter, or of an application, there is this to do. A query needs nobody to apply."""


def is_closed_by_record(number: int, policy: Policy) -> bool:
    """Say whether a record ends a matter: of the department's results only a return counts there."""
    known = policy.by_number.get(number)
    return known is not None and not known.done_by.result


def _subjects(action: str, document: CaseDocument, policy: Policy) -> tuple[FormSubject, ...]:
    return tuple(
        FormSubject(matter["matter"], matter["instance"], application)
        for matter in document["matters"]
        if action == "return" or not is_closed_by_record(matter["matter"], policy)
        for application in _answered(matter, _OPEN[action])
    )


def _answered(matter: MatterDocument, states: frozenset[str]) -> Iterator[str | None]:
    """Yield what of a matter is open: all that stands, as None, and each of several applications alone.

    While one is held back, no word may be about all.
    """
    known = known_matter(matter)
    all_that_stands = known is matter and matter["state"] in states
    if all_that_stands:
        yield None
    alone = [one["record_id"] for one in known["applications"] if one["state"] in states]
    if not all_that_stands or len(matter["applications"]) > 1:
        yield from alone


def matter_of(document: CaseDocument, subject: FormSubject) -> MatterDocument | None:
    """Return the matter that a form is about, as it stands."""
    wanted = subject.matter, subject.instance
    return next((one for one in document["matters"] if (one["matter"], one["instance"]) == wanted), None)


def place_of_subject(document: CaseDocument, subject: FormSubject, policy: Policy) -> WorkPlace:
    """Return where the matter that a form is about belongs."""
    matter = matter_of(document, subject)
    return {} if matter is None else place_of_matter(document, matter, policy)


def _concerns(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    matter = matter_of(document, subject)
    return {
        "person": person_in(document),
        "state": matter and matter["state"],
        "results": matter and [one["record_id"] for one in matter["results"]],
        "applications": matter and [[one["record_id"], one["state"]] for one in matter["applications"]],
    }


def _asks(
    names: tuple[str, ...], _document: CaseDocument, _subject: FormSubject, policy: Policy
) -> Questions:
    asked = (question("result", name, policy) for name in names)
    return tuple(replace(one, **_BEYOND_THE_SCHEMA.get(one.name, {})) for one in asked)


def _fields(outcome: str | None, subject: FormSubject, typed: Mapping[str, Any]) -> Mapping[str, object]:
    said = {} if outcome is None else {"outcome": outcome}
    about = {"matter": subject.matter, "instance": subject.instance, "application": subject.application}
    return {**typed, **said, **about}


def _ended(document: CaseDocument, policy: Policy) -> tuple[FormSubject, ...]:
    """Return the results in force that have ended a matter: each can be said anew where it was wrong."""
    in_force = {one["record_id"] for one in document["records"] if one["in_force"]}
    return tuple(
        FormSubject(matter["matter"], matter["instance"], result["application"], record=result["record_id"])
        for matter in document["matters"]
        if not is_closed_by_record(matter["matter"], policy)
        for result in matter["results"]
        if result["outcome"] in OUTCOMES and result["record_id"] in in_force
    )


def _corrected(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    return in_place_of(document, subject.record, "AMENDED")


_RESULT: Final = FormKind(
    "result",
    "result",
    partial(_subjects, "result"),
    place_of_subject,
    partial(_asks, _OF_THE_END),
    _concerns,
    partial(_fields, None),
)
RESULT_FORMS: Final = (
    replace(
        _RESULT,
        action="accept",
        subjects=partial(_subjects, "accept"),
        questions=partial(_asks, ("reason",)),
        fields=partial(_fields, "ACCEPTED"),
    ),
    _RESULT,
    replace(
        _RESULT,
        action="return",
        subjects=partial(_subjects, "return"),
        questions=partial(_asks, ("to_correct", "reason")),
        fields=partial(_fields, "RETURNED"),
    ),
    replace(
        _RESULT, action="correct", subjects=_ended, questions=partial(_asks, _OF_THE_END), replaces=_corrected
    ),
)
