"""The pages of forms: what the desk asks is asked, and nothing that was typed is lost."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from exchange.console.pages.forms import (
    FormSheetView,
    WrongField,
    answers_in,
    drawn_in,
    form_page,
    wrong_fields,
)
from exchange.console.pages.outcome import outcome_page
from exchange.console.pages.subjects import subjects_page
from exchange.desk.actions.changes import ConcernChange
from exchange.desk.actions.drawn import DrawnForm, FormQuestion, FormSubject
from exchange.desk.actions.entries import record_entries, subject_entry
from exchange.desk.actions.table import FORMS
from exchange.desk.drawing import SubjectUnclearError, form_of
from exchange.desk.publishing.outcome import FormOutcome
from exchange.serving.problems import ProblemError
from producers.receipts import Receipt
from tests.case_documents import ESTABLISHED_AT, case_document, matter, record
from tests.console.pages.made_frames import CITY, frame
from tests.console.pages.read_page import faults, find, read_page, sent_by, walk
from topics.labels import Language, Words
from verification.reasons import Reason, reason

NOW = datetime(2026, 3, 31, 2, 0, tzinfo=UTC)
CASE_ID = "0" * 31 + "1"


def drawn(action: str, subject: FormSubject = FormSubject(), **more: Any) -> DrawnForm:  # noqa: B008
    """The form of an action on the made-up case."""
    document = cast("Any", case_document(case_id=CASE_ID, **more))
    return form_of(FORMS[action], document, subject, CITY.policy, "record-1", NOW)


def every_form() -> list[DrawnForm]:
    """A form of each action but the one that asks nobody."""
    matter = FormSubject(3)
    application = FormSubject(application="application-1")
    handed = {"matters": [], "handovers": []}
    return [
        drawn("apply"),
        drawn("examine", application),
        drawn("hand_out", **handed),
        drawn("appoint"),
        drawn("enquire"),
        drawn("accept", matter),
        drawn("return", matter),
        drawn("result", matter),
        drawn("decide", FormSubject(2, kind="MATTER_HELD")),
        drawn("decide", FormSubject(kind="CONFLICT_RESOLVED")),
        drawn("decide", FormSubject(kind="PERSON_LINKED")),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", every_form(), ids=lambda form: f"{form.action}-{form.subject.kind}")
def test_every_form_is_a_whole_page_and_comes_back_as_it_was_drawn(
    form: DrawnForm, language: Language
) -> None:
    """One page for all of them: each question has its field, and the record keeps its id and time."""
    page = read_page(form_page(frame(language=language), FormSheetView(form)))
    assert faults(page) == []
    assert len({one["id"] for one in find(page, "form") if "id" in one.attributes}) == 0
    sent = sent_by(page)
    again = drawn_in(sent, form.action, form.case_id)
    assert again == replace(form, questions=())


def test_what_was_typed_stays_and_what_is_wrong_is_told_beside_it() -> None:
    """Nobody types anything twice."""
    form = drawn("result", FormSubject(3))
    posted = {
        "one.outcome": ["REJECTED"],
        "text.reason": ["<材料不齐>"],
        "fen.amount_fen": ["12,5x"],
        "texts.answer": ["甲\r\n乙"],
    }
    _, wrong = answers_in(posted)
    wrong += (WrongField("outcome", Words("须重选", "choose again")),)
    page = read_page(form_page(frame(), FormSheetView(form, posted, wrong)))
    assert faults(page) == []
    (errors,) = find(page, "div", **{"class": "errors"})
    assert {one["href"] for one in find(errors, "a")} == {"#f-amount_fen", "#f-outcome"}
    assert find(page, "input", id="f-amount_fen")[0]["value"] == "12,5x"
    assert find(page, "input", id="f-amount_fen")[0]["aria-invalid"] == "true"
    assert find(page, "textarea", id="f-reason")[0].text == "<材料不齐>"
    assert find(page, "option", value="REJECTED")[0].attributes.keys() >= {"selected"}


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (
            reason("id_checksum_wrong", "applicant.id_number", "620502195001010011"),
            ("申请人·公民身份证号码（620***11）的校验码不符", "applicant id number (620***11)"),
        ),
        (reason("code_unknown", "materials[0]"), ("申请材料", "materials")),
        (reason("record_id_reused"), ("record_id", "id")),
    ],
    ids=["of a field", "of a field in a list", "of the whole record"],
)
def test_what_is_wrong_is_told_by_the_names_of_fields(why: Reason, told: tuple[str, str]) -> None:
    """Nobody at a counter knows the codes of fields."""
    (wrong,) = wrong_fields([why], drawn("apply"), CITY.policy)
    assert wrong.name == why.field
    for text, name in zip((wrong.told.zh, wrong.told.en), told, strict=True):
        assert name in text
        assert not why.field or why.field not in text


def test_who_comes_second_reads_what_changed_and_by_whom() -> None:
    """Two browsers on one case."""
    change = ConcernChange("results", "human_resources", ESTABLISHED_AT)
    sheet = FormSheetView(drawn("accept", FormSubject(3)), changes=(change, ConcernChange("state")))
    page = read_page(form_page(frame(), sheet))
    (errors,) = find(page, "div", **{"class": "errors"})
    assert "市人社局" in errors.text


def test_fields_are_read_by_how_they_are_typed() -> None:
    """Money in yuan, several lines, several ticks, yes or no, and a moment in the city's time."""
    posted = {
        "text.reason": [" 已核 "],
        "texts.to_correct": ["缺户口簿\r\n\r\n 缺照片 "],
        "several.matters": ["3", "4"],
        "yes_no.burial": ["no"],
        "fen.amount_fen": ["1,234.50"],
        "instant.scheduled_at": ["2026-04-01T09:30"],
        "one.delivery": ["MAIL"],
        "text.empty": ["  "],
        "record_id": ["record-1"],
        "strange.name": ["x"],
    }
    assert answers_in(posted) == (
        {
            "reason": "已核",
            "to_correct": ["缺户口簿", "缺照片"],
            "matters": ["3", "4"],
            "burial": False,
            "amount_fen": 123450,
            "scheduled_at": "2026-04-01T09:30+08:00",
            "delivery": "MAIL",
        },
        (),
    )


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"record_id": ["1"], "recorded_at": ["yesterday"], "version": [""]},
        {"record_id": ["1"], "recorded_at": [NOW.isoformat()], "version": ["v"], "subject.matter": ["x"]},
        {"record_id": ["1"], "recorded_at": [NOW.isoformat()], "version": ["v"], "subject.strange": ["x"]},
    ],
    ids=["empty", "time", "matter", "part"],
)
def test_what_was_not_drawn_is_not_sent(posted: dict[str, list[str]]) -> None:
    """A link that was changed is a request that cannot be read, and no fault of ours."""
    with pytest.raises(ProblemError):
        drawn_in(posted, "accept", CASE_ID)


