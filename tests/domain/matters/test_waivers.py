"""A city may do without the deed of inheritance where little is left in the housing fund."""

from pathlib import Path
from typing import Any

import pytest

from consumers.family.next_steps import next_steps
from exchange.domain.case import case_of
from exchange.domain.documents import case_document
from exchange.domain.policy import Policy, load_policy
from tests.cases import Given, applied, given, matter, next_of, state_of
from tests.consumers.family.families import DAY
from tests.domain.test_news import step_by_step
from tests.policies import edited

DEED, AT_MOST = 7, 1_000_000
WAIVED = f"{{kind: {DEED}, waived_together: {{balance_fen: {{at_most: {AT_MOST}}}}}}}"
CERTIFICATE = given("death_certificate")
SMALL = given("provident_fund", balance_fen=AT_MOST)
SECOND = given("provident_fund", "second", account_no="0939", balance_fen=1)
GROWN = next_of(SMALL, "AMENDED", "grown", balance_fen=AT_MOST + 1, recorded_at="2026-04-20T09:00:00+08:00")


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The shipped rules, but for the deed, which a fund of ten thousand yuan in all does not need."""
    small = f"{{kind: 4}}, {WAIVED}]"
    folder: Path = edited(tmp_path_factory.mktemp("policy"), ("matters.yaml", "{kind: 4}, {kind: 7}]", small))
    return load_policy(folder)


def fund(policy: Policy, *records: Given) -> tuple[str, bool, bool]:
    """How matter 8 stands, whether it requires the deed, and whether the family is asked for it."""
    found: Any = case_document(case_of(state_of(records), policy))
    eighth = matter(found, 8)
    (deed,) = (one for one in eighth["materials"] if one["kind"] == DEED)
    steps = next_steps(found, policy, DAY)[[one["matter"] for one in found["matters"]].index(8)]
    return eighth["state"], deed["required"], DEED in {step["material"] for step in steps}


def test_little_money_is_paid_without_a_deed(policy: Policy) -> None:
    """Neither the fund nor the family waits for it."""
    assert fund(policy, CERTIFICATE, SMALL) == ("READY", False, False)
    assert fund(policy, CERTIFICATE, SMALL, applied(8)) == ("APPLIED", False, False)


def test_more_money_is_not_all_accounts_together(policy: Policy) -> None:
    """One fen too many, in whichever account."""
    assert fund(policy, CERTIFICATE, SMALL, SECOND) == ("WAITING", True, True)
    assert fund(policy, CERTIFICATE, GROWN, applied(8)) == ("WAITING", True, True)


def test_as_shipped_the_deed_is_always_needed() -> None:
    """What a city does is its own decision."""
    assert fund(load_policy(), CERTIFICATE, SMALL) == ("WAITING", True, True)


@pytest.mark.parametrize(
    "records", [(CERTIFICATE, SMALL, SECOND), (SMALL, applied(8), CERTIFICATE, SECOND), (SECOND, SMALL)]
)
def test_record_by_record_is_as_from_nothing(policy: Policy, records: tuple[Given, ...]) -> None:
    """Also where a second account comes and changes nothing but that."""
    step_by_step(records, policy)


def test_a_death_that_becomes_known_may_ask_for_the_deed_again(tmp_path: Path) -> None:
    """What counts is what was there when the person died, also where no other material hears of the death."""
    alone = ("matters.yaml", "[{kind: 1}, {kind: 2}, {kind: 4}, {kind: 7}]", f"[{WAIVED}]")
    rich = given("provident_fund", balance_fen=AT_MOST + 1)
    paid_out = given("provident_fund", "later", balance_fen=1, recorded_at="2026-04-20T09:00:00+08:00")
    step_by_step((rich, paid_out, CERTIFICATE), load_policy(edited(tmp_path, alone)))
