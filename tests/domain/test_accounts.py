"""Who may have an account of which role, and what may be done to one in each state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import (
    Account,
    AccountRefusedError,
    AccountState,
    display_named,
    is_name,
    named,
    placed,
    regrant,
    resume,
    revoke,
    suspend,
    with_password,
    with_totp,
)
from exchange.domain.policy import HERE
from exchange.domain.policy_files.access import KeptWithin
from exchange.domain.policy_files.accounts import ACCOUNTS_POLICY, load_accounts
from tests.access_tables import TABLE
from tests.cells import each_cell

START = datetime(2026, 3, 1, tzinfo=UTC)
LATER = START + timedelta(days=1)
POLICY = load_accounts(HERE / ACCOUNTS_POLICY, TABLE)
ROLES = tuple(POLICY.people_a_day)
KNOWN: dict[KeptWithin, tuple[str, ...]] = {
    "department": ("police", "health"),
    "county": ("620502",),
    "bank": ("91620500812415868R",),
}
WHERE: dict[KeptWithin, str] = {limit: names[0] for limit, names in KNOWN.items()}
# Written from who works where, not from the policy: role → what its holder must have.
NEEDS: dict[str, set[KeptWithin]] = {
    **{role: {"department"} for role in ("department_handler", "supervisor")},
    "bank_clerk": {"department", "bank"},
    "county": {"department", "county"},
    **{role: set() for role in ("window_clerk", "leader", "auditor", "operator", "hotline", "portal")},
}
TOTP = {"department_handler", "county", "window_clerk", "supervisor", "auditor", "operator"}


def place_for(role: str) -> WorkPlace:
    """All that a role's holder must have."""
    return {limit: WHERE[limit] for limit in WHERE if limit in NEEDS[role]}


def code_of(role: str, place: WorkPlace) -> str:
    """The code by which a place is refused; nothing if it is taken as it is."""
    try:
        assert placed(TABLE, ROLES, role, place, KNOWN) == place
    except AccountRefusedError as refused:
        return refused.code
    return ""


def test_the_roles_that_people_have_are_told() -> None:
    """Machines have credentials, applicants have codes, and the shell needs no account."""
    assert set(ROLES) == set(NEEDS)
    assert code_of("department_system", WHERE) == "account_role_unknown"
    assert code_of("applicant", {}) == code_of("shell", {}) == code_of("mayor", {}) == "account_role_unknown"


def test_each_role_is_refused_what_it_lacks_and_taken_with_what_it_needs() -> None:
    """A bank's clerk of no bank would be nobody's clerk. As many refused as allowed, and more."""
    allowed = refused = 0
    for role, needs in NEEDS.items():
        whole = place_for(role)
        assert code_of(role, whole) == ""
        assert code_of(role, {**WHERE, **whole}) == "", "kept within more than the role asks for"
        allowed += 2
        for limit in WHERE:
            lacking = {name: value for name, value in whole.items() if name != limit}
            assert code_of(role, lacking) == (f"account_{limit}_missing" if limit in needs else "")
            assert code_of(role, {**whole, limit: "atlantis"}) == f"account_{limit}_unknown"
            refused += 1 + (limit in needs)
    assert (allowed, refused) == (20, 36)


@each_cell("role", ROLES)
def test_who_may_unmask_or_export_needs_a_one_time_code(role: str) -> None:
    """And whoever gives rights to others."""
    assert POLICY.needs_totp(role, TABLE) is (role in TOTP)


@each_cell(
    ("text", "fits"),
    [
        ("wang", True),
        ("li.na-2", True),
        ("w", False),
        ("620502194507041234", False),
        ("13912345678", False),
        ("Wang", False),
        ("王芳", False),
        ("a" * 41, False),
        ("wang\n", False),
    ],
)
def test_no_number_of_a_person_can_be_a_name(text: str, fits: bool) -> None:
    """Names stand in access records and are told to others."""
    assert is_name(text) is fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("王芳", True),
        ("民警 李明", True),
        ("王芳（二科）", True),
        ("阿依古丽·买买提", True),
        ("Anne-Marie O'Neil", True),
        ("620502194507041234", False),
        ("王芳13912345678", False),
        ("王芳\n", False),
        ("（二科）", False),
        ("王" * 41, False),
    ],
)
def test_no_number_of_a_person_can_be_a_display_name(text: str, fits: bool) -> None:
    """Records, pages and printed papers bear it."""
    if fits:
        assert display_named(text) == text
        return
    with pytest.raises(AccountRefusedError, match="account_display_name_unfit"):
        display_named(text)


