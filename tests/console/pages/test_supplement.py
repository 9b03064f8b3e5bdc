"""系统补录: the form of a single record, made from the schema of its type."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from exchange.console.pages.supplement.answers import record_of
from exchange.console.pages.supplement.fields import CODES, RecordInput, TypedRecord, groups_of
from exchange.console.pages.supplement.screens import choose_page, form_page, sent_page
from exchange.desk.actions.table import FORMS
from exchange.desk.supplement import BlankRecord, SupplementOutcome
from producers.receipts import Receipt
from tests.console.pages.made_frames import CITY, frame
from tests.console.pages.read_page import Element, faults, find, read_page
from topics.labels import Language
from verification.reasons import reason
from verification.shapes import shape_of

SCHEMAS = CITY.policy.schemas
TYPES = sorted(set(CITY.catalogue.owners) - {kind.record_type for kind in FORMS.values()})
MADE = {"record_id", "recorded_at", "department", "id_number_original"}
RECORD_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def blank(record_type: str) -> BlankRecord:
    return BlankRecord(record_type, RECORD_ID, datetime(2026, 3, 31, 1, 30, tzinfo=UTC))


def asked(record_type: str) -> tuple[Any, ...]:
    return tuple(one for one in shape_of(record_type, SCHEMAS).fields if one.name not in MADE)


def page(
    record_type: str, typed: TypedRecord | None = None, language: Language = "zh", problem: str = ""
) -> Element:
    shown = frame("department_handler", {"department": "police"}, language)
    return read_page(
        form_page(shown, blank(record_type), asked(record_type), typed or TypedRecord(), problem)
    )


def views(record_type: str, typed: TypedRecord | None = None) -> Iterator[RecordInput]:
    def inner(view: RecordInput) -> Iterator[RecordInput]:
        yield view
        for one in view.fields:
            yield from inner(one)

    for group in groups_of(asked(record_type), typed or TypedRecord(), CITY.policy):
        for view in group.fields:
            yield from inner(view)


def inputs(shown: Element) -> dict[str, Element]:
    """Name → input, of all that a form sends."""
    kinds = ("input", "select", "textarea")
    return {one["name"]: one for kind in kinds for one in find(shown, kind) if "name" in one.attributes}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("record_type", TYPES)
def test_every_field_of_every_type_is_asked_for_by_its_name(record_type: str, language: Language) -> None:
    """A department without a system can say all that one with a system says."""
    shown = page(record_type, language=language)
    assert faults(shown) == []
    named = {name.split("[")[0].split(".")[0].split("@")[0] for name in inputs(shown)}
    assert {one.name for one in asked(record_type)} <= named
    for one in views(record_type):
        assert one.name.first(language).strip()


@pytest.mark.parametrize("record_type", TYPES)
def test_every_code_has_its_words(record_type: str) -> None:
    """Nobody chooses among RESIDENT_PENSION and the like."""
    codes = [choice for view in views(record_type) for choice in view.choices]
    assert codes
    for value, name in codes:
        assert name.zh != value or not value.isascii(), value
        assert value == "" or not value.isascii() or value in CODES


def test_what_was_typed_becomes_a_record_as_json_has_it() -> None:
    """Yuan are whole fen, a moment has its offset, a part that is empty is not there."""
    fields = asked("social_insurance")
    texts = {
        "name": " 郭占林 ",
        "scheme": "EMPLOYEE_PENSION",
        "receiving_benefit": "yes",
        "account_balance_fen": "1,234.50",
        "social_card.active": "no",
        "revision": "2",
        "other": "ignored",
    }
    assert record_of(fields, texts) == {
        "name": "郭占林",
        "scheme": "EMPLOYEE_PENSION",
        "receiving_benefit": True,
        "account_balance_fen": 123450,
        "social_card": {"active": False},
        "revision": 2,
    }


def test_a_death_may_have_a_day_alone() -> None:
    """Nobody makes up a time of day."""
    fields = asked("cremation")
    typed = {"death_time": "2026-03-17", "cremation_time": "2026-03-19", "cremation_time@time": "08:50"}
    assert record_of(fields, typed) == {
        "death_time": "2026-03-17",
        "cremation_time": "2026-03-19T08:50+08:00",
    }


def test_rows_are_as_many_as_were_typed_and_none_is_an_answer_too() -> None:
    """An empty list says that there is no holding; nothing at all says that nobody knows."""
    fields = asked("equity")
    typed = {"holdings[0].company_name": "甲公司", "holdings[2].uscc": "9162", "holdings[1].uscc": " "}
    assert record_of(fields, typed) == {"holdings": [{"company_name": "甲公司"}, {"uscc": "9162"}]}
    assert record_of(fields, {"holdings@none": "yes"}) == {"holdings": []}
    assert record_of(fields, {}) == {}
    rows = [one.path for one in views("equity", TypedRecord(typed)) if one.path.endswith("]")]
    assert rows == ["holdings[0]", "holdings[1]", "holdings[2]", "holdings[3]"]


def test_what_is_no_amount_goes_on_as_it_was_typed() -> None:
    """Admission says so by its own reason, and the input keeps it."""
    fields = asked("provident_fund")
    assert record_of(fields, {"balance_fen": "many", "revision": "1.5"}) == {
        "balance_fen": "many",
        "revision": "1.5",
    }


def test_what_is_wrong_stands_at_its_field_and_all_that_was_typed_is_kept() -> None:
    """Nobody types anything twice."""
    typed = {
        "name": 'a"<b>',
        "id_number": "620502",
        "cremation_place": "天水市殡仪馆",
        "death_time": "2026-03-17",
        "death_time@time": "09:12",
    }
    wrong = (
        reason("id_length_wrong", "id_number"),
        reason("field_missing", "cremation_time"),
        reason("rule_failed"),
    )
    shown = page("cremation", TypedRecord(typed, wrong))
    assert faults(shown) == []
    sent = inputs(shown)
    assert {name: sent[name]["value"] for name in typed} == typed
    assert sent["id_number"]["aria-invalid"] == "true"
    assert "aria-invalid" not in sent["name"].attributes
    (errors,) = find(shown, "div", **{"class": "errors"})
    assert [one["href"] for one in find(errors, "a")] == ["#f-id-number", "#f-cremation-time"]
    assert "id_length_wrong" in errors.text
    assert "rule_failed" in errors.text
    assert len(find(shown, "span", **{"class": "wrong"})) == 2


def test_the_form_keeps_its_id_and_time() -> None:
    """Sent again after a mistake, or after a line broke, it is the same record."""
    sent = inputs(page("cremation", TypedRecord({}, (reason("field_missing", "name"),))))
    assert (sent["record_id"]["value"], sent["recorded_at"]["value"]) == (
        RECORD_ID,
        "2026-03-31T01:30:00+00:00",
    )


def test_enter_publishes_and_adds_no_row() -> None:
    """The first button is what Enter presses in a browser."""
    buttons = [
        one for one in find(page("equity"), "button") if one.attributes.get("name") in {"send", "more"}
    ]
    assert buttons[0]["name"] == "send"


def test_neither_address_nor_title_names_anybody() -> None:
    """They stay in the browser's history."""
    shown = page("cremation", TypedRecord({"name": "郭占林", "id_number": "620502194007100012"}))
    told = [
        find(shown, "title")[0].text,
        *(one["href"] for one in find(shown, "a")),
        *(one.attributes.get("action", "") for one in find(shown, "form")),
    ]
    assert not any("郭占林" in one or "6205021940" in one for one in told)
    assert all(
        one["method"] == "post"
        for one in find(shown, "form")
        if "supplement" in one.attributes.get("action", "")
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_types_are_chosen_by_their_names(language: Language) -> None:
    """Those of the own department."""
    shown = read_page(
        choose_page(
            frame("department_handler", {"department": "police"}, language),
            ("abnormal_death", "driving_licence"),
        )
    )
    assert faults(shown) == []
    links = [one for one in find(shown, "a", **{"class": "whole"})]
    assert [one["href"] for one in links] == [
        "/console/supplement/abnormal_death",
        "/console/supplement/driving_licence",
    ]
    assert {"zh": "驾驶证", "en": "driving licence"}[language] in links[1].text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("status", ["ACCEPTED", "DUPLICATE", "HELD", ""])
def test_a_receipt_says_what_became_of_the_record(status: str, language: Language) -> None:
    """Also where the exchange has not come to it yet."""
    receipt = Receipt(1, RECORD_ID, status, (), (reason("rule_failed"),), "5d41402abc4b2a76b9719d911017c592")
    outcome = SupplementOutcome((), receipt) if status else SupplementOutcome()
    shown = read_page(
        sent_page(
            frame("department_handler", {"department": "civil_affairs"}, language),
            blank("cremation"),
            outcome,
        )
    )
    assert faults(shown) == []
    assert RECORD_ID in shown.text
    links = [one["href"] for one in find(shown, "a") if "/cases/" in one["href"]]
    assert links == (["/console/cases/5d41402abc4b2a76b9719d911017c592"] if status else [])
