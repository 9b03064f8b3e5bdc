"""A conflict: both sides alike, nothing chosen beforehand, and asking is always the last choice."""

from datetime import timedelta
from typing import Any

import pytest

from exchange.console.pages.forms import FormSheetView, WrongField
from exchange.console.pages.rulings.deciding import _against_the_others
from exchange.console.pages.rulings.ruling import (
    ASK,
    ConflictAsked,
    RulingView,
    asked_page,
    conflict_of,
    held_by,
    ruling_page,
)
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.table import FORMS
from exchange.desk.drawing import form_of
from tests.case_documents import ESTABLISHED_AT, application, case_document, conflict, matter, record
from tests.console.pages.made_frames import CITY, frame
from tests.console.pages.read_page import Element, faults, find, read_page, sent_by
from topics.labels import Language, Words

CASE = "5d41402abc4b2a76b9719d911017c592"
DATES = ("2026-01-03T20:15:00.000000Z", "2026-01-04T00:00:00.000000Z")
TWO = "applicants_differ"


def waits(*prerequisites: str) -> list[dict[str, Any]]:
    """For what a matter waits."""
    return [{"prerequisite": one, "owed_by": ["health"], "since": ESTABLISHED_AT} for one in prerequisites]


def sides(found: dict[str, Any], *record_ids: str) -> dict[str, Any]:
    """A conflict between these records."""
    for one, record_id in zip(found["values"], record_ids, strict=True):
        one |= {"record_id": record_id, "recorded_at": ESTABLISHED_AT + timedelta(hours=len(record_id))}
    return found


def dates() -> Any:
    """A case in which two proofs name different days."""
    found = sides(
        conflict("deceased.death_time", *DATES, rule="death_date_differs", decisive=True),
        "certificate-1",
        "declaration-1",
    )
    return case_document(
        case_id=CASE,
        conflicts=[found, conflict("deceased.name", "李秀兰", "李秀蓝")],
        records=[
            record("certificate-1", "death_certificate", "health"),
            record("declaration-1", "death_declaration", "service_centre", revision=2),
        ],
        matters=[
            matter(3, "police", "SUSPENDED", waiting_for=waits("death")),
            matter(8, "provident_fund", "SUSPENDED", waiting_for=waits("death", "provident_fund")),
            matter(9, "justice", "COMPLETED", waiting_for=waits("death")),
        ],
    )


def applicants() -> Any:
    """A case in which two people apply for the housing fund."""
    found = sides(
        conflict("applicant.name", "王建国", "王建军", rule=TWO, decisive=True), "application-1", "a2"
    )
    found["matter"] = 8
    return case_document(
        case_id=CASE,
        conflicts=[found],
        applications=[application(), application() | {"record_id": "a2", "channel": "ONLINE"}],
        matters=[
            matter(8, "provident_fund", "SUSPENDED", waiting_for=waits("choice_of_applicant")),
            matter(7, "medical_insurance", "SUSPENDED", waiting_for=waits("choice_of_applicant")),
        ],
    )


def view(document: Any, posted: Any = None, *wrong: WrongField) -> RulingView:
    """The first conflict of a case, as it is being decided."""
    found = document["conflicts"][0]
    subject = FormSubject(found["matter"], kind="CONFLICT_RESOLVED")
    form = form_of(FORMS["decide"], document, subject, CITY.policy, "record-1", ESTABLISHED_AT)
    return RulingView(FormSheetView(form, posted or {}, wrong), document, found)


def test_what_two_departments_say_alike_is_one_choice() -> None:
    """It names both, and overrules the third alone; two applicants of one name stay two."""
    document = dates()
    found = conflict("deceased.name", "高国栋", "赵冬生", "高国栋")
    document["conflicts"] = [sides(found, "certificate-1", "r2", "declaration-1")]
    page = read_page(ruling_page(frame(), view(document)))
    assert faults(page) == []
    assert [one for one, _ in choices(page)] == ["certificate-1", "r2", ASK]
    source = find(find(page, "div", **{"class": "rival"})[0], "dd")[0].text
    assert "死亡证明第1版" in source
    assert "宣告死亡第2版" in source
    posted = sent_by(page)
    assert _against_the_others(posted, "certificate-1")["several.overrules"] == ["r2"]
    assert _against_the_others(posted, "r2")["several.overrules"] == ["certificate-1", "declaration-1"]
    asked = read_page(asked_page(frame(), view(document)))
    assert len(find(find(asked, "ul", **{"class": "steps"})[0], "li")) == 2
    namesakes = applicants()
    for one in namesakes["conflicts"][0]["values"]:
        one["value"] = "王建国"
    assert len(choices(read_page(ruling_page(frame(), view(namesakes))))) == 3


def choices(page: Element) -> list[tuple[str, bool]]:
    """The choices in their order, and whether each is chosen."""
    found = find(page, "input", name="one.in_favour_of")
    return [(one["value"], "checked" in one.attributes) for one in found]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("document", [dates(), applicants()], ids=["dates", "applicants"])
