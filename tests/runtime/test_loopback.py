"""What stands on this machine is known by its address alone, and asked without any proxy."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from exchange.runtime.loopback import is_loopback, read_page
from tests.cells import each_cell


class _Page(BaseHTTPRequestHandler):
    """Answers with the path that was asked for; below /refused with 503."""

    def do_GET(self) -> None:
        body = json.dumps({"asked": self.path}).encode()
        self.send_response(503 if self.path.startswith("/refused") else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def here() -> Iterator[str]:
    """The address of a server on the loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@each_cell(
    "host",
    [
        *("127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1", "0x7f.1", "2130706433", "0177.0.0.1"),
        *("localhost", "LocalHost", "localhost.", "portal.localhost", "::1", "[::1]", "::ffff:127.0.0.1"),
    ],
)
def test_this_machine_is_known_by_each_of_its_own_names(host: str) -> None:
    """However it is written, a proxy could only lead elsewhere."""
    assert is_loopback(host)


@each_cell(
    "host",
    [
        *("128.0.0.1", "10.0.0.1", "192.168.1.1", "1.127.0.1", "126.1", "0x7e.1", "::2", "::ffff:10.0.0.1"),
        *("localhost.example.cn", "notlocalhost", "127.0.0.1.example.cn", "portal.example.cn", "家.cn", ""),
    ],
)
def test_another_machine_is_not_taken_for_this_one(host: str) -> None:
    """Else it would be reached past the proxy, or without TLS."""
    assert not is_loopback(host)


def test_a_page_is_read_with_its_query_and_a_refusal_is_an_answer(here: str) -> None:
    """A part that is not ready says why, with status 503."""
    assert read_page(f"{here}/metrics?name[]=lag", 5) == (200, b'{"asked": "/metrics?name[]=lag"}')
    assert read_page(here, 5) == (200, b'{"asked": "/"}')
    assert read_page(f"{here}/refused", 5)[0] == 503


def test_nothing_elsewhere_is_asked() -> None:
    """What needs a proxy must not slip past it."""
    with pytest.raises(ValueError, match="loopback"):
        read_page("http://registry.example.cn/", 5)


def test_a_silence_and_an_empty_port_are_told_apart() -> None:
    """One is a busy machine, the other a part that is not there."""
    with pytest.raises(ConnectionRefusedError):
        read_page("http://127.0.0.1:1/", 5)
