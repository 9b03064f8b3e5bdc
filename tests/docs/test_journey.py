"""The page `one-record.md` is walked: a record goes its way, and the page has each stop in that order."""

import ast
import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

import pytest

import consumers.announcements.follower
import producers.publisher
from avro_schemas.catalogue import Document
from consumers.announcements.follower import Follower
from consumers.announcements.reader import AnnouncementMessage
from consumers.log.reader import Bounds
from exchange.folding.memory_states import MemoryStates
from exchange.folding.outputs import Output
from exchange.folding.partitions import partition_of
from exchange.runtime.settings import Settings
from producers.publisher import Publisher
from producers.receipts import Receipt
from tests.cases import Given, given
from tests.docs.pages import DOCS, blocks, prose
from tests.made_log import CATALOGUE, ENCODERS, TAKEN_AT_MS, Log, Message, new_step, published
from tests.nowhere import nowhere
from topics.catalogue import matters_topic, receipts_topic

PAGE: Final = DOCS / "explanation" / "one-record.md"
STOPS: Final = re.findall(r"^## (\d)\. `([\w/]+\.py)`: `([\w.]+)`$", prose(PAGE), re.MULTILINE)
TOLD: Final = "human_resources"


def function(file: str, name: str) -> Callable[..., Any]:
    """What the page names, as it runs."""
    found: Any = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    for part in name.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


CODES: Final[Mapping[CodeType, int]] = {
    function(file, name).__code__: int(number) for number, file, name in STOPS
}


class Walk:
    """The stops of the page in the order in which they were called, each with the stop that called it.

    Directly or below: between two stops lie as many functions as there are. What comes off the log was called
    by nobody: `across` is where a fake of Kafka hands on what it holds.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[int, int | None]] = []
        self.named: set[str] = set()
        self._stack: list[CodeType] = []

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """Take in a call or a return, as `sys.setprofile` tells of them."""
        if event == "call":
            self.named.add(frame.f_code.co_name)
            if frame.f_code in CODES:
                self.calls.append((CODES[frame.f_code], self._caller()))
            self._stack.append(frame.f_code)
        elif event == "return" and self._stack:
            self._stack.pop()

    def _caller(self) -> int | None:
        for code in reversed(self._stack):
            if code is Brokers.across.__code__:
                return None
            if code in CODES:
                return CODES[code]
        return None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """What is called meanwhile is of the walk."""
        sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(None)


class Brokers:
    """The log and the join, in the place of Kafka's clients: what is produced is folded, and can be read."""

    def __init__(self) -> None:
        self.log, self.step, self.states = Log(), new_step(), MemoryStates()
        self.sent: list[Message] = []
        self.outputs: list[Output] = []
        self._told: list[Callable[[], None]] = []

    def across(self, message: Message) -> None:
        """Hand a message of the log to the join, which nobody has called."""
        batch = self.step.run([message], self.states)
        self.states.apply(batch)
        self.outputs += batch.outputs

    def before(self, record: Given) -> None:
        """What the log had taken before the walk."""
        self.across(self.log.message(record))

    def list_topics(self, timeout: float) -> None:  # noqa: D102
        assert timeout

    def produce(  # noqa: D102
        self, topic: str, value: bytes, key: bytes, headers: object, on_delivery: Callable[..., None]
    ) -> None:
        assert headers
        place = partition_of(key.decode(), CATALOGUE.by_name[topic].partitions)
        message = self.log.append(topic, place, key, value, TAKEN_AT_MS)
        self.sent.append(message)
        self._told.append(lambda: on_delivery(None, message))

    def poll(self, _: float) -> None:  # noqa: D102
        told, self._told = self._told, []
        for tell in told:
            tell()
            self.across(self.sent[-1])

    def flush(self, timeout: float) -> None:  # noqa: D102
        self.poll(timeout)

    def read(self, topic: str) -> list[Document]:
        """What the join has published there and nobody has read."""
        found = [output for output in self.outputs if output.topic == topic]
        self.outputs = [output for output in self.outputs if output.topic != topic]
        return [published(topic, output.value) for output in found]


class Tail:
    """A publisher's receipts."""

    brokers: Brokers

    def __init__(self, *_: object) -> None:
        self.department = ""

    def follow(self, department: str) -> None:  # noqa: D102
        self.department = department

    def read(self, _: float) -> list[Document]:  # noqa: D102
        return self.brokers.read(receipts_topic(self.department))

    def close(self) -> None:  # noqa: D102
        pass


