"""Who comes to which exchange, and how a request is repeated, with a token, until its answer counts."""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from secrets import SystemRandom
from typing import Final
from urllib.parse import urlencode, urlsplit

from life_events_client.assertions import BEARER
from life_events_client.errors import NotAllowed, failure
from life_events_client.steps import Answer, Ask, Conversation, Cut, Wait

FIRST_PAUSE_S: Final = 0.5
"""The longest pause before the first repeat; it doubles with each."""
LONGEST_PAUSE_S: Final = 30.0
RENEWED_AT: Final = 0.8
"""After which part of its life a token is renewed."""


@dataclass(eq=False)
class Access:
    """One credential at one exchange, with the token that it has now.

    Attributes:
        url: Where the exchange is; `https`, or `http` on this machine alone.
        client_id: The name of the credential, such as `civil_affairs.1`.
        sign: Signs a new assertion of who this is, where the credential has a key instead of its secret.
        ca: File of the certificate to trust, where the exchange has one of its own.
        language: `zh` or `en`: in which the exchange explains problems.
        patience_s: How long a request is repeated before the caller is told.
        clock: Seconds, always rising.
        jitter: A number between 0 and the one given.

    Raises:
        ValueError: the secret would travel unencrypted, or there is neither secret nor key.
    """

    url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    sign: Callable[[], str] | None = field(default=None, repr=False)
    ca: str | None = None
    language: str = "zh"
    patience_s: float = 60.0
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    jitter: Callable[[float], float] = field(default=lambda most: SystemRandom().uniform(0, most), repr=False)
    token: str = field(default="", init=False, repr=False)
    renew_at: float = field(default=0.0, init=False, repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_here(parts.hostname or "")):
            raise ValueError("The exchange's address begins with https, or is on this machine.")
        if not (self.client_secret or self.sign):
            raise ValueError("A credential is shown by its secret, or by a private key.")

    @property
    def principal(self) -> str:
        """Whose credential it is: a new one of the same department is the same principal."""
        name, _, number = self.client_id.rpartition(".")
        return name if name and number.isdecimal() else self.client_id

    def token_request(self) -> Ask:
        """Return what to ask for a new token."""
        form = {"grant_type": "client_credentials", "client_id": self.client_id}
        if self.sign:
            form |= {"client_assertion_type": BEARER, "client_assertion": self.sign()}
        else:
            form["client_secret"] = self.client_secret
        content = urlencode(form).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return Ask("POST", "/oauth/token", headers=headers, content=content)

    def take_token(self, answer: Answer) -> None:
        """Use the token that was given."""
        given = answer.json()
        self.token, self.renew_at = given["access_token"], self.clock() + RENEWED_AT * given["expires_in"]

    def forget_token(self, token: str) -> None:
        """Use a token no longer that was refused, unless there is another already."""
        if self.token == token:
            self.token = ""


@dataclass(frozen=True, slots=True)
class Brokers:
    """Where Kafka is, for who comes to it directly.

    Attributes:
        servers: `host:port`, several with commas.
        password: The credential's `kafka_password`; its user there is the client id.
    """

    servers: str
    password: str = field(repr=False)


def ask(
    access: Access,
    wanted: Ask,
    *,
    patience_s: float | None,
    between: Callable[[], Conversation[Answer | None]] | None = None,
) -> Conversation[Answer]:
    """Ask until there is an answer that counts, and return it if it is a good one.

    Repeated is what may have another answer later: cuts, 408, 429, 5xx, 409 while the same is still at work;
    and 401 once, with a new token.

    Args:
        access: Who asks.
        wanted: The request.
        patience_s: How long it is repeated; None: for ever.
        between: Looks before each repeat whether it is still needed, and returns the answer if it is not.

    Raises:
        ClientError: any of `errors`, by what the last answer means.
    """
    pauses = Pauses(access, patience_s)
    renewed = repeated = False
    while True:
        answer = yield from _send(access, wanted)
        if isinstance(answer, Answer) and answer.status < 300:
            return replace(answer, repeated=repeated)
        if isinstance(answer, Answer) and answer.status == 401 and not renewed:
            renewed = True
            continue
        renewed = False
        yield pauses.before_repeat(answer)
        repeated = True
        if between and (found := (yield from between())):
            return found


def _send(access: Access, wanted: Ask) -> Conversation[Answer | Cut]:
    """Send one request with a token that is young enough."""
    if not access.token or access.clock() >= access.renew_at:
        given: Answer | Cut = yield access.token_request()
        if isinstance(given, Cut) or given.may_be_repeated:
            return given
        if given.status != 200:
            code = given.problem().get("error", "unknown")
            raise NotAllowed(f"The exchange gives {access.client_id} no token ({given.status} {code}).")
        access.take_token(given)
    token = access.token
    signed = wanted.with_header("authorization", f"Bearer {token}")
    answer: Answer | Cut = yield signed.with_header("accept-language", access.language)
    if isinstance(answer, Answer) and answer.status == 401:
        access.forget_token(token)
    return answer


class Pauses:
    """How long to wait before each repeat: full jitter, and what the exchange asks for on top."""

    def __init__(self, access: Access, patience_s: float | None) -> None:
        self._access, self._longest = access, FIRST_PAUSE_S
        self._until = float("inf") if patience_s is None else access.clock() + patience_s

    def before_repeat(self, answer: Answer | Cut) -> Wait:
        """Return the pause before the next try.

        Raises:
            ClientError: a repeat is of no use, or would come too late.
        """
        pause = self._access.jitter(self._longest) + (answer.retry_after_s or 0.0)
        self._longest = min(2 * self._longest, LONGEST_PAUSE_S)
        if not answer.may_be_repeated or self._access.clock() + pause > self._until:
            raise failure(answer)
        return Wait(pause)


def is_here(host: str) -> bool:
    """Return whether a host is this machine, to which nobody listens on the way."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
