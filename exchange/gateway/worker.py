"""The gateway: departments, banks and counties come in over HTTP.

Shape: HTTP on the loopback, and with TLS on the address that the exchange listens at, both as the home's
addresses say → the record topics, receipts and quarantine of what is refused, access records.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from exchange.gateway.app import make_app
from exchange.gateway.credentials import KnownCredentials
from exchange.gateway.database import Database
from exchange.gateway.gateway import Gateway
from exchange.gateway.index import IndexDecoders, IndexNews
from exchange.gateway.intake import Intake
from exchange.gateway.notes import AccessNotes
from exchange.gateway.principal_limits import PrincipalLimits
from exchange.gateway.retention import keep_forgetting
from exchange.gateway.sign_in import SignIn
from exchange.gateway.tokens import Tokens
from exchange.gateway.topic_ends import TopicEnds
from exchange.gateway.writers import Writers
from exchange.runtime.home import Home
from exchange.runtime.logs import configure_logs
from exchange.runtime.memory import keep_nothing_large
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from exchange.serving.server import ServedPart
from producers.codec import Codec

PART: Final = "gateway"


def run(settings: Settings) -> None:
    """Run the gateway until SIGTERM or SIGINT; the home's ready file says when it answers."""
    configure_logs(logging.INFO)
    keep_nothing_large()
    home, monitor = Home(settings.home), Monitor(PART)
    with monitor.serving(home):
        asyncio.run(_run(settings, home, monitor))


@contextmanager
def _opened(settings: Settings) -> Iterator[Gateway]:
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
        IndexNews(settings) as news,
        TopicEnds(settings) as ends,
    ):
        tokens = Tokens(home)
        codec = Codec(settings.city.catalogue, registry)
        intake = Intake(settings, codec, writers)
        sign_in = SignIn(known.find, tokens.issue, known.look_again)
        try:
            yield Gateway(
                *(settings, registry, known.find, tokens, sign_in, intake),
                *(AccessNotes(settings, codec, writers), database, news, IndexDecoders(registry), ends),
                PrincipalLimits(settings.city.gateway),
            )
        finally:
            intake.close()
            writers.close()


async def _run(settings: Settings, home: Home, monitor: Monitor) -> None:
    with _opened(settings) as gateway:
        await asyncio.to_thread(gateway.database.make_tables)
        forgetting = keep_forgetting(gateway.database, settings.city.gateway)
        part = ServedPart(PART, make_app(gateway), home, gateway, settings.reverse_proxies)
        await part.run(monitor, forgetting)
