"""The life of a credential: what may be done to it in each state, and what it is then.

Shape: values and acts → values; nothing here knows a secret, a clock or Kafka.

    ACTIVE ──replace──► EXPIRING ──its end comes──► REVOKED
       └──suspend──► SUSPENDED ──resume──► as it was before

Whatever takes away may be repeated without harm; whatever gives back may not. Nothing leads out of REVOKED.
A principal may have several credentials, one for each of its machines: each has a life of its own.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

CredentialState = Literal["ACTIVE", "EXPIRING", "SUSPENDED", "REVOKED"]
CredentialActKind = Literal["CREATED", "REPLACED", "SUSPENDED", "RESUMED", "REVOKED", "ENDED"]
CredentialRefusal = Literal[
    "credential_revoked", "credential_suspended", "credential_replaced", "credential_not_suspended"
]

OVERLAP: Final = timedelta(hours=24)
"""How long a credential works on beside the one that has taken its place, unless somebody says otherwise."""


class CredentialRefusedError(Exception):
    """What was asked for does not fit the credential's state; the text is a `CredentialRefusal`."""

    def __init__(self, code: CredentialRefusal) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is given a credential: a department, or a bank or a county that acts as one."""

    department: str
    bank: str | None = None
    """A unified social credit code."""
    county: str | None = None
    """A county's code."""

    @property
    def principal(self) -> str:
        """Return whose rights its credentials have, as the access table calls it."""
        if self.bank is not None:
            return f"bank.{self.bank}"
        return self.department if self.county is None else f"county.{self.county}"


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """Who asks for something, when, as which principal of ours, and why; ``at`` is aware, UTC."""

    actor: str
    at: datetime
    principal: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CredentialAct:
    """One thing that was done to a credential."""

    act: CredentialActKind
    request: CredentialRequest


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential as it stands. What is kept of its secrets is no secret, and is never printed either."""

    credential_id: str
    """The client's id over HTTP and the user's name in Kafka."""
    holder: Holder
    secret_hash: str = field(repr=False)
    kafka_secret: str = field(repr=False)
    """Encrypted."""
    public_key: str | None = None
    """PEM, of a key with which its holder may sign who it is (RFC 7523), and send no secret."""
    state: CredentialState = "ACTIVE"
    ends_at: datetime | None = None
    """When it ends because another has taken its place."""
    replaced_by: str | None = None
    history: tuple[CredentialAct, ...] = ()

    @property
    def made_at(self) -> datetime:
        """Return when it was issued."""
        return self.history[0].request.at

    def works(self, now: datetime) -> bool:
        """Say whether it lets anybody in at this moment."""
        return self.state in {"ACTIVE", "EXPIRING"} and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        """Say whether the time that it had beside its successor has passed."""
        return self.ends_at is not None and self.ends_at <= now


def issue(credential: Credential, request: CredentialRequest) -> Credential:
    """Return a new credential with the note of who made it."""
    return _noted(credential, "CREATED", request)


def replace_with(
    old: Credential, new: Credential, overlap: timedelta, request: CredentialRequest
) -> Credential:
    """Return the old credential, which works on beside the new one for the overlap; none ends it at once.

    Raises:
        CredentialRefusedError: it is not ACTIVE, so that the new one would take the place of nothing.
    """
    if old.state != "ACTIVE":
        raise CredentialRefusedError(_NOT_REPLACEABLE[old.state])
    ends_at = request.at + overlap
    expiring = replace(old, state="EXPIRING", ends_at=ends_at, replaced_by=new.credential_id)
    return end_if_over(_noted(expiring, "REPLACED", request), request)


def suspend(credential: Credential, request: CredentialRequest) -> Credential:
    """Return it SUSPENDED; one that is already stays as it is.

    Raises:
        CredentialRefusedError: it is REVOKED.
    """
    if credential.state == "REVOKED":
        raise CredentialRefusedError("credential_revoked")
    if credential.state == "SUSPENDED":
        return credential
    return _noted(replace(credential, state="SUSPENDED"), "SUSPENDED", request)


def resume(credential: Credential, request: CredentialRequest) -> Credential:
    """Return it as it was before it was suspended.

    Raises:
        CredentialRefusedError: it is not SUSPENDED, or its time beside its successor is over.
    """
    if credential.state == "REVOKED" or credential.is_over(request.at):
        raise CredentialRefusedError("credential_revoked")
    if credential.state != "SUSPENDED":
        raise CredentialRefusedError("credential_not_suspended")
    before: CredentialState = "ACTIVE" if credential.ends_at is None else "EXPIRING"
    return _noted(replace(credential, state=before), "RESUMED", request)


def revoke(credential: Credential, request: CredentialRequest) -> Credential:
    """Return it REVOKED, for good; one that is already stays as it is."""
    if credential.state == "REVOKED":
        return credential
    return _noted(replace(credential, state="REVOKED"), "REVOKED", request)


def end_if_over(credential: Credential, request: CredentialRequest) -> Credential:
    """Return it REVOKED if its time beside its successor is over at the request's moment, else as it is."""
    if credential.state == "REVOKED" or not credential.is_over(request.at):
        return credential
    return _noted(replace(credential, state="REVOKED"), "ENDED", request)


def next_id(known: Iterable[Credential], principal: str) -> str:
    """Return the id of a principal's next credential, which none of those known ever had: `health.2`."""
    own = (one.credential_id for one in known if one.holder.principal == principal)
    return f"{principal}.{1 + max((int(name.rpartition('.')[2]) for name in own), default=0)}"


def chosen(known: Iterable[Credential], name: str) -> tuple[Credential, ...]:
    """Return those that a name means: the one with this id, or all of this principal that are not revoked."""
    known = tuple(known)
    by_id = tuple(one for one in known if one.credential_id == name)
    return by_id or tuple(one for one in known if one.holder.principal == name and one.state != "REVOKED")


class UsersDifference(NamedTuple):
    """How the brokers' users differ from what credentials say, by their names, each in order."""

    missing: tuple[str, ...]
    """Credentials that work and have no user."""
    open: tuple[str, ...]
    """Users that are not refused everything, of a credential that does not work or of none."""
    half_shut: tuple[str, ...]
    """Credentials that work and are refused everything: somebody was broken off while shutting them out."""


def users_difference(
    known: Iterable[Credential], now: datetime, users: Set[str], denied: Set[str]
) -> UsersDifference:
    """Return how the brokers differ from what credentials say at this moment.

    Where no credential is known, no user is open: a log without any is one that nobody has written yet.

    Args:
        known: all credentials there ever were.
        now: aware, UTC.
        users: those of outsiders that have a secret at the brokers.
        denied: those whom the brokers refuse everything.
    """
    works = {one.credential_id: one.works(now) for one in known}
    working = {name for name, does in works.items() if does}
    closed = (works.keys() | users) - working if works else set()
    return UsersDifference(
        tuple(sorted(working - users - denied)),
        tuple(sorted(closed - denied)),
        tuple(sorted(working & denied)),
    )


_NOT_REPLACEABLE: Final[dict[CredentialState, CredentialRefusal]] = {
    "EXPIRING": "credential_replaced",
    "SUSPENDED": "credential_suspended",
    "REVOKED": "credential_revoked",
}


def _noted(credential: Credential, act: CredentialActKind, request: CredentialRequest) -> Credential:
    return replace(credential, history=(*credential.history, CredentialAct(act, request)))
