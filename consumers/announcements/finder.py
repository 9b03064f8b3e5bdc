"""Finds an announcement by its id: what a department has to know to acknowledge it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import AnnouncementDocument, FormFieldDocument
from consumers.log.scan import CaseLog
from consumers.log.source import KnownSpots
from consumers.read_model.spots import IndexSpots
from exchange.folding.case_ids import CaseIds
from exchange.folding.errors import SerdeError
from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from topics.catalogue import matters_topic

NAME, ID_NUMBER = "deceased.name", "deceased.id_number"


@dataclass(frozen=True, slots=True)
class FoundAnnouncement:
    """An announcement, the matter that it tells of, and the person it is about."""

    announcement_id: str
    case_id: str
    matter: int
    instance: str | None
    name: str = field(repr=False)
    id_number: str = field(repr=False)


@dataclass(frozen=True)
class AnnouncementFinder:
    """Looks up what one department was told, by the read model's index; shows nothing of it to anybody.

    What the index lacks is looked for in the log, from its beginning if there is no index.

    Raises:
        ExchangeError: from every method: Kafka or the registry does not answer.
    """

    settings: Settings
    department: str

    def find(self, announcement_id: str) -> FoundAnnouncement | None:
        """Return the announcement; None if the department was told nothing with that id.

        Raises:
            ExchangeError: also if neither it nor anything the department was told before of its case names
                the case's person.
        """
        topic = matters_topic(self.department)
        every = range(self._partitions(topic))
        known = self._index.by_id(announcement_id)
        found = CaseLog(self.settings).read({topic: lambda m: _may_be(m, announcement_id)}, every, known)
        told: Iterator[tuple[Any, AnnouncementDocument]] = self._decoded(found, "announcement")
        for message, document in told:
            if document["id"] == announcement_id:
                return self._of_whom(document, message.partition())
        return None

    @property
    def _index(self) -> IndexSpots:
        return IndexSpots(self.settings)

    def _partitions(self, topic: str) -> int:
        return self.settings.city.catalogue.by_name[topic].partitions

    def _of_whom(self, document: AnnouncementDocument, partition: int) -> FoundAnnouncement:
        case_id = document["case_id"]
        known = self._index.of_case(case_id)
        told = self._of_case(matters_topic(self.department), case_id, partition, known)
        earlier: list[AnnouncementDocument] = [one for _, one in self._decoded(told, "announcement")]
        case_ids = CaseIds(self.settings.case_key)
        for one in (document, *reversed(earlier)):
            name, number = (_value(one["draft"], field) for field in (NAME, ID_NUMBER))
            if name and number and case_ids.of_key(number) == case_id:
                matter, instance = document["matter"], document["instance"]
                return FoundAnnouncement(document["id"], case_id, matter, instance, name, number)
        raise ExchangeError(said("person_unnamed"), said("publish_acknowledgement"))

    def _of_case(self, topic: str, case_id: str, partition: int, known: KnownSpots) -> list[Any]:
        key = case_id.encode()
        return CaseLog(self.settings).read({topic: lambda message: message.key() == key}, (partition,), known)

    def _decoded(self, messages: list[Any], event: str) -> Iterator[tuple[Any, Any]]:
        """Yield what can be read; what cannot is nobody's announcement."""
        with Registry(self.settings.registry) as registry:
            decoder = Decoder[Any](schema(event), registry.schema_by_id)
            for message in messages:
                try:
                    yield message, decoder.decode(message.value() or b"")
                except SerdeError:
                    continue


def _may_be(message: Any, announcement_id: str) -> bool:
    """Tell by the header, without decoding; a message without it has to be decoded."""
    event_id = dict(message.headers() or ()).get("ce_id")
    return event_id is None or event_id == announcement_id.encode()


def _value(draft: Mapping[str, FormFieldDocument], field: str) -> str | None:
    return draft[field]["value"] if field in draft else None
