"""Failed logins, counted from what Kafka, PostgreSQL, gateway and desk write into the logs of the home.

Kafka's own counter could be read by JMX alone, which would be one more door to lock. Only door, moment and
address are taken from a line, never a user's name. The registry writes nothing about whom it refuses.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from exchange.runtime.stack.ports import LOOPBACK

RECENT: Final = timedelta(hours=1)
LATEST_BYTES: Final = 4 * 1024 * 1024
"""How much of a log is read at the first look: 15 000 failed logins."""
LINES: Final[Mapping[str, re.Pattern[bytes]]] = {
    # Brokers that come to each other write such lines, too, but not as the server.
    "kafka": re.compile(
        rb"(?P<at>[0-9]{4}-[0-9T:.-]+(Z|[+-][0-9:]{5})) INFO Selector: \[SocketServer [^]]*\] "
        rb"Failed (re-)?authentication with [^/ ]*/(?P<address>\S+) "
    ),
    # It names no address: it listens on the loopback alone.
    "postgres": re.compile(
        rb"(?P<at>[0-9]{4}-[0-9 :.-]+) UTC \[[0-9]+\] FATAL:  "
        rb"password authentication failed (?P<address>)"
    ),
    "gateway": re.compile(
        rb'\{(?=.*"event": "login_failed")(?=.*"address": "(?P<address>[^"]*)")'
        rb'.*"timestamp": "(?P<at>[0-9T:.-]+Z)"'
    ),
    "desk": re.compile(
        rb'\{"event": "desk_login_failed", "address": "(?P<address>[^"]*)", '
        rb'"timestamp": "(?P<at>[0-9T:.-]+Z)"'
    ),
}
"""Door → a line of its log about a failed login. A door is called as its part; its log is too."""


@dataclass(frozen=True, slots=True)
class FailedLogin:
    """Somebody who was not let in: at which door, when, and from which address."""

    door: str
    at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class FailedLogins:
    """Those of the last hour: how many, from how many addresses, and since when; None if there are none."""

    count: int
    addresses: int
    since: datetime | None


def failed_login(line: bytes) -> FailedLogin | None:
    """Return what a line of a log says about a failed login; None if it says nothing of the kind."""
    for door, pattern in LINES.items():
        if (found := pattern.match(line)) is not None:
            # Logs of a broker from before may hold lines that a client made up.
            with suppress(ValueError):
                at = datetime.fromisoformat(found["at"].decode() + ("+00:00" if door == "postgres" else ""))
                return FailedLogin(door, at, found["address"].decode(errors="replace") or LOOPBACK)
    return None


def recent(found: Iterable[FailedLogin], now: datetime) -> FailedLogins:
    """Return those among failed logins, in any order, that are of the last hour."""
    late = [one for one in found if one.at > now - RECENT]
    since = min((one.at for one in late), default=None)
    return FailedLogins(len(late), len({one.address for one in late}), since)


class LoginLogs:
    """The logs of all doors in a home, each line told once, whether a log is renamed, emptied or not there.

    Args:
        folder: the home's logs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # By inode, which a log keeps when it is renamed.
        self._read_to: dict[int, int] = {}

    @property
    def doors(self) -> tuple[str, ...]:
        """Those that write here; what runs elsewhere does not."""
        return tuple(door for door in LINES if any(self._folder.glob(f"{door}*.log")))

    def read(self) -> Iterator[FailedLogin]:
        """Yield the failed logins written since the last call; at the first, those at the logs' ends."""
        for door in LINES:
            for path in self._folder.glob(f"{door}*.log*"):
                with suppress(FileNotFoundError):
                    yield from filter(None, map(failed_login, self._lines(path)))

    def _lines(self, path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            at = self._read_to.get(status.st_ino, max(0, status.st_size - LATEST_BYTES))
            at = at if at <= status.st_size else 0
            file.seek(at)
            for line in file:
                # What is half written is read whole the next time.
                if line.endswith(b"\n"):
                    at += len(line)
                    self._read_to[status.st_ino] = at
                    yield line
