"""A port where brokers are awaited and have not come, until they do."""

import selectors
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from exchange.runtime.stack.ports import Claims


@contextmanager
def claimed_port() -> Iterator[int]:
    """A port where nobody listens."""
    claims = Claims()
    try:
        yield claims.claim(29_192)
    finally:
        claims.release()


@contextmanager
def forwarding(port: int, address: str) -> Iterator[None]:
    """Let connections to the port reach the address meanwhile: brokers that have come."""
    host, _, far_port = address.rpartition(":")

    class Forward(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection((host, int(far_port))) as far:
                carry(self.request, far)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", port), Forward) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        try:
            yield
        finally:
            server.shutdown()


def carry(near: socket.socket, far: socket.socket) -> None:
    """Carry bytes both ways until either side ends."""
    with selectors.DefaultSelector() as ready:
        ready.register(near, selectors.EVENT_READ, far)
        ready.register(far, selectors.EVENT_READ, near)
        while True:
            for key, _ in ready.select():
                received = key.fileobj.recv(65_536)
                if not received:
                    return
                key.data.sendall(received)
