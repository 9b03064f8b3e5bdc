"""The gateway: departments, banks and counties come in over HTTP.

Shape: HTTP on the loopback, and with TLS on the address that the exchange listens at, both as the home's
addresses say → the record topics, receipts and quarantine of what is refused, access records.
"""

import asyncio
import logging
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server

from exchange.gateway.app import make_app
from exchange.gateway.credentials import KnownCredentials
from exchange.gateway.database import Database
from exchange.gateway.framing import framed_once
from exchange.gateway.gateway import Gateway
from exchange.gateway.index import IndexDecoders, IndexNews, passed
from exchange.gateway.intake import Intake
from exchange.gateway.limits import Limits
from exchange.gateway.notes import AccessNotes
from exchange.gateway.retention import keep_forgetting
from exchange.gateway.sign_in import SignIn
from exchange.gateway.tokens import Tokens
from exchange.gateway.topic_ends import TopicEnds
from exchange.gateway.writers import Writers
from exchange.runtime.home import Home, announce_ready
from exchange.runtime.logs import configure_logs, logger
from exchange.runtime.memory import keep_nothing_large
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from exchange.runtime.stack.certificates import server_file
from exchange.runtime.stack.state import read_addresses
from producers.codec import Codec

PART: Final = "gateway"
HEADERS_MS: Final = 10_000
"""How long a client may take for the headers of a request."""
CONNECTIONS: Final = 4096
"""How many may be open at once, idle ones and streams among them: more wait until one ends."""
_HEADER_BYTES: Final = 32 << 10
_LOOK_S: Final = 1.0
_END_S: Final = 2.0
"""How long streams are given to end, once they are asked to."""

log = logger("gateway.worker")


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
                Limits(settings.city.gateway),
            )
        finally:
            intake.close()
            writers.close()


async def _run(settings: Settings, home: Home, monitor: Monitor) -> None:
    with _opened(settings) as gateway:
        await asyncio.to_thread(gateway.database.make_tables)
        app = framed_once(make_app(gateway))
        serving = [
            asyncio.create_task(_serve(app, url, home, gateway)) for url in _listening(read_addresses(home))
        ]
        beside = [
            asyncio.create_task(_beat(monitor)),
            asyncio.create_task(keep_forgetting(gateway.database, settings.city.gateway)),
        ]
        announce_ready(home, PART)
        monitor.ready()
        asked = asyncio.create_task(_until_asked(gateway))
        # A listener that ends by itself ends the process: the supervisor starts it anew.
        await asyncio.wait([asked, *serving], return_when=asyncio.FIRST_COMPLETED)
        gateway.stop()
        await asyncio.wait(serving, timeout=2 * _END_S)
        for one in beside:
            one.cancel()
        for one in serving:
            if one.done():
                one.result()
    log.info("stopped", part=PART)


def _listening(addresses: Mapping[str, str]) -> list[str]:
    """Return where to listen: on the loopback, and where other machines come in."""
    return [addresses[name] for name in ("gateway", "gateway_outside") if name in addresses]


async def _serve(app: object, url: str, home: Home, gateway: Gateway) -> None:
    """Serve until the gateway stops; with another certificate, anew as soon as there is one."""
    certificate = server_file(home) if url.startswith("https:") else None  # its key is in the same file
    while not gateway.stopping.is_set():
        made_at = _made_at(certificate)
        server = _server(app, url, certificate)
        serving = asyncio.create_task(server.serve())
        while not (gateway.stopping.is_set() or serving.done()) and made_at == _made_at(certificate):
            await passed(gateway.stopping, _LOOK_S)
        if gateway.stopping.is_set():
            await gateway.limits.none_streams(_END_S)
        server.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait([serving], timeout=_END_S)
        if serving.done():
            serving.result()


def _made_at(certificate: Path | None) -> int | None:
    return certificate.stat().st_mtime_ns if certificate else None


def _server(app: object, url: str, certificate: Path | None) -> Server:
    place = urlsplit(url)
    return Server(
        app,
        address=place.hostname or "127.0.0.1",
        port=place.port or 0,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_MS, max_buffer_size=_HEADER_BYTES),
        websockets=False,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        ssl_protocol_min=SSLProtocols.tls12,  # as the brokers: Windows Server 2019 knows no later one
        log_enabled=False,
        ssl_cert=certificate,
        ssl_key=certificate,
    )


async def _beat(monitor: Monitor) -> None:
    while True:
        monitor.beat()
        await asyncio.sleep(1)


async def _until_asked(gateway: Gateway) -> None:
    """Return once the process is asked to stop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, gateway.stop)
    await gateway.stopping.wait()
