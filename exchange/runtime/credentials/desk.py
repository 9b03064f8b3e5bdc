"""What may be asked for of credentials: Kafka does it, and the log keeps it.

Two commands at once wait for each other, so that each stands on what the other left.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Final, NamedTuple

from exchange.domain.access.broker_grants import GrantDifference
from exchange.domain.credentials import (
    Credential,
    CredentialRefusedError,
    CredentialRequest,
    Holder,
    UsersDifference,
    chosen,
    end_if_over,
    issue,
    next_id,
    replace_with,
    resume,
    revoke,
    suspend,
    users_difference,
)
from exchange.runtime.credentials.kafka_users import KafkaUsers
from exchange.runtime.credentials.log import CredentialLog
from exchange.runtime.credentials.secrets import SealBrokenError, hash_secret, new_secret, seal, unseal
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings

KEY: Final = "credentials_key"
KEY_BYTES: Final = 32
ITSELF: Final = "exchange"
"""Who ends a credential whose time is over, whoever asked for whatever."""


class Issued(NamedTuple):
    """A new credential, and its secrets, which nobody can ever be told again."""

    credential: Credential
    client_secret: str
    kafka_password: str


class AccessDifference(NamedTuple):
    """How the brokers differ from what the access table and the credentials say."""

    grants: GrantDifference
    users: UsersDifference
    problems: tuple[str, ...] = ()
    """What somebody has to do something about, as sentences in both languages."""


class CredentialDesk:
    """Issues credentials and takes them back.

    Args:
        home: has the key with which Kafka's passwords are kept.
        log: keeps the credentials.
        users: those of Kafka.

    Raises:
        ExchangeError: the request does not fit, or a part does not answer; so does each method. What it was
            about may then be half done, and is whole once it is asked for again.
    """

    def __init__(self, home: Home, log: CredentialLog, users: KafkaUsers) -> None:
        self._home = home
        self._log = log
        self._users = users

    def all(self, request: CredentialRequest) -> tuple[Credential, ...]:
        """Return every credential there ever was, the oldest first, after ending those whose time is over."""
        with self._alone(request) as known:
            return known

    def create(self, holder: Holder, request: CredentialRequest, public_key: str | None = None) -> Issued:
        """Issue a credential to somebody, beside any that it has.

        Args:
            holder: who is given it.
            request: who asks for it.
            public_key: PEM, of the holder's own key, with which it may show who it is without the secret.
        """
        with self._alone(request) as known:
            return self._issue(holder, known, request, public_key)

    def rotate(self, name: str, overlap: timedelta, request: CredentialRequest) -> tuple[Issued, Credential]:
        """Issue another in a credential's place; return it and the old one, which ends after the overlap."""
        with self._alone(request) as known:
            old = _the_one(known, name)
            # Asked before anything is made: what is refused leaves nothing behind.
            _told(lambda: replace_with(old, old, overlap, request), old)
            issued = self._issue(old.holder, known, request, old.public_key)
            ending = replace_with(old, issued.credential, overlap, request)
            if ending.works(request.at):
                self._log.keep(ending)  # to Kafka nothing has changed
            else:
                self._carry_out(ending, request)
            return issued, ending

    def suspend(self, name: str, request: CredentialRequest) -> Credential:
        """Shut a credential out until it is resumed."""
        return self._change(name, suspend, request)

    def resume(self, name: str, request: CredentialRequest) -> Credential:
        """Let a suspended credential in again, with the secrets that it has."""
        return self._change(name, resume, request)

    def revoke(self, name: str, request: CredentialRequest) -> Credential:
        """Shut a credential out for good."""
        return self._change(name, revoke, request)

    def compare_access(self, now: datetime) -> AccessDifference:
        """Return what `apply_access` would do; changes nothing."""
        known = self._log.read()
        working = frozenset(name for name, one in known.items() if one.works(now))
        users = users_difference(known.values(), now, *self._users.seen(known.keys()))
        return AccessDifference(self._users.compare_access(working), users, _half_shut(users))

    def apply_access(self, request: CredentialRequest) -> AccessDifference:
        """Make the brokers' users and rules say what the credentials and the access table say.

        The brokers may have lost users, and a command may have been broken off. Where a password cannot be
        opened, its user stays out, and a problem says so: it keeps nobody else out.
        """
        with self._alone(request) as known:
            by_id = {one.credential_id: one for one in known}
            users = users_difference(known, request.at, *self._users.seen(by_id.keys()))
            for name in users.open:
                self._users.shut_out(name)
            working = frozenset(name for name, one in by_id.items() if one.works(request.at))
            grants = self._users.apply_access(working)
            self._users.let_in_writers()
            locked = tuple(filter(None, (self._let_in_again(by_id[name]) for name in users.missing)))
            return AccessDifference(grants, users, (*_half_shut(users), *locked))

    def _let_in_again(self, credential: Credential) -> str:
        """Return what hinders it; nothing if nothing does."""
        try:
            password = self._password(credential)
        except ExchangeError as problem:
            return problem.message
        self._users.let_in(credential.credential_id, password)
        return ""

    def _change(
        self,
        name: str,
        act: Callable[[Credential, CredentialRequest], Credential],
        request: CredentialRequest,
    ) -> Credential:
        with self._alone(request) as known:
            before = _the_one(known, name)
            after = _told(lambda: act(before, request), before)
            self._carry_out(after, request)
            return after

    def _issue(
        self,
        holder: Holder,
        known: tuple[Credential, ...],
        request: CredentialRequest,
        public_key: str | None,
    ) -> Issued:
        name, client_secret, kafka_password = next_id(known, holder.principal), new_secret(), new_secret()
        sealed = seal(self._key(), name, kafka_password)
        credential = issue(Credential(name, holder, hash_secret(client_secret), sealed, public_key), request)
        self._carry_out(credential, request)
        return Issued(credential, client_secret, kafka_password)

    def _carry_out(self, credential: Credential, request: CredentialRequest) -> None:
        """Have Kafka do as a credential now stands, and then keep it: what the log says is done."""
        if credential.works(request.at):
            self._users.let_in(credential.credential_id, self._password(credential))
        else:
            self._users.shut_out(credential.credential_id)
        self._log.keep(credential)

    @contextmanager
    def _alone(self, request: CredentialRequest) -> Iterator[tuple[Credential, ...]]:
        """Give the credentials as they stand, while no other command changes them."""
        with self._home.locked("credentials"):
            yield tuple(self._ended(one, request) for one in self._log.read().values())

    def _ended(self, credential: Credential, request: CredentialRequest) -> Credential:
        """Return a credential as it stands now, revoked if its time is over."""
        now = end_if_over(credential, replace(request, actor=ITSELF, reason=None))
        if now is not credential:
            self._carry_out(now, request)
        return now

    def _password(self, credential: Credential) -> str:
        try:
            return unseal(self._key(), credential.credential_id, credential.kafka_secret)
        except SealBrokenError:
            path = self._home.secrets / KEY
            sentence = said("credential_key_other", name=credential.credential_id, path=path)
            raise ExchangeError(sentence, said("credential_key_back")) from None

    def _key(self) -> bytes:
        return bytes.fromhex(self._home.secret(KEY, KEY_BYTES))


