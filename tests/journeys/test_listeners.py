"""Every socket on which an exchange listens is tried by somebody without a password, in each protocol."""

import socket
import ssl
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from itertools import product
from typing import Final, NamedTuple

import httpx
import psutil
import psycopg
import pytest

from exchange.runtime.home import Home
from exchange.runtime.http_clients import part_client
from exchange.runtime.settings import Settings
from exchange.runtime.stack.databases import LOGINS
from exchange.runtime.stack.ports import LOOPBACK
from exchange.runtime.stack.state import read_state
from tests.conftest import PARTS
from tests.running import servers_for_others
from tests.waiting import PATIENCE_S, wait_for

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="locks of the embedded parts")
MONITOR: Final = {"/livez", "/readyz", "/metrics"}
OPEN: Final = {
    "registry": {"/health", "/health/live", "/health/ready", "/health/started", "/metrics"},
    **dict.fromkeys(("joiner", "projector", "clock", "reconciler"), MONITOR),
    "gateway": MONITOR | {"/healthz", "/openapi.json", "/docs"},
    "console": MONITOR | {"/", "/healthz", "/desk/v1/openapi.json"},
    "kafka": set[str](),
    "postgres": set[str](),
}
"""Part → the pages that it shows to everybody on this machine: how it is, figures of nobody, how to come in.

Beside them Kafka tells everybody which versions of its protocol it speaks, and PostgreSQL that it is one.
"""
SOCKETS: Final = {**dict.fromkeys(OPEN, 1), "registry": 2, "gateway": 2, "console": 2, "kafka": 3}
"""On how many sockets a part listens; one more, and this test is to be told what it shows."""
CLOSED: Final = {
    *("/", "/apis", "/ui", "/docs", "/q/openapi", "/q/dev", "/apis/registry/v3/system/info"),
    *("/apis/registry/v3/admin/export", "/apis/ccompat/v7/subjects", "/apis/ccompat/v7/schemas/ids/1"),
}
PAGES: Final = sorted(CLOSED.union(*OPEN.values()))
AT_ONCE: Final = "\r\n\r\n"
"""Put into what is no HTTP: a server of HTTP waits for the end of a line before it says that it is none."""
METADATA, SASL_HANDSHAKE, SASL_AUTHENTICATE = 3, 17, 36


class Socket(NamedTuple):
    """A listening socket of a part or of one of its children."""

    part: str
    address: str
    port: int


def listening(stack: Settings) -> set[Socket]:
    """All on which the supervisor, the parts and their children listen."""
    state = read_state(Home(stack.home))
    assert state is not None
    parts = {part.pid: part.name for part in state.parts}
    supervisor = psutil.Process(state.supervisor.pid)
    found = set(_of(supervisor, "supervisor"))
    for process in supervisor.children():
        for one in (process, *process.children(recursive=True)):
            found |= set(_of(one, parts.get(process.pid, "none")))
    return found


def _of(process: psutil.Process, part: str) -> Iterator[Socket]:
    with suppress(psutil.NoSuchProcess):  # a session of PostgreSQL that has just ended
        for one in process.net_connections(kind="inet"):
            if one.status == psutil.CONN_LISTEN:
                yield Socket(part, one.laddr.ip.removeprefix("::ffff:"), one.laddr.port)


def test_every_part_listens_where_it_is_known_to_and_on_this_machine_alone(stack: Settings) -> None:
    """A socket more than these would be one that nobody has thought of."""
    found = listening(stack)
    assert {one.address for one in found} == {LOOPBACK}
    assert Counter(one.part for one in found) == SOCKETS


def test_without_a_password_no_socket_shows_a_page_but_how_the_part_is(stack: Settings) -> None:
    """What is open is named above, page by page."""
    shown = {part: set[str]() for part in OPEN}
    for one in listening(stack):
        shown[one.part] |= pages_of(one.port)
    assert shown == OPEN


def pages_of(port: int) -> set[str]:
    """The pages that a socket gives to whoever asks; none where it does not speak HTTP."""
    try:
        with part_client(f"http://{LOOPBACK}:{port}", PATIENCE_S) as client:
            return {page for page in PAGES if client.get(page).status_code < httpx.codes.BAD_REQUEST}
    except httpx.HTTPError:
        return set()


