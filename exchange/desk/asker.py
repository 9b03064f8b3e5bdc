"""Who asks the desk, and whether it may."""

from dataclasses import dataclass
from typing import Final, Literal

from exchange.domain.access.may import WorkPlace, may
from exchange.domain.policy_files.access import AccessTable
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

System = Literal["command", "api", "console"]
"""By which of its views somebody comes."""
SHELL: Final = "shell"
"""The role of whoever may read the exchange's home, and so needs no account."""
APPLICANT: Final = "applicant"
"""The role of whoever signs in with the code on a 收件凭证."""
HOTLINE: Final = "hotline"
"""The role of who answers at 12345."""
AT_WINDOW: Final = "examine"
"""Who may do this works at the window, and calls every family by its name."""


class NotAllowedError(ExchangeError):
    """Who asks may not do it: access.yaml does not say so.

    ``action``: what they may not do, as access.yaml calls it; empty where the message says it all.
    """

    def __init__(self, message: str, hint: str = "", action: str = "") -> None:
        super().__init__(message, hint)
        self.action = action


def not_allowed(role: str, action: str) -> NotAllowedError:
    """Return what is told where a role may not do something, or not with what it is asked for."""
    return NotAllowedError(said("not_allowed", role=role, action=action), said("who_may"), action)


@dataclass(frozen=True, slots=True)
class Asker:
    """The holder of an account, or the shell of whoever may read the home.

    ``name`` is the account's, or what the shell says, by which accesses are recorded; ``role`` is as
    access.yaml calls it; ``application`` is the record id of an applicant's own.
    """

    name: str
    role: str
    kept_within: WorkPlace
    system: System
    application: str = ""
    display_name: str | None = None

    @property
    def called(self) -> str:
        """What colleagues call whoever asks, and records say of who handled them."""
        return self.display_name or self.name

    def require(self, action: str, about: WorkPlace, table: AccessTable) -> None:
        """Return if it may do something with what belongs there.

        Raises:
            NotAllowedError: it may not.
        """
        if not may(table, self.role, action, self.kept_within, about):
            raise not_allowed(self.role, action)


def shell(actor: str) -> Asker:
    """Return the asker that a shell at the home is.

    Args:
        actor: who is there, as the shell says.
    """
    return Asker(actor, SHELL, {}, "command")
