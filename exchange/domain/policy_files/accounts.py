"""Who may have an account, and within which limits: `accounts.yaml`, checked against the access table."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from exchange.domain.policy_files.access import AccessTable
from exchange.domain.policy_files.gateway import Rate
from topics.policy_file import error_at, no_such, read_policy

ACCOUNTS_POLICY: Final = "accounts.yaml"
_PeopleADay = Annotated[int, Field(ge=0)]


class _AccountsEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionLimits(_AccountsEntry):
    """How long a session lasts."""

    idle_minutes: int = Field(ge=1, le=24 * 60)
    longest_hours: int = Field(ge=1, le=24)

    @property
    def idle(self) -> timedelta:
        """Return how long after the last request it ends."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """Return how long after its beginning it ends, whatever its holder does."""
        return timedelta(hours=self.longest_hours)


class GuessRules(_AccountsEntry):
    """How guessing is slowed down."""

    free: int = Field(ge=1, le=100)
    first_wait_seconds: int = Field(ge=1)
    growth: int = Field(ge=1, le=10)
    longest_wait_seconds: int = Field(ge=1, le=300)
    """So short that whoever is in the way of a guesser still comes in."""
    forgotten_after_minutes: int = Field(ge=1)

    @model_validator(mode="after")
    def _waits_end(self) -> Self:
        first, longest = self.first_wait_seconds, self.longest_wait_seconds
        if longest < first:
            raise ValueError(f"longest_wait_seconds is at least first_wait_seconds, {first}, not {longest}")
        if self.forgotten_after_minutes * 60 <= longest:
            raise ValueError("forgotten_after_minutes is longer than the longest wait")
        return self


class AccountsPolicy(_AccountsEntry):
    """The whole file."""

    sessions: SessionLimits
    guesses: GuessRules
    totp_for: tuple[str, ...]
    people_a_day: dict[str, _PeopleADay | None]
    requests: Rate = Rate(at_once=60, per_second=20)
    streams: int = Field(default=8, ge=1)
    at_work: int = Field(default=6, ge=1)
    source: Annotated[str, Field(min_length=1)]

    def needs_totp(self, role: str, table: AccessTable) -> bool:
        """Say whether a holder of this role signs in with a one-time code as well."""
        entry = table.roles.get(role)
        return entry is not None and not entry.may.isdisjoint(self.totp_for)


def load_accounts(path: Path, table: AccessTable) -> AccountsPolicy:
    """Return the file, read and checked.

    Raises:
        PolicyFileError: it names a role or an action that the table does not have; names file and line.
    """
    policy, text = read_policy(path, AccountsPolicy)
    known = [action for line in table.actions for action in line]
    for at, action in enumerate(policy.totp_for):
        if action not in known:
            raise error_at(path, text, ("totp_for", at), no_such("action", action, known))
    for role in policy.people_a_day:
        if role not in table.roles:
            raise error_at(path, text, ("people_a_day", role), no_such("role", role, table.roles))
    return policy
