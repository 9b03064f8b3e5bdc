"""How patiently the portal is told, and what its answers mean."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.notifier.attempts import AttemptOutcome, outcome_of, wait_after
from exchange.domain.policy_files.webhooks import WEBHOOKS, WebhookPolicy
from exchange.runtime.city import City
from tests.cells import each_cell
from topics.policy_file import PolicyFileError, load_file

POLICY = City().webhooks
FAILED = AttemptOutcome("status_500")
DAY_S = 24 * 3600


def waits(chance: float) -> list[float]:
    """The waits after each failure, until it is dead."""
    found = (wait_after(failures, FAILED, POLICY, chance) for failures in range(1, POLICY.attempts + 1))
    return [wait for wait in found if wait is not None]


def test_it_is_tried_soon_then_ever_more_rarely_for_some_days_and_then_no_more() -> None:
    """A portal that restarts is told at once; one that is down over a weekend still is."""
    usual = waits(0.5)
    assert usual[:4] == [1, 4, 16, 64]
    assert usual == sorted(usual)
    assert max(usual) == POLICY.longest_wait_seconds
    assert len(usual) == POLICY.attempts - 1
    assert 3 * DAY_S < sum(usual) < 5 * DAY_S


@given(st.integers(1, 15), st.floats(0, 1))
def test_waits_are_spread_by_chance_within_bounds(failures: int, chance: float) -> None:
    """What failed together does not come again together."""
    usual, found = (wait_after(failures, FAILED, POLICY, one) for one in (0.5, chance))
    assert usual is not None
    assert found is not None
    assert (1 - POLICY.jitter) * usual <= found <= (1 + POLICY.jitter) * usual + 1e-9


def test_a_portal_that_asks_for_time_gets_it_but_not_for_ever() -> None:
    """`Retry-After` is kept where it is longer than our own wait."""
    assert wait_after(1, AttemptOutcome("status_503", 120), POLICY, 0.5) == 120
    assert wait_after(4, AttemptOutcome("status_503", 1), POLICY, 0.5) == 64
    assert wait_after(1, AttemptOutcome("status_429", 10**12), POLICY, 0.5) == POLICY.longest_wait_seconds


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_what_begins_with_2_is_success(status: int) -> None:
    """And nothing else is asked of the portal."""
    assert outcome_of(status, None) == AttemptOutcome()


@each_cell("status", [301, 307, 400, 404, 410, 500, 503])
def test_all_else_has_failed_a_redirect_too(status: int) -> None:
    """Whoever moves the portal tells the operator, not the notifier."""
    assert outcome_of(status, None) == AttemptOutcome(f"status_{status}")
    assert outcome_of(status, None).gone == (status == 410)


@each_cell(
    ("said", "seconds"),
    [("30", 30), (" 5 ", 5), ("Fri, 31 Dec 2027 23:59:59 GMT", 0), ("-1", 0), ("٣", 0), ("9" * 5000, 0)],
    ids=["seconds", "with blanks", "a date", "before now", "other digits", "for ever"],
)
def test_only_whole_seconds_are_understood_of_what_the_portal_asks(said: str, seconds: int) -> None:
    """All else is as if it had not been said."""
    assert outcome_of(503, said) == AttemptOutcome("status_503", seconds)


def test_a_slip_in_the_policy_is_named_with_its_line(tmp_path: Path) -> None:
    """The part does not start on it."""
    path = tmp_path / WEBHOOKS
    path.write_text(
        City().path_of(WEBHOOKS).read_text("utf-8").replace("attempts: 16", "attempts: 0"), "utf-8"
    )
    with pytest.raises(PolicyFileError, match=r"webhooks\.yaml:\d+: attempts"):
        load_file(path, WebhookPolicy)
