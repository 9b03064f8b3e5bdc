"""What a form that was sent may become: checked on cases made by hand, with the log and the lock left out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final
from uuid import uuid4

import pytest

from exchange.desk import look
from exchange.desk.actions.drawn import DrawnForm, FormSubject, version_of
from exchange.desk.actions.table import FORMS
from exchange.desk.asker import Asker
from exchange.desk.case_document import empty_case
from exchange.desk.drawing import NothingToDoError
from exchange.desk.publishing import publish as publishing
from exchange.desk.publishing.outcome import FormOutcome
from exchange.desk.publishing.publish import publish
from exchange.desk.publishing.records import admitted
from exchange.domain.access.may import WorkPlace
from exchange.folding.case_ids import CaseIds
from exchange.runtime.city import City
from producers.admission import Admitted
from tests.access_tables import TABLE
from tests.case_documents import BANK, case_document, decision, filled, matter, record
from tests.people import LI_XIULAN, WANG_JIANGUO, id_number
from topics.catalogue import load_catalogue

CASE_IDS: Final = CaseIds(b"k" * 32)
LI: Final = CASE_IDS.of_key(LI_XIULAN)
DECISION: Final = "0b9f2f7c-4b57-4c39-8d43-0f6a3f0f5f11"
CLERK: Final = Asker("张敏", "window_clerk", {}, "api")
HANDLER: Final = Asker("王芳", "department_handler", {"department": "human_resources"}, "api")
APPLIED: Final = {
    "matters": ["4"],
    "applicant": {"name": "赵小明", "id_number": id_number(sequence=75), "relation": "子女"},
    "channel": "WINDOW",
}


class ToldNothing:
    """A desk of whose parts only what is asked before the log is there."""

    policy = City().policy
    case_ids = CASE_IDS
    database = None
    settings = SimpleNamespace(city=SimpleNamespace(catalogue=load_catalogue()))
    decode_announcement = None

    def __init__(self) -> None:
        self.noted: list[Any] = []
        self.note = self.noted.append
        self.encoded: list[Any] = []
        self.codec = SimpleNamespace(encode=self._encode)

    def _encode(self, _topic: str, value: Any) -> bytes:
        self.encoded.append(value)
        return b""

    @staticmethod
    def require(asker: Asker, action: str, about: WorkPlace) -> None:
        """As every desk does."""
        asker.require(action, about, TABLE)


@pytest.fixture
def desk() -> Any:
    """A desk."""
    return ToldNothing()


def case_of_li(**more: Any) -> Any:
    """Her case, in which a matter of social insurance can be applied for."""
    document = case_document(LI, conflicts=[], **{"records": [], **more})
    document["matters"] = [
        matter(4, "human_resources", "APPLIED"),
        matter(10, "financial_regulation", "READY", instance=BANK),
    ]
    document["form"]["deceased"] = {"id_number": filled(LI_XIULAN), "name": filled("李秀兰")}
    return document


def form(action: str, document: Any, subject: FormSubject, **more: Any) -> DrawnForm:
    """A form as it was drawn on a case."""
    version = version_of(FORMS[action].concerns(document, subject))
    told = {"version": version, "record_id": str(uuid4()), "recorded_at": datetime.now(UTC), **more}
    return DrawnForm(action, document["case_id"], subject=subject, questions=(), **told)


def sent(
    monkeypatch: pytest.MonkeyPatch, desk: Any, asker: Asker, document: Any, sending: DrawnForm
) -> FormOutcome:
    """What comes of sending a form, of which the log takes whatever is fit."""

    @contextmanager
    def free(*_: Any) -> Iterator[Any]:
        yield SimpleNamespace(transaction=free, connection=None)

    monkeypatch.setattr(publishing, "locked_case", free)
    monkeypatch.setattr(publishing, "session_on", free)
    monkeypatch.setattr(publishing, "sent_before", lambda *_: [])
    monkeypatch.setattr(publishing, "is_taken", lambda *_: False)
    monkeypatch.setattr(publishing, "case_or_empty", lambda *_: document)
    monkeypatch.setattr(publishing._FormSending, "_publish", lambda self, *_: self.ended("ANSWERED"))
    return publish(desk, asker, sending, {})


@pytest.mark.parametrize("is_told", [True, False])
def test_who_was_told_nothing_of_a_case_is_not_told_who_is_at_it(
    monkeypatch: pytest.MonkeyPatch, desk: Any, *, is_told: bool
) -> None:
    """Who was told of it is told what has changed; that either was answered is noted."""
    monkeypatch.setattr(look, "announcements_of_case", lambda *_: [])
    asker = HANDLER if not is_told else Asker("根", "shell", {}, "command")
    stale = form("accept", case_of_li(), FormSubject(4), version="state-0")
    if is_told:
        assert sent(monkeypatch, desk, asker, case_of_li(), stale).end == "CHANGED"
    else:
        with pytest.raises(NothingToDoError):
            sent(monkeypatch, desk, asker, case_of_li(), stale)
    assert [(one.action, one.case_ids) for one in desk.noted] == [("accept", (LI,))]


@pytest.mark.parametrize(
    ("action", "subject", "is_there"),
    [
        ("accept", FormSubject(4), True),
        ("accept", FormSubject(10, "兰州银行"), False),
        ("withdraw", FormSubject(kind="hukou_cancellation", record="hukou-1"), False),
        ("withdraw", FormSubject(kind="decision", record=DECISION, department="service_centre"), True),
    ],
    ids=["a matter", "no bank of the case", "no record of the window's", "a decision"],
)
def test_a_form_is_about_what_its_case_has(
    monkeypatch: pytest.MonkeyPatch, desk: Any, action: str, subject: FormSubject, *, is_there: bool
) -> None:
    document = case_of_li(
        decisions=[decision("MATTER_HELD", matter=4, record_id=DECISION)],
        records=[record("hukou-1", "hukou_cancellation", "police")],
    )
    asker = Asker("根", "shell", {}, "command")
    if is_there:
        assert sent(monkeypatch, desk, asker, document, form(action, document, subject)).end == "ANSWERED"
    else:
        with pytest.raises(NothingToDoError):
            sent(monkeypatch, desk, asker, document, form(action, document, subject))


@pytest.mark.parametrize(("department", "is_it"), [("service_centre", True), ("police", False)])
def test_a_record_sent_again_is_the_one_that_the_form_becomes(
    monkeypatch: pytest.MonkeyPatch, desk: Any, department: str, *, is_it: bool
) -> None:
    """The id of another department's record opens no form, and leaves nothing unchecked."""
    document = case_of_li(
        records=[record("one", "application" if is_it else "hukou_cancellation", department)]
    )
    sending = form("apply", document, FormSubject(), record_id="one")
    if is_it:
        assert sent(monkeypatch, desk, CLERK, document, sending).reasons
    else:
        with pytest.raises(NothingToDoError):
            sent(monkeypatch, desk, CLERK, document, sending)