def open_desk(settings: Settings) -> CredentialDesk:
    """Return the desk of an exchange; the settings are those of the principal `admin`."""
    return CredentialDesk(Home(settings.home), CredentialLog(settings), KafkaUsers(settings))


def apply_access(settings: Settings) -> AccessDifference:
    """Make the brokers let in and do what credentials and access table say; the settings are `admin`'s.

    Raises:
        ExchangeError: the brokers did not answer, or refused.
    """
    return open_desk(settings).apply_access(CredentialRequest(ITSELF, datetime.now(UTC), ADMIN))


def _half_shut(users: UsersDifference) -> tuple[str, ...]:
    return tuple(said("credential_half_shut", name=name) for name in users.half_shut)


def _the_one(known: tuple[Credential, ...], name: str) -> Credential:
    found = chosen(known, name)
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(one.credential_id for one in found)
        raise ExchangeError(said("credential_which", name=name, known=ids), said("credential_list"))
    nearest = get_close_matches(name, [one.credential_id for one in known], 1)
    meant = f" ({nearest[0]}?)" if nearest else ""
    raise ExchangeError(said("credential_unknown", name=name, nearest=meant), said("credential_list"))


def _told(act: Callable[[], Credential], about: Credential) -> Credential:
    """Return what an act comes to.

    Raises:
        ExchangeError: it was refused; in both languages.
    """
    try:
        return act()
    except CredentialRefusedError as refused:
        raise ExchangeError(
            said(refused.code, name=about.credential_id, other=about.replaced_by or ""),
            said("credential_list"),
        ) from None