def test_results_to_hand_out_are_ticked_already_and_told_by_what_they_are() -> None:
    """Who hands all of them out ticks nothing."""
    ended = matter(4, "human_resources", "COMPLETED", results=[{"record_id": "result-1"}])
    result = record("result-1", "result", "human_resources")
    entries = record_entries(cast("Any", {"records": [result], "matters": [ended]}))
    asked = FormQuestion(
        "results", "several", ("result-1",), needed=True, all_by_default=True, entries=entries
    )
    form = replace(drawn("hand_out", matters=[]), questions=(asked,))
    page = read_page(form_page(frame(), FormSheetView(form)))
    (box,) = find(page, "input", type="checkbox")
    assert "checked" in box.attributes
    assert "市人社局" in find(page, "fieldset")[0].text
    assert frame().naming.matter(4) in find(page, "fieldset")[0].text
    none = read_page(form_page(frame(), FormSheetView(form, {"record_id": ["record-1"]})))
    assert "checked" not in find(none, "input", type="checkbox")[0].attributes


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("end", ["ANSWERED", "BEING_PROCESSED", "CHANGED", "UNFIT", "BUSY", "AWAY"])
def test_every_outcome_says_what_to_do_next(end: Any, language: Language) -> None:
    """Where it is not known whether it is in, the same form can be sent again: it is one record."""
    form = drawn("accept", FormSubject(3))
    receipt = Receipt(1, "record-1", "ACCEPTED", (), (), CASE_ID) if end == "ANSWERED" else None
    posted = {"record_id": ["record-1"], "text.reason": ["已核"]}
    shown = frame(language=language, here="/console/cases/x/forms/accept")
    page = read_page(outcome_page(shown, FormOutcome(end, form, {}, receipt), posted))
    assert faults(page) == []
    again = find(page, "form", action="/console/cases/x/forms/accept")
    assert len(again) == (1 if end in {"BUSY", "AWAY"} else 0)
    if again:
        assert find(again[0], "input", name="text.reason")[0]["value"] == "已核"
    (onward,) = find(page, "a", href=f"/console/cases/{CASE_ID}#m3")
    assert ("data-focus" in onward.attributes) == (end == "ANSWERED"), "Enter goes on where nothing is left"


