"""The gateway of the tests on a real port, which breaks real connections."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.client.gateway import Broken, Gateway


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gateway: Gateway
    turns: threading.Lock

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): said for name, said in self.headers.items()}
        if hangs := next(self.gateway.holds, None):
            hangs.wait()
        try:
            with self.turns:
                reply = self.gateway.answer(self.command, self.path, headers, body)
            self.send_response(reply.status)
            for name, said in reply.headers.items():
                self.send_header(name, said)
            if reply.stream is None:
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
            else:
                self._stream(reply.stream)
        except (Broken, ConnectionError):
            self.close_connection = True

    def _stream(self, stream: Iterator[bytes]) -> None:
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for bit in stream:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(bit), bit))
        self.wfile.write(b"0\r\n\r\n")

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(gateway: Gateway, port: int = 0) -> Iterator[str]:
    """Serve it, and give its address."""
    handler = type("Handler", (_Handler,), {"gateway": gateway, "turns": threading.Lock()})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
