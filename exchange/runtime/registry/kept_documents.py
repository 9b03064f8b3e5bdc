"""What the exchange keeps of itself on the log as documents: credentials, accounts, grants, codes.

Shape: partition 0 of a topic; a compacted one holds each key's document as it now stands.

Schemas and their ids are taken from the registry's copy on the log: whoever has to be shut out is, also while
the registry is away.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Generic, TypeVar
from uuid import uuid4

from avro_schemas.catalogue import Document
from exchange.folding.cloud_events import cloud_event
from exchange.folding.errors import SerdeError
from exchange.runtime.errors import RegistryRefusedError
from exchange.runtime.kafka.kept_values import Kept, is_made, keep_value, kept_copy, kept_values
from exchange.runtime.logs import logger
from exchange.runtime.registry.schema_export import as_known, known_from, schemas_by_id
from exchange.runtime.registry.serde import Decoder, Encoder
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from topics.catalogue import subject_of
from verification.times import instant_text

KeptT = TypeVar("KeptT")
_SOURCE: Final = "/exchange/"

log = logger("registry.kept_documents")


class KeptDocuments(Generic[KeptT]):
    """A topic of documents, read and written.

    Raises:
        ExchangeError: the brokers do not answer, or refuse; so does each method.
        RegistryRefusedError: the copy on the log lacks a schema; so does each method.
    """

    def __init__(self, settings: Settings, topic: str) -> None:
        self.kafka = settings.kafka
        self.topic = settings.city.catalogue.by_name[topic]
        self._name = self.topic.schema or ""
        self._schema = settings.city.catalogue.schema_of(topic)
        self._export: bytes | None = None

    def all(self) -> list[KeptT]:
        """Return every document, the oldest first; a new exchange has not even the topic.

        What cannot be read is logged and passed over: it lets nobody in, and hinders nobody else.
        """
        found = (self.read(message) for message in self._messages())
        return [document for document in found if document is not None]

    def last(self) -> list[KeptT]:
        """Return the last document of each key, as `all` does."""
        last = {message.key: message for message in self._messages()}
        return [document for document in map(self.read, last.values()) if document is not None]

    def read(self, message: Kept) -> KeptT | None:
        """Return what a message of the topic says; None where nobody can read it, which is logged."""
        try:
            return self._decoder.decode(message.value)
        except SerdeError as problem:
            name = message.key.decode(errors="replace")
            log.error("kept_unreadable", code=problem.code, topic=self.topic.name, name=name)
            return None

    def keep(self, key: str, document: Mapping[str, Any], at: datetime) -> None:
        """Return once the brokers have a document; ``at`` is when it came to be, UTC."""
        value = self._encoder.encode(document)
        headers = cloud_event(
            f"exchange.events.{self._name}", str(uuid4()), f"{_SOURCE}{self.topic.name}", instant_text(at)
        )
        keep_value(self.kafka, self.topic, key.encode(), value, headers)

    def forget_copy(self) -> None:
        """Have the copy of the schemas read anew: what is written from now on may need a newer one."""
        self._export = None
        self.__dict__.pop("_decoder", None)

    def _messages(self) -> Iterable[Kept]:
        self.forget_copy()
        return kept_values(self.kafka, self.topic.name) if is_made(self.kafka, self.topic.name) else []

    @cached_property
    def _decoder(self) -> Decoder[KeptT]:
        schemas = schemas_by_id(self._copy())

        def schema_of(number: int) -> Document:
            if number not in schemas:
                # The message is not to blame, and all others may be as unreadable.
                raise self._not_deployed()
            found: Document = json.loads(schemas[number])
            return found

        return Decoder[KeptT](self._schema, schema_of)

    @cached_property
    def _encoder(self) -> Encoder:
        """Made once: the id of our schema is the same for good."""
        known = known_from(self._copy())
        if (found := known.get((subject_of(self.topic.name), as_known(self._schema)))) is None:
            raise self._not_deployed()
        _, number = found
        return Encoder(self._schema, number, self.topic.max_message_bytes)

    def _copy(self) -> bytes:
        if self._export is None:
            self._export = kept_copy(self.kafka)
        if self._export is None:
            raise self._not_deployed()
        return self._export

    def _not_deployed(self) -> RegistryRefusedError:
        return RegistryRefusedError(
            said("kept_schema_missing", topic=self.topic.name), said("kept_schema_deploy")
        )