def test_without_a_display_name_a_colleague_goes_by_the_accounts() -> None:
    """As every account did that was opened before there were any."""
    assert (NEW.called, replace(NEW, display_name=display_named("王芳")).called) == ("wang", "王芳")
    assert display_named("") is None


def test_a_name_is_given_once() -> None:
    """What an account did stays its own."""
    assert named("wang", {"li"}) == "wang"
    for name, code in (("li", "account_name_taken"), ("Li", "account_name_unfit")):
        with pytest.raises(AccountRefusedError, match=code):
            named(name, {"li"})


NEW = Account("wang", "supervisor", {"department": "police"}, "a hash", "a cipher", START)
IN_STATE: dict[AccountState, Account] = {
    "ACTIVE": NEW,
    "SUSPENDED": suspend(NEW, START),
    "REVOKED": revoke(NEW, START),
}
ACTS: dict[str, Callable[[Account], Account]] = {
    "regrant": lambda one: regrant(one, "leader", {}, None, LATER),
    "suspend": lambda one: suspend(one, LATER),
    "resume": lambda one: resume(one, LATER),
    "revoke": lambda one: revoke(one, LATER),
    "reset": lambda one: with_password(one, "another hash", LATER),
    "renew": lambda one: with_totp(one, "another cipher", LATER),
}
OUTCOMES = """
regrant ACTIVE    ACTIVE
regrant SUSPENDED SUSPENDED
regrant REVOKED   account_revoked
suspend ACTIVE    SUSPENDED
suspend SUSPENDED SUSPENDED
suspend REVOKED   account_revoked
resume  ACTIVE    account_not_suspended
resume  SUSPENDED ACTIVE
resume  REVOKED   account_revoked
revoke  ACTIVE    REVOKED
revoke  SUSPENDED REVOKED
revoke  REVOKED   REVOKED
reset   ACTIVE    ACTIVE
reset   SUSPENDED SUSPENDED
reset   REVOKED   account_revoked
renew   ACTIVE    ACTIVE
renew   SUSPENDED SUSPENDED
renew   REVOKED   account_revoked
"""


def test_each_act_in_each_state_leads_where_the_table_says() -> None:
    """An operator knows before asking what will come of it; and sessions end with whatever is done."""
    for line in OUTCOMES.strip().splitlines():
        act, state, outcome = line.split()
        before = IN_STATE[state]  # type: ignore[index]
        if outcome.startswith("account_"):
            with pytest.raises(AccountRefusedError, match=outcome):
                ACTS[act](before)
            continue
        after = ACTS[act](before)
        assert after.state == outcome, line
        assert not after.holds(START) or after == before, line
        assert after.works is (outcome == "ACTIVE"), line


def test_who_signs_in_after_a_change_is_in() -> None:
    """Only what was begun with the account as it was before is over, whenever that was."""
    changed = with_password(NEW, "another hash", LATER)
    assert (NEW.holds(START), changed.holds(LATER)) == (True, True)
    assert not any(changed.holds(LATER + sign * timedelta(microseconds=1)) for sign in (-1, 1))


def test_a_role_without_codes_gets_no_key_of_them() -> None:
    """A key that nothing asks for would be one more to lose."""
    with pytest.raises(AccountRefusedError, match="account_needs_no_totp"):
        with_totp(replace(NEW, role="leader", totp_secret=None), "a cipher", LATER)


def test_nothing_that_is_kept_of_secrets_is_printed() -> None:
    """An account stands in tracebacks and logs by its name."""
    assert "hash" not in repr(NEW)
    assert "cipher" not in repr(NEW)
