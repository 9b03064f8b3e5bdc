"""What was published about one case: the receipts, announcements and tasks that the log holds.

Folding a case again says what departments would be told by today's rules in the order of the log; this is
what they were told.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from avro_schemas.typed_documents import AnnouncementDocument, ReceiptDocument, TaskDocument
from consumers.log.source import Keep
from exchange.folding.errors import SerdeError
from exchange.runtime.registry.serde import Decoder, ResolveSchema
from topics.catalogue import TASKS, Catalogue

DecodeOutput = Callable[[str, bytes], Any]
"""Topic, value → the document that the topic's schema describes."""
ReadKept = Callable[[Mapping[str, Keep], Iterable[int]], list[Any]]
"""As ``consumers.log.scan.CaseLog`` reads: what is kept of each topic, and the partitions to read."""
OutputDocument = ReceiptDocument | AnnouncementDocument | TaskDocument
KINDS: Final = ("receipts", "matters", TASKS)


@dataclass(frozen=True, slots=True)
class PublishedOutputs:
    """Everything that departments were told of one case.

    Attributes:
        receipts: Receipt id → ``exchange.events.Receipt``; the id is the record's place in the log.
        announcements: ``exchange.events.Announcement``, each once, in the order in which they came.
        tasks: ``exchange.events.Task``, once in each state that it entered. The topic is compacted and may
            have forgotten that a task was opened, which each task says by itself, or that it was late.
    """

    receipts: Mapping[str, ReceiptDocument]
    announcements: tuple[AnnouncementDocument, ...]
    tasks: tuple[TaskDocument, ...]


def read_published(
    read: ReadKept,
    catalogue: Catalogue,
    decode: DecodeOutput,
    case_id: str,
    partitions: Iterable[int],
    receipt_ids: Collection[str] = (),
    kinds: Collection[str] = KINDS,
) -> PublishedOutputs:
    """Return what was published about the case, and in answer to these records.

    Raises:
        ExchangeError: the brokers do not answer.
    """
    word = case_id.encode()
    keys = {word, *(receipt_id.encode() for receipt_id in receipt_ids)}

    def about_the_case(message: Any) -> bool:
        # The bytes of an id are in the Avro as they are: only messages that hold them have to be decoded.
        found = _read(message, decode) if word in (message.value() or b"") else None
        return found is not None and found["case_id"] == case_id

    keeps: dict[str, Keep] = {
        topic.name: about_the_case if topic.kind == TASKS else lambda message: message.key() in keys
        for topic in catalogue.topics
        if topic.kind in kinds
    }
    return published(read(keeps, partitions), decode)


def published(messages: Iterable[Any], decode: DecodeOutput) -> PublishedOutputs:
    """Sort messages of these topics; what was delivered twice counts once."""
    receipts: dict[str, ReceiptDocument] = {}
    announcements: dict[tuple[str, datetime], AnnouncementDocument] = {}
    tasks: dict[tuple[str, str, datetime], TaskDocument] = {}
    for message in messages:
        found = _read(message, decode)
        if found is None:
            continue
        if "receipt_id" in found:
            receipts.setdefault(found["receipt_id"], found)
        elif "task_id" in found:
            opened: TaskDocument = {**found, "state": "OPEN", "at": found["opened_at"]}
            for task in (opened, found):
                tasks.setdefault((task["task_id"], task["state"], task["at"]), task)
        else:
            announcements.setdefault((found["id"], found["at"]), found)
    return PublishedOutputs(receipts, tuple(announcements.values()), tuple(tasks.values()))


def _read(message: Any, decode: DecodeOutput) -> OutputDocument | None:
    try:
        found: OutputDocument | None = decode(message.topic(), message.value()) if message.value() else None
    except SerdeError:
        return None
    return found


def output_decoder(catalogue: Catalogue, schema_by_id: ResolveSchema) -> DecodeOutput:
    """Return what reads the topics that the exchange writes."""
    decoders = dict[str, Decoder[Any]]()

    def decode(topic: str, value: bytes) -> Any:
        if topic not in decoders:
            decoders[topic] = Decoder(catalogue.schema_of(topic), schema_by_id)
        return decoders[topic].decode(value)

    return decode
