"""The demo's self-check: a lost record, a missing answer or a wrong order does not go unnoticed."""

from dataclasses import replace
from random import Random

import pytest

from exchange.command.demo.checks import faults_of
from exchange.command.demo.publishing import PublishedCity
from exchange.runtime.city import City
from producers.receipts import Receipt
from producers.sample.people import Person, Register
from tests.cases import given, record_id

CASE = "a" * 32
LINES = tuple({"type": kind, "record": given(kind)[1]} for kind in ("notary", "equity"))
RECEIPTS = tuple(
    Receipt(number, line["record"]["record_id"], "ACCEPTED", (), (), CASE)
    for number, line in enumerate(LINES, 1)
)
PUBLISHED = PublishedCity(LINES, RECEIPTS, 1.0)
CASES = {CASE: {"records": [{"record_id": record_id(kind)} for kind in ("notary", "equity")]}}


def test_nothing_is_wrong_when_every_line_has_its_answer_and_its_place() -> None:
    """The usual end of a demo."""
    assert faults_of(2, PUBLISHED, CASES) == []


@pytest.mark.parametrize(
    ("lines", "published", "cases"),
    [
        pytest.param(3, PUBLISHED, CASES, id="a receipt is missing"),
        pytest.param(2, replace(PUBLISHED, receipts=RECEIPTS[::-1]), CASES, id="receipts out of order"),
        pytest.param(
            2,
            replace(PUBLISHED, receipts=(RECEIPTS[0], replace(RECEIPTS[1], status="LOST"))),
            CASES,
            id="a status of no meaning",
        ),
        pytest.param(2, PUBLISHED, {}, id="a case is missing"),
        pytest.param(2, PUBLISHED, {CASE: {"records": CASES[CASE]["records"][:1]}}, id="a record is missing"),
    ],
)
def test_what_does_not_add_up_is_said(lines: int, published: PublishedCity, cases: dict[str, object]) -> None:
    """One sentence for each fault, and so exit code 1."""
    assert len(faults_of(lines, published, cases)) == 1


def test_a_persons_case_is_found_by_any_receipt() -> None:
    """The one that is told as a story."""
    number = LINES[0]["record"]["id_number"]
    known: Person = replace(_somebody(), number=number)
    assert PUBLISHED.case_of(known) == CASE
    assert PUBLISHED.case_of(_somebody()) == ""


def _somebody() -> Person:
    return Register(Random(1), City().sample).resident()
