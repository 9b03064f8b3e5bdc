"""A connection that somebody may cut: what stands between a department's program and the gateway."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Cable:
    """Hands bytes on, both ways, until it is cut; then whoever knocks is turned away, until it is mended."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._to = (place.hostname, place.port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._is_cut = False
        self.cuts = 0
        """How many connections were cut."""
        self.url = "http://{}:{}".format(*self._listening.getsockname())

    def serve(self) -> None:
        """Take connections until `close`."""
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self._is_cut or (far := self._reach()) is None:
                    near.close()
                    continue
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_hand_on, args=(one, other), daemon=True).start()

    def _reach(self) -> socket.socket | None:
        """Return a connection to the server; None if it is away."""
        try:
            return socket.create_connection(self._to)
        except OSError:
            return None

    def cut(self) -> None:
        """Cut what is open, and let nobody through."""
        self._is_cut = True
        self.cuts += _shut(self._open)

    def mend(self) -> None:
        """Let through whoever knocks."""
        self._is_cut = False

    def close(self) -> None:
        """Be gone."""
        _shut([*self._open, self._listening])
        for one in (*self._open, self._listening):
            one.close()


@contextmanager
def cable_to(url: str) -> Iterator[Cable]:
    """Give a cable to a server for as long as the block runs."""
    cable = Cable(url)
    serving = threading.Thread(target=cable.serve, daemon=True)
    serving.start()
    try:
        yield cable
    finally:
        cable.close()
        serving.join()


def _hand_on(near: socket.socket, far: socket.socket) -> None:
    with suppress(OSError):
        while piece := near.recv(65536):
            far.sendall(piece)
    _shut([near, far])


def _shut(ends: list[socket.socket]) -> int:
    """Shut them down; return how many were open."""
    shut = 0
    for one in ends:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
            shut += 1
    return shut
