"""Ports on the loopback: the usual one, the one used before, or the next free one."""

import fcntl
import ipaddress
import json
import os
import socket
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.sentences import said

LOOPBACK = "127.0.0.1"
USUAL = {
    "kafka": 9092,
    "kafka_controller": 9093,
    "kafka-1": 9092,
    "kafka-1_controller": 9093,
    "kafka-2": 9094,
    "kafka-2_controller": 9095,
    "kafka-3": 9096,
    "kafka-3_controller": 9097,
    "kafka_own": 9292,
    "kafka-1_own": 9292,
    "kafka-2_own": 9294,
    "kafka-3_own": 9296,
    "kafka_outside": 9192,
    "kafka-1_outside": 9192,
    "kafka-2_outside": 9194,
    "kafka-3_outside": 9196,
    "registry": 8081,
    "registry_management": 8082,
    "postgres": 5432,
    "gateway": 8080,
    "gateway_outside": 8443,
    "console": 8083,
    "console_outside": 8444,
}
STEP = 10
TRIES = 500


@dataclass
class Claims:
    """Ports that no other home of this user takes while they are held, until `release` or until we end."""

    folder: Path = field(default_factory=lambda: _shared_folder() / f"exchange-ports-{os.getuid()}")
    held: list[int] = field(default_factory=list)

    def claim(self, preferred: int, address: str = LOOPBACK) -> int:
        """Return the preferred port or the next free one, and hold it.

        A free port alone would not do: two homes that start at once would choose the same one before a server
        binds it. Ports are counted upwards, not drawn by the kernel: its range is also that of outgoing
        connections, one of which may hold the port by then.

        Raises:
            ExchangeError: none of the ports tried is free.
        """
        for port in range(preferred, min(preferred + STEP * TRIES, 65536), STEP):
            if self._hold(port, address):
                return port
        raise ExchangeError(said("no_free_port", port=preferred, address=address))

    def release(self) -> None:
        """Let all of them go."""
        for descriptor in self.held:
            os.close(descriptor)
        self.held.clear()

    def _hold(self, port: int, address: str) -> bool:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / str(port), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        if is_free(port, address):
            self.held.append(descriptor)
            return True
        os.close(descriptor)
        return False


def _shared_folder() -> Path:
    """Return a folder that is the same for all homes of this user, whatever each is told of TMPDIR."""
    shared = Path("/tmp")  # noqa: S108 - the folder within it is ours alone, and holds empty files
    return shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())


def is_free(port: int, address: str = LOOPBACK) -> bool:
    """Say whether a server could listen on that port now, by default of the loopback."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still fading out counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def can_listen(address: str) -> bool:
    """Say whether this is one address of this machine, which others can be told; not all of them at once."""
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
            return not ipaddress.ip_address(probe.getsockname()[0]).is_unspecified
        except OSError:
            return False


def listens(pid: int, port: int) -> bool:
    """Say whether this very process listens on the port: an answer alone may be another server's."""
    try:
        connections = psutil.Process(pid).net_connections(kind="tcp")
    except psutil.Error:
        return False
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)


@dataclass
class Listener:
    """A port, and the process that was seen to listen on it: it is looked at once, since that costs most.

    A broker holds some thousand files, and each would be looked at. A process that holds the port and lives
    keeps it, so that nobody else can answer there.
    """

    port: int
    holder: int | None = None

    def is_held_by(self, pid: int) -> bool:
        """Say whether this process listens on the port, or was seen to."""
        if self.holder != pid and listens(pid, self.port):
            self.holder = pid
        return self.holder == pid


def choose_ports(
    home: Home, claims: Claims, names: tuple[str, ...], address: str = LOOPBACK
) -> dict[str, int]:
    """Return a port for each name: the one this home used last if it is free, else as `Claims.claim`."""
    path = home.run / "ports.json"
    known = json.loads(path.read_text(encoding="ascii")) if path.exists() else {}
    chosen = {name: claims.claim(known.get(name, USUAL[name]), address) for name in names}
    write_private(path, json.dumps({**known, **chosen}, indent=2) + "\n")
    return chosen
