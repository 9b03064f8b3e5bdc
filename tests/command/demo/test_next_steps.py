"""What the demo says of its home is what becomes of it."""

from pathlib import Path

import pytest

from exchange.command.demo.logins import LABELS
from exchange.command.demo.next_steps import REMOVED, RUNNING, STOPPED, DemoEnding, next_steps
from exchange.domain.accounts import display_named
from exchange.runtime.city import City
from exchange.runtime.home import Home


@pytest.mark.parametrize(
    ("outcome", "said", "at"),
    [
        (RUNNING, "It goes on running. Home: /a b;", "--home '/a b'"),
        (STOPPED, "`.venv/bin/exchange up --detach --home '/a b'` starts it again", "--home '/a b'"),
        (REMOVED, "It was all in a temporary home.", "--home DIR"),
    ],
)
def test_the_home_is_told_as_it_is_left(outcome: DemoEnding, said: str, at: str) -> None:
    """A home that somebody named is not temporary, and the commands name it."""
    text = next_steps(Home(Path("/a b")), "case-id", "police", outcome).plain
    assert said in text
    assert f"exchange case case-id {at}\n" in text
    assert f"exchange follow police --from-start {at}\n" in text
    assert ("temporary" in text) == (outcome == REMOVED)


@pytest.mark.parametrize("outcome", [RUNNING, STOPPED, REMOVED])
def test_who_goes_on_is_told_by_which_policy(outcome: DemoEnding) -> None:
    """A home does not remember it; of one that is removed nothing is left to read."""
    text = next_steps(Home(Path("/a b")), "case-id", "police", outcome, Path("/a b/policy")).plain
    assert ("export EXCHANGE_POLICY='/a b/policy'\n" in text) == (outcome != REMOVED)
    assert "EXCHANGE_POLICY" not in next_steps(Home(Path("/a b")), "case-id", "police", outcome).plain


def test_every_account_of_the_demo_has_a_name_of_its_own() -> None:
    """As colleagues have."""
    names = [LABELS.table("display_names")[role].zh for role in City().accounts.people_a_day]
    assert len(set(names)) == len(names)
    assert all(map(display_named, names))
