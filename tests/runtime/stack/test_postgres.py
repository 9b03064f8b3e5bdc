"""The embedded PostgreSQL by itself: who comes in after a password was lost, and who is told none."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.postgres_address import OWNER, dsn_of
from exchange.runtime.stack.database_roles import ROLES
from exchange.runtime.stack.databases import ADMINISTRATOR, LOGINS, dsn, embedded_storage, secret_file
from exchange.runtime.stack.ports import LOOPBACK, Claims, choose_ports
from exchange.runtime.stack.postgres import postgres_items
from exchange.runtime.stack.supervisor import Supervisor

ASKS_IN_CLEAR: Final = b"R" + struct.pack(">ii", 8, 3)
"""AuthenticationCleartextPassword of the protocol."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A new home."""
    home = Home(tmp_path / "home")
    home.create()
    return home


@contextmanager
def running(home: Home) -> Iterator[int]:
    """Run PostgreSQL alone in a home; gives its port."""
    claims = Claims()
    ports = choose_ports(home, claims, ("postgres",))
    supervisor = Supervisor(home, postgres_items(home, ports))
    try:
        supervisor.start()
        yield ports["postgres"]
    finally:
        supervisor.stop()
        claims.release()


def comes_in(home: Home, port: int, role: str) -> bool:
    """Say whether a role gets in with what the home has as its password."""
    owned = dsn(home, port, OWNER)
    try:
        psycopg.connect(dsn_of(home, owned, role) if role in ROLES else dsn(home, port, role)).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.process
def test_a_password_that_was_lost_is_made_anew(home: Home) -> None:
    """The home starts as if nothing had been; nobody has to know which secret is whose."""
    with running(home) as port:
        assert [role for role in LOGINS if not comes_in(home, port, role)] == []
    lost = [role for role in LOGINS if role != ADMINISTRATOR]
    before = {role: secret_file(home, role).read_text() for role in lost}
    for role in lost:
        secret_file(home, role).unlink()
    with running(home) as port:
        assert [role for role in LOGINS if not comes_in(home, port, role)] == []
    assert not [role for role in lost if secret_file(home, role).read_text() == before[role]]


@pytest.mark.process
def test_without_the_administrators_password_the_start_ends_and_says_what_to_do(home: Home) -> None:
    """None is made in its place: with the one from a backup all goes on, and without it from the log."""
    with running(home):
        pass
    secret = secret_file(home, ADMINISTRATOR)
    right = secret.read_text()
    secret.unlink()
    with pytest.raises(ExchangeError, match="is lost or wrong") as lost, running(home):
        pass
    assert str(home.data / "postgres") in lost.value.hint
    assert not secret.exists()
    secret.write_text("0" * 48)
    with pytest.raises(ExchangeError, match="is lost or wrong"), running(home):
        pass
    secret.write_text(right)
    with running(home) as port:
        assert comes_in(home, port, ADMINISTRATOR)


@contextmanager
def asking_in_clear() -> Iterator[tuple[int, list[bytes]]]:
    """Listen as a server that asks for the password itself; gives its port and what it is told."""
    told: list[bytes] = []

    def ask() -> None:
        with server, server.accept()[0] as client:
            client.recv(4096)
            client.sendall(ASKS_IN_CLEAR)
            told.append(client.recv(4096))

    with socket.create_server((LOOPBACK, 0)) as server:
        port: int = server.getsockname()[1]
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        yield port, told
        thread.join()


@pytest.mark.parametrize("role", LOGINS)
def test_whoever_takes_the_servers_port_is_told_no_password(home: Home, role: str) -> None:
    """Any user of this machine may listen there while the server is away."""
    with asking_in_clear() as (port, told):
        (home.secrets / "pgpass").write_text(f"*:*:*:*:{home.secret(f'postgres_{role}')}\n")
        (home.secrets / "pgpass").chmod(0o600)
        with pytest.raises(psycopg.OperationalError, match="scram-sha-256"):
            psycopg.connect(f"{dsn(home, port, role)}&sslmode=disable&gssencmode=disable")
    assert told == [b""]


def test_nor_is_he_told_the_registrys(home: Home) -> None:
    """The registry comes by a driver of its own, which knows the same rule by another name."""
    assert embedded_storage(home, {"postgres": 5432}).jdbc_url.endswith("/registry?requireAuth=scram-sha-256")
