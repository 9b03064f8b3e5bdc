"""What the messages of a topic change in the read model: topic → decode → rows, alike for all."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from consumers.log.copies import Connection
from exchange.folding.errors import SerdeError
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
        key: the field of an event by which a later one replaces it; None if each message has its own row.
        layout: the statements that make its tables, empty; no statements if another projection makes them.
        row: makes an event's row from the message and what it says.
        put: writes rows over those that are there.
        forget: deletes the rows of these keys.
        fields: the fields of an event that are read; all of them if none is named.
        heard: whether those who listen are told that there are new rows.
    """

    topic: str
    event: str
    key: str | None
    layout: str
    row: Callable[[Any, Any], Any]
    put: Callable[[Connection, Sequence[Any]], None]
    forget: Callable[[Connection, Sequence[str]], None]
    fields: frozenset[str] = frozenset()
    heard: bool = False

    def read_by(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the event's schema with only the fields that are read: Avro then skips the others."""
        return only_fields(schema, self.fields) if self.fields else schema


def only_fields(schema: Mapping[str, Any], names: frozenset[str]) -> Mapping[str, Any]:
    """Return a record's schema with these fields alone."""
    return {**schema, "fields": [field for field in schema["fields"] if field["name"] in names]}


def keep_all(_connection: Connection, _keys: Sequence[str]) -> None:
    """Forget nothing: where a topic deletes nothing, a message without a value is not a deletion."""


@dataclass(frozen=True)
class Changes:
    """What one read changes of one topic's rows: the last state of each key in it."""

    rows: dict[Hashable, Any] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)


def changes_of(
    messages: Iterable[Any], projections: Iterable[Projection], decoders: Mapping[str, DecodeValue]
) -> dict[str, Changes]:
    """Return what messages change, by topic, taken in the order of the log.

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
    for message in messages:
        topic = message.topic()
        if message.value() is None:
            key = (message.key() or b"").decode(errors="replace")
            changes[topic].rows.pop(key, None)
            changes[topic].removed.add(key)
        elif (document := read_event(message, known[topic].event, decoders[topic])) is not None:
            projection = known[topic]
            own = (message.partition(), message.offset())
            changed = own if projection.key is None else document[projection.key]
            changes[topic].rows[changed] = projection.row(message, document)
    return changes


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
