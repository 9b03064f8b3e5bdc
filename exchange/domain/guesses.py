"""How guessing is slowed down: whoever has guessed wrong waits, ever longer, and is never locked out.

A guess is counted before it is looked at, so that many at once are slowed as those one after the other; who
was right gives it back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from exchange.domain.policy_files.accounts import GuessRules


@dataclass(frozen=True, slots=True)
class Guesses:
    """How many guesses were made in one place, and when the last one was."""

    count: int
    last: datetime

    def opens_at(self, rules: GuessRules) -> datetime:
        """Return from when the next guess is let through."""
        beyond = self.count - rules.free
        if beyond < 0:
            return self.last
        # The exponent is bounded, so that a million guesses make no number of a million digits.
        wait_s = rules.first_wait_seconds * rules.growth ** min(beyond, 16)
        return self.last + timedelta(seconds=min(wait_s, rules.longest_wait_seconds))

    def after_one(self, now: datetime, rules: GuessRules) -> "Guesses":
        """Return them with one more, which is the first again where the others are forgotten."""
        forgotten = now - self.last > timedelta(minutes=rules.forgotten_after_minutes)
        return Guesses(1 if forgotten else self.count + 1, now)

    def given_back(self) -> "Guesses":
        """Return them without one that was right."""
        return replace(self, count=max(0, self.count - 1))
