"""What the messages of a topic change in the read model: topic → decode → rows, alike for all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from consumers.log.copies import Connection
from exchange.folding.errors import SerdeError
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import logger

log = logger("consumers.log.projection")

DecodeValue = Callable[[bytes], Any]
"""Value of one topic → the document that the topic's schema describes."""
D = TypeVar("D")


@dataclass(frozen=True)
class Projection:
    """How one topic becomes rows.

    Attributes:
        topic: its name; each message replaces the previous one with its key.
        event: the schema of its messages.
        key: the field of an event that is the message's key.
        layout: the statements that make its tables, empty; no statements if another projection makes them.
        row: makes an event's row from the message and what it says.
        put: writes rows over those that are there.
        forget: deletes the rows of these keys.
    """

    topic: str
    event: str
    key: str
    layout: str
    row: Callable[[Any, Any], Any]
    put: Callable[[Connection, Sequence[Any]], None]
    forget: Callable[[Connection, Sequence[str]], None]


@dataclass(frozen=True)
class Changes:
    """What one read changes of one topic's rows: the last state of each key in it."""

    rows: dict[str, Any] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class ChangeBatch:
    """What one read of the log changes, by topic, and where to go on."""

    changes: Mapping[str, Changes]
    positions: Mapping[Place, int]


def batch_of(
    messages: Iterable[Any], projections: Iterable[Projection], decoders: Mapping[str, DecodeValue]
) -> ChangeBatch:
    """Return what messages change, taken in the order of the log.

    What cannot be read is logged and passed over: one broken message must not hold up everybody's cases.

    Args:
        messages: of the projections' topics, and no others.
        projections: how each topic becomes rows.
        decoders: topic → how its messages are read.

    Raises:
        RegistryAwayError: a schema could not be had; try the same messages again.
    """
    known = {projection.topic: projection for projection in projections}
    changes = {topic: Changes() for topic in known}
    positions: dict[Place, int] = {}
    for message in messages:
        topic = message.topic()
        positions[topic, message.partition()] = message.offset() + 1
        if message.value() is None:
            key = (message.key() or b"").decode(errors="replace")
            changes[topic].rows.pop(key, None)
            changes[topic].removed.add(key)
        elif (document := read_event(message, known[topic].event, decoders[topic])) is not None:
            projection = known[topic]
            changes[topic].rows[document[projection.key]] = projection.row(message, document)
    return ChangeBatch(changes, positions)


def read_event(message: Any, event: str, decode: Callable[[bytes], D]) -> D | None:
    """Return what a message says; None, with a line in the log, if it is not such an event.

    Raises:
        RegistryAwayError: its schema could not be had.
    """
    try:
        return decode(message.value())
    except SerdeError as problem:
        log.error(
            f"not_a_{event}",
            code=problem.code,
            topic=message.topic(),
            partition=message.partition(),
            offset=message.offset(),
        )
        return None


def storable(text: str) -> str:
    """Return a text as PostgreSQL takes it: it may hold every character except this one."""
    return text.replace("\0", "\ufffd")
