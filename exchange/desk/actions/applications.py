"""The window takes an application (申请): what the case knows of the deceased is not asked."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from avro_schemas.typed_documents import CaseDocument
from exchange.desk.actions.drawn import FormQuestion, FormSubject
from exchange.desk.actions.kinds import FormKind, Questions, person_in
from exchange.desk.actions.places import place_of_person
from exchange.desk.actions.questions import question, questions_of_part
from exchange.domain.access.may import WorkPlace
from exchange.domain.matters.views import SETTLED
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import Matter

TYPE: Final = "application"
ORIGINALS: Final = "originals_sighted"
"""Which of the materials handed in were seen as originals: in the record, it stands at each of them."""
_DIGITS: Final = 9
"""No choice has more; Python reads none of more than some thousands."""


def _subjects(_document: CaseDocument, _policy: Policy) -> tuple[FormSubject, ...]:
    return (FormSubject(),)


def place_at_the_window(document: CaseDocument, _: FormSubject, policy: Policy) -> WorkPlace:
    """Return where the case belongs for the window."""
    return place_of_person(document, policy.window, policy)


def _questions(document: CaseDocument, _: FormSubject, policy: Policy) -> Questions:
    return tuple(_each(document, policy))


def _each(document: CaseDocument, policy: Policy) -> Iterator[FormQuestion]:
    open_matters = _open_matters(document, policy)
    numbers = tuple(str(one.matter) for one in open_matters)
    for name in (name for name, value in person_in(document).items() if value is None):
        yield question(TYPE, name, policy, needed=True)
    yield question(TYPE, "matters", policy, kind="several", choices=numbers)
    yield from questions_of_part(TYPE, "applicant", policy)
    yield from (question(TYPE, name, policy) for name in ("channel", "window", "delivery"))
    if any(one.instance for one in open_matters):
        yield question(TYPE, "banks", policy, choices=_banks(document, policy))
    if any(one.family_chooses for one in open_matters):
        yield question(TYPE, "burial", policy)
    if _lacks_card(document):
        yield from questions_of_part(TYPE, "deceased_bank_card", policy)
    yield from questions_of_part(TYPE, "payee", policy)
    papers = tuple(map(str, sorted({paper.kind for one in open_matters for paper in one.materials})))
    yield question(TYPE, "materials", policy, kind="several", choices=papers)
    yield FormQuestion(ORIGINALS, "several", papers)


def _open_matters(document: CaseDocument, policy: Policy) -> list[Matter]:
    """Return the matters that can still be asked for: a bank that is settled does not settle the others."""
    settled = {one["matter"] for one in document["matters"] if one["state"] in SETTLED}
    return [one for one in policy.matters if one.instance or one.matter not in settled]


def _banks(document: CaseDocument, policy: Policy) -> tuple[str, ...]:
    """Return the banks that case or city know, by their names."""
    names = {bank.instance: bank.name for bank in policy.banks.known}
    own = (one["instance"] for one in document["matters"] if one["instance"])
    return tuple(dict.fromkeys([*(names.get(one, one) for one in own), *names.values()]))


def _lacks_card(document: CaseDocument) -> bool:
    fields = document["form"]["accounts"]
    cards = [one["state"] for name, one in fields.items() if name.startswith("card_")]
    return not cards or "for_applicant" in cards


def _concerns(document: CaseDocument, _: FormSubject) -> Mapping[str, object]:
    known = [[one["record_id"], one["revision"]] for one in document["applications"]]
    return {"person": person_in(document), "applications": known}


def _fields(_: FormSubject, typed: Mapping[str, Any]) -> Mapping[str, object]:
    record = {name: value for name, value in typed.items() if name != ORIGINALS}
    if isinstance(numbers := record.get("matters"), list):
        record["matters"] = [as_number(one) for one in numbers]
    if isinstance(banks := record.get("banks"), list):
        record["banks"] = [{"bank_name": one} if isinstance(one, str) else one for one in banks]
    if papers := materials_of(record.get("materials"), typed.get(ORIGINALS)):
        record["materials"] = papers
    return record


def materials_of(handed_in: Any, originals: Any) -> Any:
    """Return materials as records have them: of numbers of kinds, or of what has its hash beside it.

    What is no list is refused by name when it is sent.
    """
    if not isinstance(handed_in or [], list | tuple):
        return handed_in
    seen = [as_number(kind) for kind in originals] if isinstance(originals, list | tuple) else []
    papers = [one if isinstance(one, Mapping) else {"kind": as_number(one)} for one in handed_in or ()]
    papers += [{"kind": kind} for kind in seen if kind not in [one.get("kind") for one in papers]]
    return [{**one, "original_sighted": True} if one.get("kind") in seen else one for one in papers]


def as_number(value: Any) -> Any:
    """Return a choice as the number that it is; what is none is refused by name when it is sent."""
    is_number = isinstance(value, str) and len(value) <= _DIGITS and value.isascii() and value.isdigit()
    return int(value) if is_number else value


APPLY: Final = FormKind(
    "apply", TYPE, _subjects, place_at_the_window, _questions, _concerns, _fields, taken_here=True
)
