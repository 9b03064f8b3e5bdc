"""Guessing is slowed down, by more with each guess, and nobody is locked out."""

from datetime import UTC, datetime, timedelta

from exchange.domain.guesses import Guesses
from exchange.domain.policy_files.accounts import GuessRules

START = datetime(2026, 3, 1, tzinfo=UTC)
RULES = GuessRules(
    free=3, first_wait_seconds=1, growth=2, longest_wait_seconds=30, forgotten_after_minutes=60
)


def waits(number: int) -> list[int]:
    """How long each of so many guesses has to wait, in seconds, each made as soon as it is let through."""
    now, guesses, found = START, Guesses(0, START), []
    for _ in range(number):
        opens_at = guesses.opens_at(RULES)
        found.append(int((opens_at - now).total_seconds()))
        now = max(now, opens_at)
        guesses = guesses.after_one(now, RULES)
    return found


def test_a_few_slips_cost_nothing_and_each_more_costs_twice_as_much() -> None:
    """Up to the longest wait: whoever is in the way of a guesser still comes in."""
    assert waits(12) == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_a_thousand_guesses_take_hours() -> None:
    """And a million guesses make no number that nobody can hold."""
    assert sum(waits(1000)) > 8 * 60 * 60
    assert Guesses(10**6, START).opens_at(RULES) == START + timedelta(seconds=30)


def test_guesses_are_forgotten_and_given_back() -> None:
    """Who mistypes on Mondays is not slowed down on Fridays; who was right never guessed."""
    many = Guesses(9, START)
    assert many.after_one(START + timedelta(minutes=61), RULES).count == 1
    assert many.after_one(START + timedelta(minutes=60), RULES).count == 10
    assert many.given_back() == Guesses(8, START)
    assert Guesses(0, START).given_back().count == 0
