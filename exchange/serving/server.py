"""Serves a part of ours over HTTP until it is asked to stop: on the loopback, and with TLS beyond it."""

import asyncio
import signal
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server

from exchange.runtime.home import Home, announce_ready
from exchange.runtime.logs import logger
from exchange.runtime.monitor import Monitor
from exchange.runtime.reverse_proxies import ReverseProxies
from exchange.runtime.stack.certificates import server_file
from exchange.runtime.stack.state import read_addresses
from exchange.serving.behind_proxies import behind_proxies
from exchange.serving.framing import framed_once
from exchange.serving.holder_limits import HolderLimits
from exchange.serving.waiting import passed

HEADERS_MS: Final = 10_000
"""How long a client may take for the headers of a request."""
CONNECTIONS: Final = 4096
"""How many may be open at once, idle ones and streams among them: more wait until one ends."""
_HEADER_BYTES: Final = 32 << 10
_LOOK_S: Final = 1.0
_END_S: Final = 2.0
"""How long streams are given to end, once they are asked to."""

log = logger("serving")


class Stoppable(Protocol):
    """What is served: `stopping` ends all its streams, which `limits` counts."""

    @property
    def limits(self) -> HolderLimits:
        """Return what counts the streams."""

    @property
    def stopping(self) -> asyncio.Event:
        """Return what is set once it is to end."""

    def stop(self) -> None:
        """Ask everything that waits to end."""


@dataclass(frozen=True)
class ServedPart:
    """A part of ours that answers HTTP.

    Attributes:
        part: its name; where it listens, the home's addresses say.
        app: the ASGI application.
        state: what it stands on.
        proxies: those before it that are believed.
    """

    part: str
    app: Any
    home: Home
    state: Stoppable
    proxies: ReverseProxies

    async def run(self, monitor: Monitor, *beside: Coroutine[Any, Any, None]) -> None:
        """Serve until SIGTERM or SIGINT; the home's ready file says when it answers.

        Args:
            monitor: hears that the event loop moves.
            beside: what runs meanwhile.
        """
        app = framed_once(behind_proxies(self.app, self.proxies))
        serving = [
            asyncio.create_task(self._serve(app, url)) for url in self._listening(read_addresses(self.home))
        ]
        others = [asyncio.create_task(one) for one in (_beat(monitor), *beside)]
        announce_ready(self.home, self.part)
        monitor.ready()
        asked = asyncio.create_task(self._until_asked())
        # A listener that ends by itself ends the process: the supervisor starts it anew.
        await asyncio.wait([asked, *serving], return_when=asyncio.FIRST_COMPLETED)
        self.state.stop()
        await asyncio.wait(serving, timeout=2 * _END_S)
        for one in others:
            one.cancel()
        for one in serving:
            if one.done():
                one.result()
        log.info("stopped", part=self.part)

    def _listening(self, addresses: Mapping[str, str]) -> list[str]:
        """Return where to listen: on the loopback, and where other machines come in."""
        return [addresses[name] for name in (self.part, f"{self.part}_outside") if name in addresses]

    async def _serve(self, app: Any, url: str) -> None:
        """Serve until the part stops; with another certificate, anew as soon as there is one."""
        certificate = server_file(self.home) if url.startswith("https:") else None  # its key is in it, too
        stopping = self.state.stopping
        while not stopping.is_set():
            made_at = _made_at(certificate)
            server = _server(app, url, certificate)
            serving = asyncio.create_task(server.serve())
            while not (stopping.is_set() or serving.done()) and made_at == _made_at(certificate):
                await passed(stopping, _LOOK_S)
            if stopping.is_set():
                await self.state.limits.none_streams(_END_S)
            server.stop()  # type: ignore[no-untyped-call]
            await asyncio.wait([serving], timeout=_END_S)
            if serving.done():
                serving.result()

    async def _until_asked(self) -> None:
        """Return once the process is asked to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.state.stop)
        await self.state.stopping.wait()


def _made_at(certificate: Path | None) -> int | None:
    return certificate.stat().st_mtime_ns if certificate else None


def _server(app: Any, url: str, certificate: Path | None) -> Server:
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
