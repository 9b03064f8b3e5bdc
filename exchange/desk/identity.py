"""Who somebody is, by what they show: the place where an identity provider is put.

The one that there is, `local`, asks the exchange's own accounts for password and one-time code.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from exchange.desk.sessions import FindAccount
from exchange.domain.accounts import Account
from exchange.runtime.accounts.secrets import (
    AccountSecrets,
    hash_of_nobody,
    is_password_of,
    totp_step,
)
from exchange.runtime.accounts.tables import DeskTables
from exchange.runtime.credentials.secrets import SealBrokenError
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

_USE_STEP: Final = """
INSERT INTO desk.totp_steps VALUES (%s, %s)
ON CONFLICT (account) DO UPDATE SET step = excluded.step WHERE totp_steps.step < excluded.step
RETURNING step
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows: a name, a password, and a one-time code where the account needs one."""

    name: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)


class IdentityProvider(Protocol):
    """Says who somebody is. What they may is the exchange's own, whoever says who they are."""

    def identify(self, shown: Shown, now: datetime) -> Account | None:
        """Return the account of whoever shows this; None if it shows nobody who may come in."""


class LocalProvider:
    """Identifies by the exchange's own accounts.

    Args:
        find: finds an account.
        secrets: open the keys of one-time codes.
        tables: keep which codes were used, so that each lets in once.
        needs_totp: says of a role whether it needs codes.
    """

    def __init__(
        self,
        find: FindAccount,
        secrets: AccountSecrets,
        tables: DeskTables,
        needs_totp: Callable[[str], bool],
    ) -> None:
        self._find = find
        self._secrets = secrets
        self._tables = tables
        self._needs_totp = needs_totp

    def identify(self, shown: Shown, now: datetime) -> Account | None:
        """Return the account; the time that it takes tells nobody which names there are.

        Raises:
            ExchangeError: PostgreSQL does not answer, or the home's key for accounts is another one.
        """
        account = self._find(shown.name)
        right = is_password_of(account.password_hash if account else hash_of_nobody(), shown.password)
        if account is None or not right or not account.works:
            return None
        if account.totp_secret is None:
            return None if self._needs_totp(account.role) else account
        step = totp_step(self._open(account.name, account.totp_secret), shown.code, now)
        return account if step is not None and self._use(account.name, step) else None

    def _open(self, account: str, sealed: str) -> str:
        try:
            return self._secrets.open_totp(account, sealed)
        except SealBrokenError:
            raise ExchangeError(said("accounts_key_other"), said("accounts_key_back")) from None

    def _use(self, account: str, step: int) -> bool:
        """Say whether a code of this step lets in: it is later than every one that has let in before."""
        return (
            self._tables.ask(lambda asked: asked.execute(_USE_STEP, (account, step)).fetchone()) is not None
        )