def fit(desk: Any, asker: Asker, action: str, document: Any, typed: Any, **more: Any) -> Any:
    """What is let in of answers: the record, or the names of the fields at fault with the codes."""
    subject = more.pop("subject", FormSubject())
    verdict = admitted(desk, asker, FORMS[action], form(action, document, subject, **more), document, typed)
    return verdict if isinstance(verdict, Admitted) else [(one.code, one.field) for one in verdict]


@pytest.mark.parametrize(("number", "is_hers"), [(LI_XIULAN, True), (WANG_JIANGUO, False)])
def test_an_application_is_of_the_person_whose_case_it_is_sent_to(
    desk: Any, number: str, *, is_hers: bool
) -> None:
    """Else the number of somebody of another county goes in by the id of a case that nobody has."""
    typed = {**APPLIED, "id_number": number, "name": "李秀兰"}
    found = fit(desk, CLERK, "apply", empty_case(LI), typed)
    assert isinstance(found, Admitted) if is_hers else found == [("other_person", "id_number")]


def test_a_record_sent_again_cannot_be_made_another_persons(desk: Any) -> None:
    """With the id of a record that is there neither; who says again what was asked is let in."""
    document = case_of_li(records=[record(again := str(uuid4()), "decision", "service_centre")])
    subject = FormSubject(4, kind="MATTER_HELD")

    def sent(**person: str) -> Any:
        typed = {"reason": "等待", **person}
        return fit(desk, CLERK, "decide", document, typed, subject=subject, record_id=again)

    for own in ({}, {"name": "李秀兰", "id_number": LI_XIULAN}):
        assert isinstance(sent(**own), Admitted)
        assert (desk.encoded[-1]["name"], desk.encoded[-1]["id_number"]) == ("李秀兰", LI_XIULAN)
    assert sent(name="王建国", id_number=WANG_JIANGUO) == [("other_person", "id_number")]


