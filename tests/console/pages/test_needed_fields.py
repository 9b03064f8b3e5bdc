"""What a form says may be left out: tried on what checks it, form by form and field by field."""

from typing import Any, Final

import pytest

from exchange.console.pages.forms import FormSheetView, sheet_values
from exchange.desk.actions.drawn import FormQuestion, FormSubject
from exchange.desk.actions.table import DRAWN, FORMS
from exchange.desk.asker import Asker
from exchange.desk.case_document import empty_case
from exchange.desk.drawing import form_of
from exchange.desk.publishing.records import admitted
from producers.admission import Admitted
from tests.case_documents import CARD, ESTABLISHED_AT, PHONE, conflict, matter, record
from tests.console.pages.made_frames import CITY, frame
from tests.desk.test_publishing import CLERK, HANDLER, LI, ToldNothing, case_of_li
from tests.people import LI_XIULAN, WANG_JIANGUO, id_number

RESULT: Final = "0b9f2f7c-4b57-4c39-8d43-0f6a3f0f5f12"
APPLICATION: Final = "0b9f2f7c-4b57-4c39-8d43-0f6a3f0f5f13"
ANSWERS: Final[dict[str, Any]] = {
    "id_number": LI_XIULAN,
    "name": "李秀兰",
    "linked_id_number": WANG_JIANGUO,
    "applicant.id_number": id_number(sequence=75),
    "applicant.phone": PHONE,
    "applicant_phone": PHONE,
    "applicant.sex": "男",
    "scheduled_at": "2066-01-01T09:00:00+08:00",
    "closed_at": "2026-01-02",
    "postal_no": "1234567890123",
    "payee.account_no": CARD,
    "deceased_bank_card.account_no": CARD,
    "deceased_bank_card.bank_routing_no": "102821000013",
}
"""What is not any text."""
OF_KINDS: Final[dict[str, Any]] = {"text": "王小明", "texts": ["甘肃银行"], "fen": 5, "yes_no": False}


def known_case() -> Any:
    """A case in which there is something to do by every form."""
    ended = {
        "record_id": RESULT,
        "department": "human_resources",
        "outcome": "COMPLETED",
        "application": None,
    }
    document = case_of_li(
        records=[
            record(RESULT, "result", "human_resources"),
            record(APPLICATION, "application", "service_centre"),
        ],
        enquiries=[{"record_id": RESULT, "text": "何时办结？", "matter": None, "closed_at": None}],
    )
    document["conflicts"] = [conflict("deceased.death_time", "a", "b")]
    document["conflicts"][0]["values"][0]["record_id"] = RESULT
    document["applications"][0]["record_id"] = APPLICATION
    document["matters"].append(matter(6, "human_resources", "COMPLETED", results=[ended]))
    return document


SUBJECTS: Final = (
    ("apply", FormSubject()),
    ("examine", FormSubject(application=APPLICATION)),
    ("hand_out", FormSubject()),
    ("appoint", FormSubject()),
    ("enquire", FormSubject()),
    ("reply", FormSubject(record=RESULT)),
    ("accept", FormSubject(4)),
    ("return", FormSubject(4)),
    ("result", FormSubject(4)),
    ("correct", FormSubject(6, record=RESULT)),
    ("decide", FormSubject(4, kind="MATTER_HELD")),
    ("decide", FormSubject(kind="CONFLICT_RESOLVED")),
    ("decide", FormSubject(kind="PERSON_LINKED")),
)
AMEND: Final = "amend"
FORMLESS: Final = {"withdraw", "withdraw_result"}
"""They ask nothing."""


def an_answer(asked: FormQuestion) -> Any:
    """An answer that can stand."""
    if asked.choices and asked.kind != "texts":
        return asked.choices[0] if asked.kind == "one" else [asked.choices[0]]
    return ANSWERS.get(asked.name, OF_KINDS.get(asked.kind))


def faults(action: str, subject: FormSubject, document: Any, typed: dict[str, Any]) -> set[str]:
    """The fields that are refused."""
    desk: Any = ToldNothing()
    asker: Asker = HANDLER if action in {"accept", "return", "result", "correct"} else CLERK
    kind = FORMS[action]
    form = form_of(
        kind, document, subject, CITY.policy, "8d9f2f7c-4b57-4c39-8d43-0f6a3f0f5f12", ESTABLISHED_AT
    )
    verdict = admitted(desk, asker, kind, form, document, typed)
    return set() if isinstance(verdict, Admitted) else {one.field for one in verdict}


@pytest.mark.parametrize(
    ("action", "subject", "known"),
    [*((*one, True) for one in SUBJECTS), ("apply", FormSubject(), False)],
    ids=lambda one: one.kind if isinstance(one, FormSubject) else str(one),
)
def test_a_field_says_that_it_is_optional_just_where_it_is(
    action: str, subject: FormSubject, *, known: bool
) -> None:
    """Left out alone, it is missed or not; where that hangs on another answer, the mark names it."""
    document: Any = known_case() if known else empty_case(LI)
    form = form_of(FORMS[action], document, subject, CITY.policy, "record-1", ESTABLISHED_AT)
    whole = {one.name: an_answer(one) for one in form.questions}
    assert faults(action, subject, document, whole) == set()
    views = {one.name: one for one in sheet_values(frame(), FormSheetView(form))["fields"]}
    for asked in form.questions:
        mark, left = views[asked.name].mark, {one: it for one, it in whole.items() if one != asked.name}
        where, choice = asked.needed_where or ("", "")
        hangs = where in whole
        missed = asked.name in faults(action, subject, document, left | ({where: choice} if hangs else {}))
        assert missed is (mark != "选填"), (asked.name, mark)
        assert (missed and not hangs) is (mark == "") is views[asked.name].needed
        if hangs:
            (other,) = (one for one in form.questions if one.name == where)
            another = next(one for one in other.choices if one != choice)
            assert asked.name not in faults(action, subject, document, left | {where: another})


def test_a_change_of_an_application_asks_for_no_field_of_its_own() -> None:
    """What is left out stays as it was."""
    subject = FormSubject(application=APPLICATION)
    form = form_of(FORMS[AMEND], known_case(), subject, CITY.policy, "record-1", ESTABLISHED_AT)
    marks = {one.mark for one in sheet_values(frame(), FormSheetView(form))["fields"]}
    assert marks == {"选填"}


def test_every_form_is_tried() -> None:
    assert {action for action, _ in SUBJECTS} | FORMLESS | {AMEND} == {*DRAWN}