def test_a_record_that_was_rejected_says_why() -> None:
    """It is in the log, and has no effect."""
    why = reason("field_missing", "reason")
    receipt = Receipt(1, "record-1", "REJECTED", (why,), (), CASE_ID)
    page = outcome_page(frame(), FormOutcome("ANSWERED", drawn("accept", FormSubject(3)), {}, receipt), {})
    assert why.message_zh not in page
    assert "缺少理由。" in page
    assert "没有通过校验" in page


def test_where_several_are_meant_each_is_a_link() -> None:
    """Which matter, bank, application or kind of decision."""
    subjects = (FormSubject(10, "中国银行"), FormSubject(2, kind="MATTER_HELD"), FormSubject())
    unclear = SubjectUnclearError("decide", subjects, (None,) * 3, awaited=subjects)
    page = read_page(subjects_page(frame(), "decide", CASE_ID, unclear))
    assert faults(page) == []
    ways = [one for one in find(page, "a", **{"class": "whole"})]
    assert [one["href"].rpartition("/")[2] for one in ways] == [
        "decide?matter=10&instance=%E4%B8%AD%E5%9B%BD%E9%93%B6%E8%A1%8C",
        "decide?matter=2&kind=MATTER_HELD",
        "decide",
    ]
    assert "中国银行" in ways[0].text
    assert ways[2].text == "全部"
    assert not find(page, "details", **{"class": "box__body"})


@pytest.mark.parametrize("awaited", [0, 1])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_case_does_not_wait_for_is_folded_away(language: Language, awaited: int) -> None:
    """And where it waits for nothing, that is said instead of dozens of rows."""
    subjects = tuple(FormSubject(number, kind="MATTER_HELD") for number in (2, 3, 4))
    unclear = SubjectUnclearError("decide", subjects, (None,) * 3, awaited=subjects[:awaited])
    page = read_page(subjects_page(frame(language=language), "decide", CASE_ID, unclear))
    assert faults(page) == []
    (folded,) = find(page, "details", **{"class": "box__body"})
    assert "open" not in folded.attributes
    assert len(find(folded, "a", **{"class": "whole"})) == 3 - awaited
    assert len(find(page, "a", **{"class": "whole"})) == 3
    assert str(3 - awaited) in find(folded, "summary")[0].text
    told = {"zh": "现在没有需要核定的", "en": "Nothing has to be decided now"}[language]
    assert (told in page.text) is (not awaited)


@pytest.mark.parametrize(
    ("action", "record_id", "field", "told"),
    [
        ("examine", "application-1", "applicant.name", ("申请 市政务服务中心", "事项3、10", "王建国")),
        ("reply", "enquiry-1", "enquiry.text", ("诉求 市政务服务中心", "何时办结？")),
    ],
    ids=["examine", "reply"],
)
def test_a_record_is_known_by_what_it_is_about(
    action: str, record_id: str, field: str, told: tuple[str, ...]
) -> None:
    """Nobody can tell records by their ids, nor answer what they cannot read."""
    asked = {"text": "何时办结？", "matter": 4, "reply": None, "closed_at": None, "handler": None}
    enquiry = {"record_id": "enquiry-1", "recorded_at": ESTABLISHED_AT, **asked}
    entries = [record(one, one.partition("-")[0], "service_centre") for one in ("application-1", "enquiry-1")]
    document = cast("Any", case_document(case_id=CASE_ID, records=entries, enquiries=[enquiry]))
    of_application = action == "examine"
    subject = FormSubject(application=record_id) if of_application else FormSubject(record=record_id)
    form = form_of(FORMS[action], document, subject, CITY.policy, "record-1", NOW)
    line = form_page(frame(), FormSheetView(form, entry=subject_entry(document, subject, (field,))))
    assert all(part in line for part in told)
    assert record_id not in read_page(line).text
    none = form_page(frame(), FormSheetView(form, entry=subject_entry(document, subject, ())))
    assert told[-1] not in none, "only what the form of this action shows"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_application_is_chosen_by_day_applicant_and_matters(language: Language) -> None:
    """Nobody types an id; the applicant's name is masked, and where nobody has applied it is not asked."""
    application = record("application-1", "application", "service_centre")
    form = drawn("appoint", records=[application])
    page = read_page(form_page(frame(language=language), FormSheetView(form)))
    assert faults(page) == []
    (choice,) = find(page, "select", id="f-application")
    assert [one["value"] for one in find(choice, "option")] == ["", "application-1"]
    told = find(choice, "option")[1].text
    assert all(
        part in told for part in (("1月5日", "王**", "户口") if language == "zh" else ("5 January", "王**"))
    )
    assert "王建国" not in page.text
    nobody = read_page(form_page(frame(), FormSheetView(drawn("appoint", applications=[]))))
    assert not find(nobody, "select", id="f-application")