@pytest.mark.parametrize(
    ("materials", "told"),
    [(["1"], None), (5, [("not_a_list", "materials")]), ("1", [("not_a_list", "materials")])],
)
@pytest.mark.parametrize("again", [False, True])
def test_what_is_several_is_a_list(desk: Any, materials: Any, told: Any, *, again: bool) -> None:
    record_id = str(uuid4())
    document = case_of_li(records=[record(record_id, "application", "service_centre")] if again else [])
    found = fit(desk, CLERK, "apply", document, {**APPLIED, "materials": materials}, record_id=record_id)
    assert isinstance(found, Admitted) if told is None else found == told


def test_a_choice_of_thousands_of_digits_is_refused_by_name(desk: Any) -> None:
    ((_, field),) = fit(desk, CLERK, "apply", case_of_li(), {**APPLIED, "materials": ["1" * 5000]})
    assert field.startswith("materials")


@pytest.mark.parametrize("bank", [BANK, "91620500439150008B"])
def test_a_banks_clerk_acknowledges_as_the_bank(desk: Any, bank: str) -> None:
    """By name or by code; whoever stands for the whole department names no bank."""
    subject = FormSubject(10, bank, announcement=str(uuid4()), department="financial_regulation")
    typed = {"id_number": LI_XIULAN, "name": "李秀兰"}
    for within in ({"bank": bank}, {}):
        asker = Asker("刘洋", "bank_clerk", {"department": "financial_regulation", **within}, "api")  # type: ignore[typeddict-item]
        found = fit(desk, asker, "acknowledge", case_of_li(), typed, subject=subject)
        assert isinstance(found, Admitted)
        issuer = {desk.encoded[-1][name] for name in ("issuer_name", "issuer_uscc")} - {None}
        assert issuer == {*within.values()}


@pytest.mark.parametrize(
    ("at", "over"),
    [
        ("2026-03-31T09:59:00+08:00", True),
        ("2026-03-31T01:59:59Z", True),
        ("2026-03-31T02:00:00Z", False),
        ("2026-04-01T09:00:00+08:00", False),
    ],
    ids=["a minute ago", "a second ago, in UTC", "now", "tomorrow"],
)
def test_nobody_is_appointed_for_a_time_that_is_over(desk: Any, at: str, *, over: bool) -> None:
    """Whichever way the form comes in; beside the moment at which it was drawn."""
    typed = {"scheduled_at": at, "place": "家中"}
    drawn_at = datetime(2026, 3, 31, 2, tzinfo=UTC)
    found = fit(desk, CLERK, "appoint", case_of_li(), typed, recorded_at=drawn_at)
    assert found == [("in_the_past", "scheduled_at")] if over else isinstance(found, Admitted)


@pytest.mark.parametrize("at", [None, "", "明天", 5, "2026-03-31T09:00", ["2026-03-31T09:00:00Z"]])
def test_what_is_no_time_is_told_as_such(desk: Any, at: Any) -> None:
    """By acceptance, as of every record."""
    found = fit(desk, CLERK, "appoint", case_of_li(), {"scheduled_at": at, "place": "家中"})
    assert [field for _, field in found] == ["scheduled_at"]
    assert "in_the_past" not in dict(found)
