"""All that a request may need, put together once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from exchange.gateway.credentials import KnownCredentials
from exchange.gateway.database import Database
from exchange.gateway.index import Decoders, News
from exchange.gateway.intake import Intake
from exchange.gateway.limits import Limits
from exchange.gateway.notes import AccessNotes
from exchange.gateway.sign_in import SignIn
from exchange.gateway.tokens import Tokens
from exchange.gateway.writers import Writers
from exchange.runtime.home import Home
from exchange.runtime.metrics import FAILED_SIGN_INS
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from producers.codec import Codec


@dataclass(frozen=True)
class Gateway:
    """One running gateway."""

    settings: Settings
    registry: Registry
    known: KnownCredentials
    tokens: Tokens
    sign_in: SignIn
    intake: Intake
    notes: AccessNotes
    database: Database
    news: News
    decoders: Decoders
    limits: Limits = field(default_factory=Limits)
    answering: set[tuple[str, str]] = field(default_factory=set)
    """Keys whose first answer is being worked on, by whose they are."""
    uploading: set[UUID] = field(default_factory=set)
    """Batches that are coming in."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends all streams."""

    def serves(self, client_id: str) -> bool:
        """Say whether a client that waits for something is to wait on: asked again and again."""
        return not self.stopping.is_set() and self.known.find(client_id) is not None

    def stop(self) -> None:
        """Ask everything that waits to end."""
        self.stopping.set()
        self.news.wake()


@contextmanager
def opened(settings: Settings, monitor: Monitor) -> Iterator[Gateway]:
    """Open a gateway's connections while the block runs, within an event loop.

    Raises:
        ExchangeError: a part that it needs does not answer.
    """
    home = Home(settings.home)
    writers = Writers(settings)
    with (
        Registry(settings.registry) as registry,
        KnownCredentials(settings) as known,
        Database(settings) as database,
        News(settings) as news,
    ):
        tokens, failed = Tokens(home), FAILED_SIGN_INS.counter(monitor.registry)
        codec = Codec(settings.city.catalogue, registry)
        intake = Intake(settings, codec, writers)
        try:
            yield Gateway(
                *(settings, registry, known, tokens, SignIn(known, tokens, failed), intake),
                *(AccessNotes(settings, codec, writers), database, news, Decoders(registry)),
            )
        finally:
            intake.close()
            writers.close()
