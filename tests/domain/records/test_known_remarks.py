"""What was once looked for in a record is not looked for again, and is never taken for another's."""

from dataclasses import replace

import pytest

from exchange.domain.case import case_of
from exchange.domain.identity import persons
from exchange.domain.policy import load_policy
from exchange.domain.records import known_remarks
from exchange.domain.records.known_remarks import remarks_of
from tests.cases import CASE_ID, given, state_of, take
from tests.people import id_number
from verification.acceptance_rules import AcceptanceRules
from verification.records import Record
from verification.remarks import Remark, remarks

AGED = given("death_certificate", id_number=id_number())
RULES = load_policy().acceptance


def test_each_record_of_a_case_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next record costs one look, not one at each of those before."""
    looked: list[str] = []

    def look(record: Record, rules: AcceptanceRules) -> tuple[Remark, ...]:
        looked.append(record.record_id)
        return remarks(record, rules)

    monkeypatch.setattr(known_remarks, "remarks", look)
    known_remarks._looked_for.cache_clear()
    state = state_of([given("death_certificate"), given("notary"), given("equity")])
    case_of(state, load_policy())
    case_of(take(state, given("cremation"), 3).state, load_policy())
    assert len(looked) == len(set(looked)) == 4


def test_other_rules_and_another_number_are_looked_at_anew() -> None:
    """A handler's link gives a record another number, and with it another age; its digest stays."""
    entry = state_of([AGED]).taken[0]
    assert remarks_of(entry, RULES) == ()
    older = replace(entry, record=replace(entry.record, id_number="620502" + "18700101" + "0010"))
    assert [one.code for one in remarks_of(older, RULES)] == ["age_doubtful"]
    gone = replace(RULES, oldest_age_years=1)
    assert [one.code for one in remarks_of(entry, gone)] == ["age_doubtful"]
    assert remarks_of(entry, RULES) == ()


def test_whose_records_these_are_is_asked_once_of_one_state() -> None:
    """Two states with the same records are two: nothing is taken from the one for the other."""
    state = state_of([given("death_certificate"), given("notary")])
    assert persons.persons_of(state) is persons.persons_of(state)
    other = replace(state, case_id=CASE_ID[:-1] + "1")
    assert persons.persons_of(other) is not persons.persons_of(state)
    assert persons.persons_of(other).documents == persons.persons_of(state).documents
