"""Ports: the usual one, the remembered one, or the next free one."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.runtime.home import Home
from exchange.runtime.stack import ports
from exchange.runtime.stack.ports import LOOPBACK, STEP, Claims, Listener, choose_ports, is_free, listens


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens, with the next one free."""
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_taken_port_is_replaced_by_a_free_one(taken: int, tmp_path: Path) -> None:
    """Another program on the usual port is no reason not to start."""
    claims = Claims(tmp_path)
    port = claims.claim(taken)
    claims.release()
    assert port > taken
    assert (port - taken) % STEP == 0
    assert not is_free(taken)


def test_two_homes_that_start_at_once_never_choose_the_same_port(taken: int, tmp_path: Path) -> None:
    """The choice is held until the server listens, and after."""
    first, second = Claims(tmp_path), Claims(tmp_path)
    ports = {first.claim(taken), second.claim(taken)}
    first.release()
    second.release()
    assert len(ports) == 2


def test_homes_with_temporary_folders_of_their_own_hear_of_each_others_claims(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ports are the machine's, whatever a shell says of TMPDIR."""
    before = Claims().folder
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    assert Claims().folder == before


def test_a_port_belongs_to_the_process_that_listens(taken: int) -> None:
    """An answer from somebody else's server does not make a part healthy."""
    assert listens(os.getpid(), taken)
    assert not listens(os.getppid(), taken)


def test_a_process_that_was_seen_to_listen_is_not_looked_at_again(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What costs most is done once for each process that listens, and again for others."""
    seen: list[int] = []

    def look(pid: int, port: int) -> bool:
        seen.append(pid)
        return listens(pid, port)

    monkeypatch.setattr(ports, "listens", look)
    ours, others, listener = os.getpid(), os.getppid(), Listener(taken)
    assert [listener.is_held_by(pid) for pid in (others, others, ours, ours, others, ours)] == [
        *(False, False, True, True, False, True)
    ]
    assert seen == [others, others, ours, others]


def test_a_home_keeps_its_ports(taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever noted an address yesterday finds the exchange there today."""
    monkeypatch.setattr("exchange.runtime.stack.ports.USUAL", {"kafka": taken})
    home = Home(tmp_path / "home")
    home.create()
    chosen = []
    for _ in range(2):
        claims = Claims(tmp_path)
        chosen.append(choose_ports(home, claims, ("kafka",)))
        claims.release()
    assert chosen[0] == chosen[1]
    assert chosen[0]["kafka"] != taken