class Codec:
    """Writes values without asking a registry."""

    def __init__(self, *_: object) -> None:
        self.decode_receipt = None

    def encode(self, topic: str, value: Mapping[str, Any]) -> bytes:  # noqa: D102
        return ENCODERS[topic](value)


class Reader:
    """A department's announcements."""

    brokers: Brokers
    at_end = True

    def __init__(self, _: Settings, department: str, __: object) -> None:
        self.topic = matters_topic(department)

    def bounds(self) -> Bounds:  # noqa: D102
        return Bounds({}, {})

    def start(self, positions: object) -> None:  # noqa: D102
        pass

    def read(self, _: float) -> list[AnnouncementMessage]:  # noqa: D102
        return [
            AnnouncementMessage((self.topic, 0), at, one)
            for at, one in enumerate(self.brokers.read(self.topic))
        ]

    def close(self) -> None:  # noqa: D102
        pass


@pytest.fixture
def brokers(monkeypatch: pytest.MonkeyPatch) -> Brokers:
    """The parts that need Kafka stand on a log in memory."""
    made = Brokers()
    monkeypatch.setattr(Tail, "brokers", made, raising=False)
    monkeypatch.setattr(Reader, "brokers", made, raising=False)
    monkeypatch.setattr(producers.publisher, "make_producer", lambda *_: made)
    monkeypatch.setattr(producers.publisher, "ReceiptTail", Tail)
    monkeypatch.setattr(producers.publisher, "Codec", Codec)
    monkeypatch.setattr(consumers.announcements.follower, "AnnouncementReader", Reader)
    return made


def walked(brokers: Brokers, record: Given) -> tuple[Walk, list[Receipt], list[Document]]:
    """A record's way from its department to another's screen; the receipt and the announcements."""
    settings = nowhere(Path())
    walk, line = Walk(), json.dumps({"type": record[0], "record": record[1]}).encode()
    publishing, following = Publisher(settings, "health"), Follower(settings, TOLD, from_start=True)
    with publishing as publisher, following as follower, walk.taken():
        receipts = list(publisher.publish([line]))
        announcements = list(follower.announcements(until_idle_s=0))
    return walk, receipts, announcements


def parts() -> list[list[int]]:
    """The page's picture: the numbers of the stops, those together that call each other; `══►` is the log."""
    (picture,) = (block.text for block in blocks(PAGE, "text"))
    return [[int(number) for number in re.findall(r"\b(\d) \w", part)] for part in re.split("══►", picture)]


def test_the_walk_has_every_stop_of_the_page_in_the_order_of_the_page(brokers: Brokers) -> None:
    """Whoever joins the team reads one path through the whole, and it is the one that records take."""
    brokers.before(given("social_insurance"))
    walk, receipts, announcements = walked(brokers, given("death_certificate"))
    assert [one.status for one in receipts] == ["ACCEPTED"]
    assert [(one["matter"], one["transition"]) for one in announcements] == [(4, "READY"), (5, "READY")]
    assert all(given("death_certificate")[1]["record_id"] in one["proofs"] for one in announcements)
    numbers = iter(number for number, _ in walk.calls)
    assert all(stop in numbers for stop in range(1, len(STOPS) + 1)), walk.calls
    assert len(STOPS) == len({file for _, file, _ in STOPS}) <= 8


def test_each_stop_is_called_by_the_first_of_its_part_and_that_by_nobody(brokers: Brokers) -> None:
    """An arrow of the picture is a call, directly or below; what comes off the log has no caller."""
    brokers.before(given("social_insurance"))
    walk, _, _ = walked(brokers, given("death_certificate"))
    called = {(caller, stop) for stop, caller in walk.calls}
    for first, *others in parts():
        assert {caller for caller, stop in called if stop == first} == {None}
        assert {(first, stop) for stop in others} <= called


def test_every_function_that_the_page_names_is_called(brokers: Brokers) -> None:
    """A guide that names what is gone, or what nobody calls, leads nowhere."""
    brokers.before(given("social_insurance"))
    walk, _, _ = walked(brokers, given("death_certificate"))
    named = set(re.findall(r"`(?:\w+\.)?([a-z]\w*)`", prose(PAGE))) & functions()
    assert {name.rpartition(".")[2] for _, _, name in STOPS} < named
    assert named <= walk.named


def functions() -> set[str]:
    """The functions and methods of the files that the page names."""
    trees = (ast.parse((DOCS.parent / file).read_text(encoding="utf-8")) for _, file, _ in STOPS)
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