def test_nothing_is_chosen_beforehand_and_asking_comes_last(document: Any, language: Language) -> None:
    """Each side says whose record it is, and since when."""
    page = read_page(ruling_page(frame(language=language), view(document)))
    assert faults(page) == []
    rivals = [one["record_id"] for one in document["conflicts"][0]["values"]]
    assert choices(page) == [(one, False) for one in (*rivals, ASK)]
    assert [one["value"] for one in find(page, "input", name="several.overrules")] == rivals
    assert not any(one in page.text for one in ("CONFLICT_RESOLVED", "death_time", "None"))
    sources = [find(one, "dd")[0].text for one in find(page, "div", **{"class": "rival"})]
    assert len(set(sources)) == len(sources) or document["conflicts"][0]["rule"] == TWO


def test_each_choice_says_what_it_frees() -> None:
    """What waits for something else besides is not freed by it, and what is decided was not held."""
    held = list(held_by(view(dates()), frame()))
    assert [(one.name, len(one.besides)) for one in held] == [("户口注销", 0), ("住房公积金提取（死亡）", 1)]
    page = read_page(ruling_page(frame(), view(dates())))
    for one in find(page, "div", **{"class": "rival"}):
        assert "1个事项继续办理：" in find(one, "b")[0].text
        assert "住房公积金提取（死亡）：还在等" in one.text
    assert "另有1处待核定" in page.text


def test_a_conflict_that_holds_records_is_not_said_to_hold_nothing() -> None:
    """Of a name that differs all records wait, so matters pause that wait for no ruling by name."""
    paused = [matter(3, "police", "SUSPENDED", waiting_for=waits("death")), matter(9, "justice", "COMPLETED")]
    for decisive, told in ((True, "停办1个事项"), (False, "没有事项因此停办")):
        found = conflict("deceased.name", "高国栋", "赵冬生", rule="", decisive=decisive)
        document = case_document(case_id=CASE, conflicts=[sides(found, "r1", "r2")], matters=paused)
        page = read_page(ruling_page(frame(), view(document)))
        assert faults(page) == []
        assert told in page.text


def test_of_two_applicants_the_one_matter_is_decided() -> None:
    """The choice says nothing of other matters, nor of who inherits."""
    assert [one.name for one in held_by(view(applicants()), frame())] == ["住房公积金提取（死亡）"]
    page = read_page(ruling_page(frame(), view(applicants())))
    assert "不核定继承权" in page.text
    assert "线上" in page.text


def test_a_name_that_differs_holds_no_matter_and_says_so() -> None:
    """The form follows the choice."""
    document = dates()
    document["conflicts"].reverse()
    page = read_page(ruling_page(frame(), view(document)))
    assert "没有事项因此停办" in page.text
    assert "没有停办的事项" in page.text


def test_what_was_chosen_and_typed_comes_back() -> None:
    """A reason that is lacking takes nothing from the choice."""
    posted = {"one.in_favour_of": ["declaration-1"], "text.reason": ["电话核实"]}
    wrong = WrongField("reason", Words("请填写", "missing"))
    page = read_page(ruling_page(frame(), view(dates(), posted, wrong)))
    assert faults(page) == []
    assert ("declaration-1", True) in choices(page)
    assert find(page, "textarea")[0].text == "电话核实"
    lacking = WrongField("in_favour_of", Words("请先选定", "choose"))
    again = read_page(ruling_page(frame(), view(dates(), {}, lacking)))
    assert [one["href"] for one in find(find(again, "div", **{"class": "errors"})[0], "a")] == [
        "#f-in_favour_of"
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("document", [dates(), applicants()], ids=["dates", "applicants"])
def test_whoever_takes_no_side_is_told_whom_to_ask(document: Any, language: Language) -> None:
    """Nothing is published, and nothing more asked."""
    page = read_page(asked_page(frame(language=language), view(document)))
    assert faults(page) == []
    assert len(find(find(page, "ul", **{"class": "steps"})[0], "li")) == 2


def test_a_conflict_is_named_without_anybodys_name() -> None:
    """By what it is about; one that is settled is found no more."""
    asked = ConflictAsked("death_date_differs", "deceased.death_time")
    assert conflict_of(dates(), asked) is not None
    assert conflict_of(dates(), ConflictAsked(TWO, "applicant.name", 8)) is None
    assert conflict_of(applicants(), ConflictAsked(TWO, "applicant.name", 8)) is not None
    page = read_page(ruling_page(frame(), view(applicants())))
    (form,) = [one for one in find(page, "form") if "data-main" in one.attributes]
    assert form["action"] == f"/console/cases/{CASE}/ruling?rule={TWO}&field=applicant.name&matter=8"
    told = [find(page, "title")[0].text, *(one["href"] for one in find(page, "a"))]
    assert not any("王建国" in one or "李秀兰" in one for one in told)
