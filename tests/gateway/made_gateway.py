"""A gateway without Kafka, registry and PostgreSQL: what it writes is kept in a list, what it asks away."""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx

from exchange.domain.credentials import Credential, CredentialRequest, Holder, issue
from exchange.gateway.app import make_app
from exchange.gateway.gateway import Gateway
from exchange.gateway.intake import Intake
from exchange.gateway.notes import AccessNotes
from exchange.gateway.principal_limits import PrincipalLimits
from exchange.gateway.sign_in import SignIn
from exchange.gateway.tokens import Tokens
from exchange.gateway.writers import LogPlace
from exchange.runtime.city import City
from exchange.runtime.credentials.secrets import hash_secret
from exchange.runtime.kafka.sender import NotTakenError
from exchange.serving.framing import framed_once
from exchange.serving.problems import away

BANK, COUNTY = "91620500812415868R", "620502"
HOLDERS = {
    "civil_affairs": Holder("civil_affairs"),
    "bank": Holder("financial_regulation", bank=BANK),
    "county": Holder("civil_affairs", county=COUNTY),
    "auditors": Holder("auditors"),
}
SECRET = "a-secret-that-nobody-guesses"  # noqa: S105 - of nobody
SECRET_HASH = hash_secret(SECRET)
MADE = CredentialRequest("test", datetime(2026, 6, 1, tzinfo=UTC), "operator")
CITY = City()


def credential(name: str, holder: Holder) -> Credential:
    """A credential that works."""
    return issue(Credential(name, holder, SECRET_HASH, ""), MADE)


class MadeKeys:
    """The secrets of a home."""

    def secret(self, _name: str, length: int) -> str:
        """Return always the same."""
        return "ab" * length


class MadeCredentials:
    """Credentials, which a test may take back."""

    def __init__(self) -> None:
        self.working = {name: credential(name, holder) for name, holder in HOLDERS.items()}

    def find(self, client_id: str) -> Credential | None:
        """Return one that works."""
        return self.working.get(client_id)


class MadeWriters:
    """What is written, in order: by whom, to which topic, and the value. Or nothing is taken, or unheard."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str, bytes]] = []
        self.trouble = ""
        self.unheard = False

    def own(self) -> Any:
        """Return what writes as the gateway."""
        return self.of("")

    def of(self, department: str) -> Any:
        """Return what writes for a department."""

        async def write(topic: str, value: bytes, *_: object) -> "asyncio.Future[LogPlace]":
            taken = asyncio.get_running_loop().create_future()
            if self.trouble:
                taken.set_exception(NotTakenError(self.trouble))
            else:
                taken.set_result((0, None if self.unheard else len(self.written)))
                self.written.append((department, topic, value))
            return taken

        return SimpleNamespace(write=write)


class MadeCodec:
    """Writes any value as the same bytes."""

    def encode(self, _topic: str, _value: object) -> bytes:
        """Return bytes."""
        return b"avro"


class NoDatabase:
    """PostgreSQL, away."""

    async def ask(self, _question: Callable[..., Any]) -> Any:
        """Say so."""
        raise away("postgres: OperationalError")


class MadeGateway:
    """A gateway and its application, asked in this process."""

    def __init__(self) -> None:
        self.known, self.writers = MadeCredentials(), MadeWriters()
        tokens = Tokens(MadeKeys())  # type: ignore[arg-type]
        self.tokens = tokens
        settings: Any = SimpleNamespace(city=CITY, case_key=bytes(32), kafka=SimpleNamespace(user="gateway"))
        codec, writers, find, none = MadeCodec(), self.writers, self.known.find, NoDatabase()
        parts: list[Any] = [settings, None, find, tokens, SignIn(find, tokens.issue)]
        parts += [Intake(settings, codec, writers), AccessNotes(settings, codec, writers)]  # type: ignore[arg-type]
        news: Any = SimpleNamespace(next=lambda _topic: asyncio.Event())
        self.gateway = Gateway(*parts, none, news, None, None, PrincipalLimits(CITY.gateway, lambda: 0.0))  # type: ignore[arg-type]
        self.app = make_app(self.gateway)

    def token(self, name: str) -> dict[str, str]:
        """Return the header that shows who somebody is."""
        return {"Authorization": f"Bearer {self.tokens.issue(name)}"}

    async def ask(self, method: str, path: str, name: str | None = None, **more: Any) -> httpx.Response:
        """Ask as somebody."""
        headers = {**(self.token(name) if name else {}), **more.pop("headers", {})}
        transport = httpx.ASGITransport(framed_once(self.app))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await client.request(method, path, headers=headers, **more)

    def asked(self, method: str, path: str, name: str | None = None, **more: Any) -> httpx.Response:
        """Ask as somebody, and nobody else meanwhile."""
        return asyncio.run(self.ask(method, path, name, **more))


def body_of(pieces: Sequence[bytes], **headers: str) -> Any:
    """A request whose body comes in these pieces."""

    async def stream() -> Any:
        for piece in pieces:
            yield piece
        yield b""

    return SimpleNamespace(headers=headers, stream=stream)


def basic(name: str, secret: str = SECRET) -> str:
    """The header that shows a name and a secret."""
    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"
