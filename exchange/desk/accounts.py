"""What may be asked for of accounts; the log keeps it.

Two commands at once wait for each other, so that each stands on what the other left.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import uuid4

from exchange.desk.asker import Asker
from exchange.desk.place import known_places, read_place
from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import (
    Account,
    AccountGrant,
    AccountRefusal,
    AccountRefusedError,
    AccountRequest,
    GrantAct,
    display_named,
    named,
    placed,
    regrant,
    resume,
    revoke,
    suspend,
    with_password,
    with_totp,
)
from exchange.runtime.accounts.log import AccountLog
from exchange.runtime.accounts.secrets import AccountSecrets, hash_password, new_password, new_totp
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings

MANAGE = "manage_accounts"


class AccountNotChangedError(ExchangeError):
    """What was asked for of an account does not fit; ``code`` is for programs."""

    def __init__(self, code: AccountRefusal, **details: object) -> None:
        super().__init__(said(code, **details), said("accounts_help"))
        self.code = code


class Handed(NamedTuple):
    """An account, and those of its secrets that were made now, which nobody can ever be told again."""

    account: Account
    password: str | None
    totp: str | None
    """The key of its one-time codes, in base 32."""


class AccountDesk:
    """Opens accounts, grants rights and takes them back.

    Args:
        home: has the keys with which secrets are kept.
        city: says who may what.
        log: keeps accounts and grants.

    Raises:
        NotAllowedError: who asks may not; so does each method.
        AccountNotChangedError: what is asked for does not fit; so does each method.
        ExchangeError: a part does not answer. What was noted may then not be done yet: ask again.
    """

    def __init__(self, home: Home, city: City, log: AccountLog) -> None:
        self._home = home
        self._city = city
        self._log = log
        self._secrets = AccountSecrets(home)

    def all(self, asker: Asker) -> tuple[Account, ...]:
        """Return every account there ever was, by name."""
        asker.require(MANAGE, {}, self._city.access)
        return tuple(self._log.read().values())

    def history(self, asker: Asker, name: str | None = None) -> list[AccountGrant]:
        """Return all that was ever done to accounts, or to one, the first thing first."""
        asker.require(MANAGE, {}, self._city.access)
        return [one for one in self._log.grants() if name in {None, one.account}]

    def create(
        self, name: str, role: str, place: WorkPlace, asker: Asker, at: datetime, display_name: str = ""
    ) -> Handed:
        """Open an account.

        Args:
            name: with what its holder signs in.
            role: as access.yaml calls it.
            place: department, county and bank as somebody writes them, where there is one.
            asker: who opens it.
            at: now, UTC.
            display_name: what colleagues call its holder; empty: by the account's name.
        """
        with self._alone(asker) as known, _told():
            named(name, known)
            kept_within = self._placed(role, place)
            called = display_named(display_name.strip())
            password, totp = new_password(), self._totp_for(role)
            sealed = None if totp is None else self._secrets.seal_totp(name, totp)
            hashed = hash_password(password)
            account = Account(name, role, kept_within, hashed, sealed, at, display_name=called)
            self._keep(account, "CREATED", _request(asker, at))
            return Handed(account, password, totp)

    def grant(
        self,
        name: str,
        role: str,
        place: WorkPlace,
        asker: Asker,
        at: datetime,
        reason: str = "",
        display_name: str = "",
    ) -> Handed:
        """Give an account another role or place, and a key of one-time codes where it first needs one.

        What colleagues call its holder stays where nothing else is given; the rest is as in `create`.
        """
        with self._alone(asker) as known, _told():
            before, kept_within = _the_one(known, name), self._placed(role, place)
            needs = self._city.accounts.needs_totp(role, self._city.access)
            totp = new_totp() if needs and before.totp_secret is None else None
            sealed = before.totp_secret if totp is None else self._secrets.seal_totp(name, totp)
            called = display_named(display_name.strip()) or before.display_name
            account = regrant(before, role, kept_within, sealed if needs else None, at)
            account = replace(account, display_name=called)
            self._keep(account, "GRANTED", _request(asker, at, reason))
            return Handed(account, None, totp)

    def suspend(self, name: str, asker: Asker, at: datetime, reason: str = "") -> Account:
        """Shut an account out until it is resumed."""
        return self._change(name, "SUSPENDED", partial(suspend, at=at), _request(asker, at, reason), asker)

    def resume(self, name: str, asker: Asker, at: datetime, reason: str = "") -> Account:
        """Let a suspended account in again, with the secrets that it has."""
        return self._change(name, "RESUMED", partial(resume, at=at), _request(asker, at, reason), asker)

    def revoke(self, name: str, asker: Asker, at: datetime, reason: str = "") -> Account:
        """Shut an account out for good."""
        return self._change(name, "REVOKED", partial(revoke, at=at), _request(asker, at, reason), asker)

    def reset_password(self, name: str, asker: Asker, at: datetime, reason: str = "") -> Handed:
        """Give an account another password."""
        password = new_password()
        act = partial(with_password, password_hash=hash_password(password), at=at)
        account = self._change(name, "PASSWORD_RESET", act, _request(asker, at, reason), asker)
        return Handed(account, password, None)

    def renew_totp(self, name: str, asker: Asker, at: datetime, reason: str = "") -> Handed:
        """Give an account another key of one-time codes."""
        totp = new_totp()
        act = partial(with_totp, totp_secret=self._secrets.seal_totp(name, totp), at=at)
        account = self._change(name, "TOTP_RENEWED", act, _request(asker, at, reason), asker)
        return Handed(account, None, totp)

    def _change(
        self,
        name: str,
        act: GrantAct,
        change: Callable[[Account], Account],
        request: AccountRequest,
        asker: Asker,
    ) -> Account:
        with self._alone(asker) as known, _told():
            before = _the_one(known, name)
            account = change(before)
            if account != before:
                self._keep(account, act, request)
            return account

    def _placed(self, role: str, place: WorkPlace) -> WorkPlace:
        roles, read = tuple(self._city.accounts.people_a_day), read_place(self._city, place)
        return placed(self._city.access, roles, role, read, known_places(self._city, read))

    def _totp_for(self, role: str) -> str | None:
        return new_totp() if self._city.accounts.needs_totp(role, self._city.access) else None

    def _keep(self, account: Account, act: GrantAct, request: AccountRequest) -> None:
        grant = AccountGrant(str(uuid4()), account.name, act, account.role, account.kept_within, request)
        self._log.keep(account, grant)

    @contextmanager
    def _alone(self, asker: Asker) -> Iterator[Mapping[str, Account]]:
        """Give the accounts as they stand, while no other command changes them."""
        asker.require(MANAGE, {}, self._city.access)
        with self._home.locked("accounts"):
            yield self._log.read()


def open_accounts(settings: Settings) -> AccountDesk:
    """Return the desk of accounts of an exchange; the settings are those of the principal `admin`."""
    return AccountDesk(Home(settings.home), settings.city, AccountLog(settings))


def _request(asker: Asker, at: datetime, reason: str = "") -> AccountRequest:
    return AccountRequest(asker.name, asker.role, at, reason.strip() or None)


def _the_one(known: Mapping[str, Account], name: str) -> Account:
    if name not in known:
        raise AccountRefusedError("account_unknown", name=name)
    return known[name]


@contextmanager
def _told() -> Iterator[None]:
    """Tell people what is refused, in both languages."""
    try:
        yield
    except AccountRefusedError as refused:
        raise AccountNotChangedError(refused.code, **refused.details) from None
