"""The window takes an application (申请): of the deceased's part, what the case knows is not asked."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from avro_schemas.typed_documents import (
    ApplicantFacts,
    BankCardFacts,
    CaseDocument,
    ChannelSymbol,
    DeliverySymbol,
    PayeeFacts,
)
from exchange.desk.forms.drawn import FormQuestion, FormSubject
from exchange.desk.forms.kinds import FormKind, person_in
from exchange.desk.forms.places import place_of_person
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy

ORIGINALS: Final = "originals_sighted"
"""The question which of the materials handed in were seen as originals: in the record, it is one of each."""
_NOT_ASKED_FOR: Final = frozenset({"NOT_APPLICABLE", "COMPLETED"})
_SECRET: Final = ("id_number", "phone", "account_no")
_NEEDED: Final = ("name", "id_number")
"""Without these there is no applicant."""


def _subjects(_document: CaseDocument, _policy: Policy) -> tuple[FormSubject, ...]:
    return (FormSubject(),)


def _place(document: CaseDocument, _: FormSubject, policy: Policy) -> WorkPlace:
    return place_of_person(document, policy.window, policy)


def _questions(document: CaseDocument, _: FormSubject, policy: Policy) -> tuple[FormQuestion, ...]:
    settled = {one["matter"] for one in document["matters"] if one["state"] in _NOT_ASKED_FOR}
    wanted = [one for one in policy.matters if one.matter not in settled]
    kinds = sorted({paper.kind for one in wanted for paper in one.materials})
    asked = [
        *(_ask(name, needed=True) for name, known in person_in(document).items() if known is None),
        FormQuestion("matters", "several", tuple(str(one.matter) for one in wanted), needed=True),
        *_part("applicant", ApplicantFacts, _NEEDED),
        FormQuestion("channel", "one", _codes(ChannelSymbol)),
        FormQuestion("window"),
        FormQuestion("delivery", "one", _codes(DeliverySymbol)),
    ]
    if any(one.instance for one in wanted):
        asked.append(FormQuestion("banks", "texts", _banks(document, policy)))
    if any(one.family_chooses for one in wanted):
        asked.append(FormQuestion("burial", "yes_no"))
    if _lacks_card(document):
        asked += _part("deceased_bank_card", BankCardFacts)
    asked += _part("payee", PayeeFacts)
    papers = tuple(map(str, kinds))
    return (*asked, FormQuestion("materials", "materials", papers), FormQuestion(ORIGINALS, "several", papers))


def _ask(name: str, *, needed: bool = False, choices: tuple[str, ...] = ()) -> FormQuestion:
    secret = name.rpartition(".")[2] in _SECRET
    return FormQuestion(name, choices=choices, needed=needed, sensitive=secret)


def _part(part: str, of: type, needed: tuple[str, ...] = ()) -> list[FormQuestion]:
    return [_ask(f"{part}.{name}", needed=name in needed) for name in of.__annotations__]


def _codes(symbols: Any) -> tuple[str, ...]:
    return tuple(symbol for symbol in get_args(symbols) if symbol != "UNKNOWN")


def _banks(document: CaseDocument, policy: Policy) -> tuple[str, ...]:
    """Return the banks that the case or the city knows, by name where the city knows it."""
    names = {bank.instance: bank.name for bank in policy.banks.known}
    own = (one["instance"] for one in document["matters"] if one["instance"])
    return tuple(dict.fromkeys([*(names.get(one, one) for one in own), *names.values()]))


def _lacks_card(document: CaseDocument) -> bool:
    fields = document["form"]["accounts"]
    return any(one["state"] == "for_applicant" for name, one in fields.items() if name.startswith("card_"))


def _concerns(document: CaseDocument, _: FormSubject) -> Mapping[str, object]:
    return {
        "person": person_in(document),
        "applications": [[one["record_id"], one["revision"]] for one in document["applications"]],
    }


def _fields(_: FormSubject, typed: Mapping[str, Any]) -> Mapping[str, object]:
    record = {name: value for name, value in typed.items() if name != ORIGINALS}
    if "matters" in record:
        record["matters"] = [_number(one) for one in record["matters"]]
    if "banks" in record:
        record["banks"] = [{"bank_name": one} if isinstance(one, str) else one for one in record["banks"]]
    if "materials" in record or ORIGINALS in typed:
        seen = {_number(kind) for kind in typed.get(ORIGINALS, ())}
        handed_in = [_material(one) for one in record.get("materials", ())]
        more = seen - {one["kind"] for one in handed_in}
        papers = [*handed_in, *({"kind": kind} for kind in sorted(more, key=str))]
        record["materials"] = [one | {"original_sighted": True} if one["kind"] in seen else one for one in papers]
    return record


def _material(one: Any) -> dict[str, Any]:
    return dict(one) if isinstance(one, Mapping) else {"kind": _number(one)}


def _number(value: Any) -> Any:
    """Return a choice as the number that it is; what is none is refused by name when it is sent."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


APPLY: Final = FormKind("apply", "application", _subjects, _place, _questions, _concerns, _fields)