def test_without_a_password_no_socket_answers_what_a_client_of_kafka_asks(stack: Settings) -> None:
    """Neither in the clear nor encrypted; with a password of ours one socket answers, and only encrypted."""
    found, port = listening(stack), int(stack.kafka.servers.rpartition(":")[2])
    encrypted = ssl.create_default_context(cafile=stack.kafka.ca)
    login = f"\0{stack.kafka.user}\0{stack.kafka.password}".encode()
    assert not [one for one in found if says_its_topics(one.port)]
    assert not [one for one in found if says_its_topics(one.port, tls=encrypted)]
    assert not [one for one in found if one.part == "kafka" and says_its_topics(one.port, login)]
    assert says_its_topics(port, login, encrypted)


def says_its_topics(port: int, login: bytes | None = None, tls: ssl.SSLContext | None = None) -> bool:
    """Ask as a client of Kafka does, in bytes, and say whether what comes is the answer to that."""
    with ExitStack() as ends:
        asking = ends.enter_context(socket.create_connection((LOOPBACK, port), timeout=PATIENCE_S))
        if tls is not None:
            try:
                asking = ends.enter_context(tls.wrap_socket(asking, server_hostname=LOOPBACK))
            except OSError:  # not here
                return False
        if login is not None:
            _ask(asking, SASL_HANDSHAKE, 1, b"\0\5PLAIN")
            _ask(asking, SASL_AUTHENTICATE, 0, struct.pack(">i", len(login)) + login)
        return _ask(asking, METADATA, 1, struct.pack(">i", -1), AT_ONCE.encode())


def test_without_a_password_nobody_begins_a_line_in_a_log(stack: Settings) -> None:
    """What is made up would lead astray whoever reads the log or counts failed logins in it."""
    port = int(servers_for_others(stack).rpartition(":")[2])
    mechanism = b"PLAIN\n2026-03-02T08:00:00.000Z WARN Selector: made up"
    with closing(socket.create_connection((LOOPBACK, port), timeout=PATIENCE_S)) as asking:
        _ask(asking, SASL_HANDSHAKE, 1, struct.pack(">h", len(mechanism)) + mechanism)
    log = Home(stack.home).log("kafka")
    wait_for("the refusal in the log", lambda: "made up" in log.read_text(encoding="utf-8"))
    (told,) = (one for one in log.read_text(encoding="utf-8").splitlines() if "made up" in one)
    assert "Failed authentication with /127.0.0.1" in told


def _ask(asking: socket.socket, what: int, version: int, body: bytes, after: bytes = b"") -> bool:
    number, client = 0x19, b"\0\4scan"
    request = struct.pack(">hhi", what, version, number) + client + body
    with suppress(OSError), asking.makefile("rb", buffering=0) as answer:
        asking.sendall(struct.pack(">i", len(request)) + request + after)
        head = answer.read(8) or b""
        if len(head) == 8 and struct.unpack(">i", head[4:])[0] == number:
            left = struct.unpack(">i", head[:4])[0] - 4
            while left > 0 and (more := answer.read(left)):
                left -= len(more)
            return left == 0
    return False


def test_without_a_password_no_socket_lets_anybody_into_a_database(stack: Settings) -> None:
    """Not the administrator, not the owner, whatever is said to be his password."""
    found = listening(stack)
    assert not [one for one in found if _lets_in(one.port, "postgres", None)]
    (port,) = [one.port for one in found if one.part == "postgres"]
    logins = product(LOGINS, (None, "", "postgres", "exchange"))
    assert not [login for login in logins if _lets_in(port, *login)]


def _lets_in(port: int, role: str, password: str | None) -> bool:
    address = f"postgresql://{role}@{LOOPBACK}:{port}/postgres?sslmode=disable&connect_timeout=2"
    try:
        psycopg.connect(address, passfile="/absent", password=password, application_name=AT_ONCE).close()
    except psycopg.OperationalError:
        return False
    return True
