"""Whoever writes many messages learns that the brokers hold them all, or why not."""

import pytest

from exchange.runtime.kafka import sender
from exchange.runtime.kafka.sender import NotTakenError, Sender
from tests.nowhere import NO_BROKERS


class NarrowClient:
    """A client that holds at most two messages and has room again when it is polled."""

    def __init__(self) -> None:
        self.holds: list[bytes] = []
        self.taken: list[bytes] = []

    def produce(self, _topic: str, value: bytes, _key: str, _partition: int, **_headers: object) -> None:
        """Hold one more, if there is room."""
        if len(self.holds) == 2:
            raise BufferError
        self.holds.append(value)

    def poll(self, seconds: float) -> None:
        """Let the brokers take what is held, where somebody waits for it."""
        if seconds:
            self.flush()

    def flush(self, _seconds: float = 0) -> int:
        """Let the brokers take what is held."""
        self.taken += self.holds
        self.holds.clear()
        return 0


def test_a_full_client_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A city's cases are more than a client holds; none is left out, and none comes twice."""
    client = NarrowClient()
    monkeypatch.setattr(sender, "make_producer", lambda *_: client)
    sending, values = Sender(NO_BROKERS), [b"%d" % number for number in range(7)]
    for value in values:
        sending.send("moves", value, "case", [])
    sending.finish()
    assert client.taken == values


def test_what_is_too_large_is_not_taken() -> None:
    """The client refuses it at once, and nothing is sent after it."""
    sending = Sender(NO_BROKERS, most_bytes=2000)
    with pytest.raises(NotTakenError, match="MSG_SIZE_TOO_LARGE"):
        sending.send("moves", bytes(5000), "case", [])
    with pytest.raises(NotTakenError, match="MSG_SIZE_TOO_LARGE"):
        sending.send("moves", b"small", "case", [])


def test_brokers_that_do_not_answer_are_named() -> None:
    """Nothing is said to be there that nobody has acknowledged."""
    sending = Sender(NO_BROKERS, limit_s=0.3)
    sending.send("moves", b"value", "case", [])
    with pytest.raises(NotTakenError, match=r"(?i)timed.out"):
        sending.finish()
