"""The life of an account: whose it may be, what may be done to it in each state, and what it is then.

Shape: values and acts → values; nothing here makes a secret, or knows a clock or Kafka.

    ACTIVE ──suspend──► SUSPENDED ──resume──► ACTIVE
       └───────────── revoke ─────────────► REVOKED

Whatever takes away may be repeated without harm; whatever gives back may not. Nothing leads out of REVOKED.
Whatever is done to an account ends the sessions of its holder: they were begun with other rights or secrets.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from exchange.domain.access.may import WorkPlace
from exchange.domain.policy_files.access import AccessTable, KeptWithin

AccountState = Literal["ACTIVE", "SUSPENDED", "REVOKED"]
GrantAct = Literal["CREATED", "GRANTED", "SUSPENDED", "RESUMED", "REVOKED", "PASSWORD_RESET", "TOTP_RENEWED"]
AccountRefusal = Literal[
    "account_name_unfit",
    "account_name_taken",
    "account_display_name_unfit",
    "account_unknown",
    "account_role_unknown",
    "account_department_missing",
    "account_department_unknown",
    "account_county_missing",
    "account_county_unknown",
    "account_bank_missing",
    "account_bank_unknown",
    "account_revoked",
    "account_not_suspended",
    "account_needs_no_totp",
]
_NAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_DISPLAY_NAME: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ·.'’（）()-]){0,39}")
_MISSING: Final[Mapping[KeptWithin, AccountRefusal]] = {
    "department": "account_department_missing",
    "county": "account_county_missing",
    "bank": "account_bank_missing",
}
_UNKNOWN: Final[Mapping[KeptWithin, AccountRefusal]] = {
    "department": "account_department_unknown",
    "county": "account_county_unknown",
    "bank": "account_bank_unknown",
}


class AccountRefusedError(Exception):
    """What was asked for does not fit; ``details`` say with what, and nothing about a person."""

    def __init__(self, code: AccountRefusal, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """Who asks for something, in which role, when and why; ``at`` is aware, UTC."""

    actor: str
    role: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it stands. What is kept of its secrets is no secret, and is never printed either."""

    name: str
    role: str
    kept_within: WorkPlace
    password_hash: str = field(repr=False)
    totp_secret: str | None = field(repr=False)
    """Encrypted; None where its role needs no one-time codes."""
    sessions_since: datetime
    """When it was changed last: sessions that were begun with it as it was before are over."""
    state: AccountState = "ACTIVE"
    display_name: str | None = None

    @property
    def called(self) -> str:
        """What colleagues call its holder, and records say of who handled them."""
        return self.display_name or self.name

    @property
    def works(self) -> bool:
        """Say whether it lets its holder in."""
        return self.state == "ACTIVE"

    def holds(self, since: datetime | None) -> bool:
        """Say whether a session goes on that was begun with the account as it was since then.

        When it was begun says nothing: a server may let somebody in before it hears of a change.
        """
        return self.works and since == self.sessions_since


@dataclass(frozen=True, slots=True)
class AccountGrant:
    """One thing that was done to an account: who gave it which rights, or took them back."""

    grant_id: str
    account: str
    act: GrantAct
    role: str
    kept_within: WorkPlace
    request: AccountRequest


def is_name(text: str) -> bool:
    """Say whether an account can be called so."""
    return _NAME.fullmatch(text) is not None


def named(name: str, known: Collection[str]) -> str:
    """Return a name for a new account: no number of a person or a telephone can be one.

    Raises:
        AccountRefusedError: it is of another form, or somebody has or had it.
    """
    if not is_name(name):
        raise AccountRefusedError("account_name_unfit", name=name)
    if name in known:
        raise AccountRefusedError("account_name_taken", name=name)
    return name


def display_named(given: str) -> str | None:
    """Return what the holder of an account is to be called beside its name; None: nothing was given.

    Raises:
        AccountRefusedError: it is no name; a number of a person never is one.
    """
    if given and not _DISPLAY_NAME.fullmatch(given):
        raise AccountRefusedError("account_display_name_unfit", name=given)
    return given or None


def placed(
    table: AccessTable,
    roles: Collection[str],
    role: str,
    given: WorkPlace,
    known: Mapping[KeptWithin, Collection[str]],
) -> WorkPlace:
    """Return within what the holder of a role is kept: all that the role asks for, and what is given beyond.

    Args:
        table: who may what.
        roles: those that accounts may have.
        role: the account's.
        given: department, county and bank, where there is one.
        known: those that there are.

    Raises:
        AccountRefusedError: there is no such role, or one of these is missing or unknown.
    """
    if role not in roles:
        raise AccountRefusedError("account_role_unknown", role=role, known=", ".join(roles))
    for limit, code in _MISSING.items():
        if limit in table.roles[role].within and limit not in given:
            raise AccountRefusedError(code, role=role, known=", ".join(known[limit]))
    for limit, name in given.items():
        if name not in known[limit]:
            raise AccountRefusedError(_UNKNOWN[limit], name=name, known=", ".join(known[limit]))
    return given


def regrant(account: Account, role: str, place: WorkPlace, totp_secret: str | None, at: datetime) -> Account:
    """Return it with another role or place, and the key of one-time codes that this takes.

    Raises:
        AccountRefusedError: it is REVOKED.
    """
    return replace(_changed(account, at), role=role, kept_within=place, totp_secret=totp_secret)


def suspend(account: Account, at: datetime) -> Account:
    """Return it SUSPENDED; one that is already stays as it is.

    Raises:
        AccountRefusedError: it is REVOKED.
    """
    return account if account.state == "SUSPENDED" else replace(_changed(account, at), state="SUSPENDED")


def resume(account: Account, at: datetime) -> Account:
    """Return it ACTIVE again; its holder signs in anew.

    Raises:
        AccountRefusedError: it is not SUSPENDED.
    """
    if account.state == "ACTIVE":
        raise AccountRefusedError("account_not_suspended", name=account.name)
    return replace(_changed(account, at), state="ACTIVE")


def revoke(account: Account, at: datetime) -> Account:
    """Return it REVOKED, for good; one that is already stays as it is."""
    return account if account.state == "REVOKED" else replace(account, state="REVOKED", sessions_since=at)


def with_password(account: Account, password_hash: str, at: datetime) -> Account:
    """Return it with another password.

    Raises:
        AccountRefusedError: it is REVOKED.
    """
    return replace(_changed(account, at), password_hash=password_hash)


def with_totp(account: Account, totp_secret: str, at: datetime) -> Account:
    """Return it with another key of one-time codes.

    Raises:
        AccountRefusedError: it is REVOKED, or its role needs none.
    """
    if account.totp_secret is None:
        raise AccountRefusedError("account_needs_no_totp", name=account.name, role=account.role)
    return replace(_changed(account, at), totp_secret=totp_secret)


def _changed(account: Account, at: datetime) -> Account:
    if account.state == "REVOKED":
        raise AccountRefusedError("account_revoked", name=account.name)
    return replace(account, sessions_since=at)
