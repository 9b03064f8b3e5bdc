"""What became of an attempt to tell the portal, and when the next one is due: pure."""

from dataclasses import dataclass

from exchange.domain.policy_files.webhooks import WebhookPolicy

GONE = 410
LONGEST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """How an attempt ended.

    Attributes:
        problem: why it failed, as a code (`status_500`, `ReadTimeout`); None if the portal said 2xx.
        retry_after_s: how long the portal asked to be left alone.
    """

    problem: str | None = None
    retry_after_s: int = 0

    @property
    def gone(self) -> bool:
        """Whether the portal says that nobody wants to be told there any more."""
        return self.problem == f"status_{GONE}"


def outcome_of(status: int, retry_after: str | None) -> AttemptOutcome:
    """Return the outcome of an answer; a `Retry-After` that is a date and not seconds is passed over."""
    if 200 <= status <= 299:
        return AttemptOutcome()
    asked = retry_after.strip() if retry_after else ""
    sensible = asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_DIGITS
    return AttemptOutcome(f"status_{status}", int(asked) if sensible else 0)


def wait_after(failures: int, outcome: AttemptOutcome, policy: WebhookPolicy, chance: float) -> float | None:
    """Return in how many seconds the next attempt is due; None if there is none: the delivery is dead.

    Args:
        failures: attempts that have failed, this one included.
        outcome: how this one ended.
        policy: how patient we are.
        chance: from 0 to 1, drawn anew each time.
    """
    if failures >= policy.attempts:
        return None
    grown = float(policy.first_wait_seconds) * float(policy.growth) ** (failures - 1)
    wait = min(grown, policy.longest_wait_seconds) * (1 + policy.jitter * (2 * chance - 1))
    return max(wait, min(outcome.retry_after_s, policy.longest_wait_seconds))
