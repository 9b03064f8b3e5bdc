"""What may be done to a credential in each state, and what never happens, whatever is done to it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.domain.credentials import (
    Credential,
    CredentialRefusedError,
    CredentialRequest,
    CredentialState,
    Holder,
    chosen,
    end_if_over,
    issue,
    replace_with,
    resume,
    revoke,
    suspend,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HEALTH = Holder("health")
USCC = "91620500812415868R"


def asked(at: datetime = START) -> CredentialRequest:
    """Somebody's request at a moment."""
    return CredentialRequest("wang", at, "shell")


def made(name: str, holder: Holder = HEALTH, at: datetime = START) -> Credential:
    """A new credential of this id."""
    return issue(Credential(name, holder, "hash", "cipher"), asked(at))


def replaced(old: Credential, request: CredentialRequest) -> Credential:
    """The credential beside a successor, for a day."""
    return replace_with(old, made("next"), DAY, request)


IN_STATE: dict[CredentialState, Credential] = {
    "ACTIVE": made("a"),
    "EXPIRING": replaced(made("a"), asked()),
    "SUSPENDED": suspend(made("a"), asked()),
    "REVOKED": revoke(made("a"), asked()),
}
ACTS: dict[str, Callable[[Credential, CredentialRequest], Credential]] = {
    "replace": replaced,
    "suspend": suspend,
    "resume": resume,
    "revoke": revoke,
}
TABLE = """
replace ACTIVE    EXPIRING
replace EXPIRING  credential_replaced
replace SUSPENDED credential_suspended
replace REVOKED   credential_revoked
suspend ACTIVE    SUSPENDED
suspend EXPIRING  SUSPENDED
suspend SUSPENDED SUSPENDED
suspend REVOKED   credential_revoked
resume  ACTIVE    credential_not_suspended
resume  EXPIRING  credential_not_suspended
resume  SUSPENDED ACTIVE
resume  REVOKED   credential_revoked
revoke  ACTIVE    REVOKED
revoke  EXPIRING  REVOKED
revoke  SUSPENDED REVOKED
revoke  REVOKED   REVOKED
"""


def test_each_act_in_each_state_leads_where_the_table_says() -> None:
    """An operator knows before asking what will come of it."""
    for line in TABLE.strip().splitlines():
        act, state, outcome = line.split()
        before = IN_STATE[state]  # type: ignore[index]
        assert before.state == state
        try:
            found = ACTS[act](before, asked()).state
        except CredentialRefusedError as refused:
            found = refused.code  # type: ignore[assignment]
        assert found == outcome, line


def test_what_takes_away_may_be_repeated_and_is_noted_once() -> None:
    """Who is not sure whether it was done does it again."""
    for take in (suspend, revoke):
        once = take(made("a"), asked())
        assert take(once, asked(START + DAY)) == once
        assert len(once.history) == 2


def test_one_that_was_replaced_works_until_the_overlap_is_over() -> None:
    """The department has that long to bring its machines to the new key."""
    old = replaced(made("a"), asked())
    last = START + DAY
    assert old.works(last - timedelta(microseconds=1))
    assert not old.works(last)
    assert end_if_over(old, asked(last - timedelta(microseconds=1))) == old
    ended = end_if_over(old, asked(last))
    assert (ended.state, ended.history[-1].act, ended.replaced_by) == ("REVOKED", "ENDED", "next")


def test_without_an_overlap_the_old_one_ends_at_once() -> None:
    """A key that somebody has seen must not work one more minute."""
    old = replace_with(made("a"), made("b"), timedelta(0), asked())
    assert old.state == "REVOKED"
    assert [one.act for one in old.history] == ["CREATED", "REPLACED", "ENDED"]


def test_one_that_was_suspended_while_it_was_expiring_comes_back_with_its_end() -> None:
    """A pause does not lengthen its time."""
    paused = suspend(replaced(made("a"), asked()), asked())
    assert not paused.works(START)
    back = resume(paused, asked(START + DAY / 2))
    assert (back.state, back.ends_at) == ("EXPIRING", START + DAY)
    with pytest.raises(CredentialRefusedError, match="credential_revoked"):
        resume(paused, asked(START + DAY))
    assert end_if_over(paused, asked(START + DAY)).state == "REVOKED"


def test_a_name_means_a_credential_or_those_of_a_principal_that_are_left() -> None:
    """An operator at night knows the department, and perhaps not the id."""
    bank = made("x", Holder("financial_regulation", bank=USCC))
    county = made("y", Holder("health", county="620502"))
    known = (made("a"), made("b"), revoke(made("c"), asked()), bank, county)
    assert [one.credential_id for one in chosen(known, "health")] == ["a", "b"]
    assert [one.credential_id for one in chosen(known, f"bank.{USCC}")] == ["x"]
    assert [one.credential_id for one in chosen(known, "county.620502")] == ["y"]
    assert [one.credential_id for one in chosen(known, "c")] == ["c"]
    assert chosen(known, "police") == ()


STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.timedeltas(timedelta(0), 2 * DAY), st.integers(0, 3)),
    max_size=25,
)


@given(STEPS)
def test_whatever_is_done_one_of_a_line_works_alone_except_during_the_overlap(
    steps: list[tuple[str, timedelta, int]],
) -> None:
    """A line is a credential with those that took its place, one after the other."""
    line, now = [made("0")], START
    for act, later, which in steps:
        now += later
        line = [end_if_over(one, asked(now)) for one in line]
        at = which % len(line)
        before = line[at]
        try:
            if act == "replace":
                new = made(str(len(line)), at=now)
                line[at] = replace_with(before, new, DAY, asked(now))
                line.append(new)
            else:
                line[at] = ACTS[act](before, asked(now))
        except CredentialRefusedError:
            assert line[at] == before
        _judge(line, now)


def _judge(line: list[Credential], now: datetime) -> None:
    working = [one for one in line if one.works(now)]
    assert sum(one.state == "ACTIVE" for one in line) <= 1
    for one in working[:-1]:
        assert one.state == "EXPIRING"
        assert one.ends_at is not None
        assert now < one.ends_at <= now + DAY
    for one in line:
        times = [done.request.at for done in one.history]
        assert times == sorted(times)
        assert not any(one.works(now + DAY) for one in line if one.replaced_by)


@given(STEPS)
def test_revoked_stays_revoked(steps: list[tuple[str, timedelta, int]]) -> None:
    """There is no way back, however it was revoked, and nothing is noted of what was refused."""
    gone, now = revoke(made("a"), asked()), START
    for act, later, _ in steps:
        now += later
        with suppress(CredentialRefusedError):
            assert ACTS[act](gone, asked(now)) == gone
        assert end_if_over(replace(gone, ends_at=now), asked(now)).state == "REVOKED"
        assert not gone.works(now)
