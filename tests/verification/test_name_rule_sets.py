"""What is no name, or more than one: each set of rules with its bad names, beside many real ones like it."""

from datetime import timedelta
from types import ModuleType
from typing import Final

import pytest

from exchange.domain.policy import load_policy
from tests.cases import given as record_given
from tests.common_names import COMMONEST, GIVEN
from tests.examples import share
from tests.verification import name_notes, name_roles, name_spoken, name_values
from verification.acceptance import Accepted, accept
from verification.names.faults import name_finding

RULE_SETS: Final = {
    "name_notes": name_notes,
    "name_roles": name_roles,
    "name_spoken": name_spoken,
    "name_values": name_values,
}
HELD: Final = [
    ("name_notes", "急诊患者", "name_placeholder"),
    ("name_roles", "父亲", "name_placeholder"),
    ("name_values", "肺炎", "name_is_value"),
]
each_rule_set = pytest.mark.parametrize(("rule_set", "tables"), RULE_SETS.items(), ids=RULE_SETS)


def taken_before_and_after(rule_set: str, name: str) -> tuple[Accepted, Accepted]:
    """What acceptance says of a record with the name, before the rules hold and from then on."""
    rules = load_policy().acceptance
    since = rules.since[rule_set]
    record_type, raw = record_given("death_certificate", name=name)
    old, new = (
        accept(record_type, raw, owner="health", rules=rules, taken_at=at)
        for at in (since - timedelta(milliseconds=1), since)
    )
    assert isinstance(old, Accepted)
    assert isinstance(new, Accepted)
    return old, new


@each_rule_set
def test_each_bad_name_is_told_by_its_kind(rule_set: str, tables: ModuleType) -> None:
    """By this set of rules and no other."""
    wanted = [(name, (code, rule_set)) for code, names in tables.TOLD.items() for name in names]
    assert [(name, found) for name, told in wanted if (found := name_finding(name)) != told] == []


@each_rule_set
def test_whoever_is_really_called_so_is_asked_nothing(rule_set: str, tables: ModuleType) -> None:
    """The word may be part of a name, or the name of somebody."""
    found = [(name, name_finding(name)) for names in tables.GOOD.values() for name in names]
    assert [(name, told) for name, told in found if told and told.rule_set == rule_set] == []


@each_rule_set
def test_good_names_are_more_than_the_bad(rule_set: str, tables: ModuleType) -> None:
    """A rule is as good as what it lets pass."""
    good, bad = (sum(map(len, table.values())) for table in (tables.GOOD, tables.TOLD))
    assert good >= bad > 50


def test_good_names_are_many() -> None:
    """Two hundred for each set of rules."""
    assert sum(len(names) for tables in RULE_SETS.values() for names in tables.GOOD.values()) > 800


def test_of_the_commonest_names_of_the_country_none_is_told() -> None:
    """By whichever rules."""
    assert [name for name in share(a + b for a in COMMONEST for b in GIVEN) if name_finding(name)] == []


@pytest.mark.parametrize(("rule_set", "name", "code"), HELD)
def test_they_hold_from_a_moment_of_their_own(rule_set: str, name: str, code: str) -> None:
    """What the log took before is a warning."""
    old, new = taken_before_and_after(rule_set, name)
    assert ([one.code for one in old.warnings], old.held) == ([code], ())
    assert [one.code for one in new.held] == [code]


def test_a_form_of_address_goes_with_the_record_and_hinders_nothing() -> None:
    """Before its moment and after."""
    for told in taken_before_and_after("name_spoken", "王大姐"):
        assert not told.held
        assert [(one.code, one.field) for one in told.warnings] == [("name_with_more", "name")]
