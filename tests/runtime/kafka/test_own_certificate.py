"""Our parts tell their passwords to brokers of their own home alone, whoever holds the port."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exchange.runtime.home import Home
from exchange.runtime.join.worker import credentials_of
from exchange.runtime.kafka.access import KafkaAccess, own_certificate
from exchange.runtime.kafka.clients import make_consumer
from exchange.runtime.stack.certificates import prepare_own
from exchange.runtime.stack.ports import LOOPBACK
from tests.waiting import wait_for

USER, PASSWORD = "joiner", "geheim"


@dataclass
class Taker:
    """Somebody who has taken a broker's port, and what clients tell it in the clear or encrypted for it."""

    shows: Path
    """Private key and certificate."""
    port: int = 0
    told: list[bytes] = field(default_factory=list)
    refused: int = 0
    """How many clients did not believe that it is a broker."""

    def serve(self, server: socket.socket) -> None:
        """Talk to one client after the other until the socket is closed."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.shows)
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                with client, suppress(OSError):
                    self._talk(client, context)

    def _talk(self, client: socket.socket, context: ssl.SSLContext) -> None:
        if client.recv(1, socket.MSG_PEEK) != b"\x16":  # no client that asks whom it has before it
            self.told.append(client.recv(10_000))
            return
        try:
            with context.wrap_socket(client, server_side=True) as trusted:
                self.told.append(trusted.recv(10_000))
        except ssl.SSLError:
            self.refused += 1


@contextmanager
def taker(shows: Path) -> Iterator[Taker]:
    """Let somebody hold a port while the block lasts."""
    with socket.create_server((LOOPBACK, 0)) as server:
        found = Taker(shows, server.getsockname()[1])
        talking = threading.Thread(target=found.serve, args=(server,))
        talking.start()
        try:
            yield found
        finally:
            server.shutdown(socket.SHUT_RDWR)
            talking.join()


def tell(whom: Taker, trusted: ssl.SSLContext, name: str, what: str) -> None:
    """Tell it something, encrypted, if it is believed to be a server of that name."""
    plain = socket.create_connection((LOOPBACK, whom.port))
    with plain, suppress(ssl.SSLError), trusted.wrap_socket(plain, server_hostname=name) as asking:
        asking.sendall(what.encode("ascii"))


@pytest.fixture
def homes(tmp_path: Path) -> tuple[Home, Home]:
    """A home, and that of somebody else on the same machine."""
    ours, others = Home(tmp_path / "ours"), Home(tmp_path / "others")
    for home in (ours, others):
        home.create()
        prepare_own(home, datetime.now(UTC))
    return ours, others


@pytest.mark.parametrize("whose", ["ours", "others"])
def test_clients_tell_a_password_to_nobody_but_our_brokers(homes: tuple[Home, Home], whose: str) -> None:
    """Who shows what somebody else has made, for the same address, is told nothing at all."""
    ours, _ = homes
    shown = ours.root.with_name(whose) / "secrets" / "own.pem"
    with ExitStack() as ends:
        found = ends.enter_context(taker(shown))
        access = KafkaAccess(f"{LOOPBACK}:{found.port}", USER, PASSWORD, own_certificate(ours))
        client = make_consumer(access, {"log_level": 0})
        ends.callback(client.close)
        wait_for("the client", lambda: client.poll(0.01) or found.told or found.refused)
        assert bool(found.told) == (whose == "ours"), found


@pytest.mark.parametrize("whose", ["ours", "others"])
def test_so_does_the_group_member_of_the_joiner(homes: tuple[Home, Home], whose: str) -> None:
    """It is another library's client, and is given what it trusts in another way."""
    ours, _ = homes
    shown = ours.root.with_name(whose) / "secrets" / "own.pem"
    with taker(shown) as found:
        access = KafkaAccess(f"{LOOPBACK}:{found.port}", USER, PASSWORD, own_certificate(ours))
        trusted = credentials_of(access).ssl_context
        tell(found, trusted, LOOPBACK, PASSWORD)
    assert found.told == ([PASSWORD.encode("ascii")] if whose == "ours" else [])


def test_it_holds_for_brokers_at_this_address_alone(homes: tuple[Home, Home]) -> None:
    """The strictest check that Python knows takes it, and by another name it is none."""
    ours, _ = homes
    strict = ssl.create_default_context(cafile=own_certificate(ours))
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    with taker(ours.secrets / "own.pem") as found:
        for name in (LOOPBACK, "127.0.0.2"):
            tell(found, strict, name, name)
    assert found.told == [LOOPBACK.encode("ascii")]