def test_times_have_fields_of_their_own_by_the_clock_of_china() -> None:
    """A moment that must lie ahead begins with the form; a day is a day."""
    page = read_page(form_page(frame(), FormSheetView(drawn("appoint"))))
    (when,) = find(page, "input", name="instant.scheduled_at")
    assert (when["type"], when["min"]) == ("datetime-local", "2026-03-31T10:00")
    assert "北京时间" in page.text
    asked = read_page(form_page(frame(), FormSheetView(drawn("enquire"))))
    (closed,) = find(asked, "input", name="day.closed_at")
    assert (closed["type"], closed["max"]) == ("date", "2026-03-31")
    (matter,) = find(asked, "select", id="f-matter")
    assert len(find(matter, "option")) == 13
    assert answers_in({"day.closed_at": ["2026-03-30"], "one.matter": ["4"]}) == (
        {"closed_at": "2026-03-30", "matter": "4"},
        (),
    )


@pytest.mark.parametrize("form", every_form(), ids=lambda form: f"{form.action}-{form.subject.kind}")
def test_every_form_says_whose_case_it_is(form: DrawnForm) -> None:
    """By the name, as the desk lets the visitor read it, and the number of the case."""
    page = read_page(form_page(frame(), FormSheetView(form, name="李**")))
    (head,) = find(page, "div", **{"class": "head"})
    assert "李**" in head.text
    assert CASE_ID in head.text
    (nameless,) = find(read_page(form_page(frame(), FormSheetView(form))), "div", **{"class": "head"})
    assert "姓名不详" in nameless.text


@pytest.mark.parametrize("action", ["examine", "apply"])
def test_each_material_stands_in_a_form_once(action: str) -> None:
    """With two boxes: handed in, and sighted as an original; each keeps what was ticked.

    What data verifies has none: there is no paper that anybody could say to have seen.
    """
    subject = FormSubject(application="application-1") if action == "examine" else FormSubject()
    posted = {"record_id": ["1"], "several.materials": ["1"], "several.originals_sighted": ["2"]}
    form = drawn(action, subject)
    page = read_page(form_page(frame(), FormSheetView(form, posted)))
    assert faults(page) == []
    (asked,) = (one for one in form.questions if one.name == "materials")
    verified = {kind for kind, state in asked.standing.items() if state == "verified_by_data"}
    assert verified == ({"4"} if action == "examine" else set())
    assert page.text.count("数据核验通过") == page.text.count("不用纸质材料") == len(verified)
    heads = [one.text for one in find(page, "th", scope="row")]
    assert len(heads) == len(set(heads)) == len(asked.choices) > 2
    for name, ticked in (("materials", "1"), ("originals_sighted", "2")):
        boxes = find(page, "input", name=f"several.{name}")
        assert [one["value"] for one in boxes] == [one for one in asked.choices if one not in verified]
        assert [one["value"] for one in boxes if "checked" in one.attributes] == [ticked]
    wrong = (WrongField("originals_sighted", Words("不是材料", "no material")),)
    told = read_page(form_page(frame(), FormSheetView(form, posted, wrong)))
    assert find(told, "span", id="f-originals_sighted")[0].text == "不是材料"
    assert faults(told) == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("action", "status", "role", "is_next"),
    [
        ("accept", "ACCEPTED", "department_handler", True),
        ("accept", "REJECTED", "department_handler", False),
        ("accept", "ACCEPTED", "window_clerk", False),
        ("return", "ACCEPTED", "department_handler", False),
    ],
    ids=["accepted", "not taken", "not theirs", "returned"],
)
def test_whoever_accepts_goes_on_to_the_result_with_one_key(
    action: str, status: str, role: str, *, is_next: bool, language: Language
) -> None:
    """The way to the form of the result has the focus, for the same matter and bank; else the case has."""
    form = drawn(action, FormSubject(10, "甘肃银行"))
    receipt = Receipt(1, "record-1", cast("Any", status), (), (), CASE_ID)
    page = read_page(
        outcome_page(frame(role, language=language), FormOutcome("ANSWERED", form, {}, receipt), {})
    )
    assert faults(page) == []
    (focused,) = (one for one in walk(page) if "data-focus" in one.attributes)
    at = f"/console/cases/{CASE_ID}"
    following = f"{at}/forms/result?matter=10&instance=" if is_next else f"{at}#m10"
    assert focused.tag == "h1" if status == "REJECTED" else focused["href"].startswith(following)
