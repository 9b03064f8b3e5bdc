"""A topic is followed as it grows; what cannot be read yet is read as soon as it can be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from exchange.runtime.accounts import followed as module
from exchange.runtime.accounts.followed import Followed
from exchange.runtime.errors import ExchangeError, RegistryRefusedError
from exchange.runtime.kafka.kept_values import Kept
from exchange.runtime.registry.kept_documents import KeptDocuments
from tests.nowhere import nowhere
from tests.waiting import wait_for
from topics.catalogue import ACCOUNTS


class Message(NamedTuple):
    """A message as the client gives it."""

    name: bytes
    text: bytes
    place: int

    def key(self) -> bytes:
        """Its key."""
        return self.name

    def value(self) -> bytes:
        """Its value."""
        return self.text

    def offset(self) -> int:
        """Its place."""
        return self.place

    def error(self) -> None:
        """No error."""


class Log:
    """Stands for the topic and its client."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.to_give: list[Message] = []

    def write(self, name: str, value: str) -> None:
        """Put a message on the topic."""
        message = Message(name.encode(), value.encode(), len(self.messages))
        self.messages.append(message)
        self.to_give.append(message)

    def assign(self, _: object) -> None:
        """Begin at the beginning."""

    def consume(self, _most: int, _timeout: float) -> list[Message]:
        """Give what has come."""
        given, self.to_give = self.to_give, []
        return given

    def close(self) -> None:
        """Nothing is open."""


class Documents(KeptDocuments[str]):
    """Documents that are their text; a schema may be missing for a while."""

    missing = False
    copies = 0

    def read(self, message: Kept) -> str | None:
        """Read one; `?` nobody can read."""
        if self.missing:
            raise RegistryRefusedError("no schema")
        text = message.value.decode()
        return None if text == "?" else text

    def forget_copy(self) -> None:
        """Note it."""
        self.copies += 1
        self.missing = False


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    """An empty topic."""
    log = Log()
    monkeypatch.setattr(module, "make_consumer", lambda *_: log)
    monkeypatch.setattr(module, "watermarks", lambda _, places: {places[0]: (0, len(log.messages))})
    monkeypatch.setattr(module, "LOOK_S", 0.001)
    return log


@contextmanager
def following(folder: Path) -> Iterator[tuple[Followed[str, str], Documents]]:
    """The topic, followed."""
    documents = Documents(nowhere(folder), ACCOUNTS)
    with Followed(documents, str.upper) as found:
        yield found, documents


def test_what_is_there_is_known_at_once_and_what_comes_soon(log: Log, tmp_path: Path) -> None:
    """The last of each key counts; what nobody can read changes nothing."""
    for name, value in (("wang", "a"), ("li", "b"), ("wang", "c"), ("li", "?")):
        log.write(name, value)
    with following(tmp_path) as (found, _):
        assert (found.get("wang"), found.get("li"), found.get("zhao")) == ("C", "B", None)
        log.write("wang", "d")
        wait_for("the next", lambda: found.get("wang") == "D")


def test_a_message_whose_schema_is_new_is_read_once_the_copy_has_it(log: Log, tmp_path: Path) -> None:
    """Nobody stays in because the program began before a new schema did."""
    with following(tmp_path) as (found, documents):
        documents.missing = True
        log.write("wang", "a")
        wait_for("the message", lambda: found.get("wang") == "A")
        assert documents.copies == 1


def test_a_topic_that_is_not_read_to_its_end_lets_nobody_begin(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of what was taken back would be none of it."""
    monkeypatch.setattr(module, "_FIRST_READ_S", 0.0)
    log.write("wang", "a")
    with pytest.raises(ExchangeError), following(tmp_path):
        pass
    unread: list[Any] = log.to_give
    assert len(unread) == 1
