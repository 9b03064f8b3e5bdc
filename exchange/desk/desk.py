"""What the use cases of one process share: settings, connections, and the one writer of access records."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import AnnouncementDocument
from consumers.announcements.index import ReadAnnouncement
from consumers.log.copies import Connection
from consumers.log.copy_session import OurDatabase, Session, open_session
from consumers.read_model.case_reader import CaseDecoder, case_decoder
from exchange.desk.access_records import Access
from exchange.desk.access_writer import AccessWriter
from exchange.desk.asker import Asker
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy
from exchange.folding.case_ids import CaseIds
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from producers.codec import Codec

if TYPE_CHECKING:  # a command does without
    from psycopg_pool import ConnectionPool


@dataclass(frozen=True)
class Desk:
    """One desk: of a command, or of a server, whose threads may share it.

    Attributes:
        settings: as whom it comes to the parts, and where they are.
        registry: the schemas.
        database: our own database, or connections to it that are kept.
        codec: writes values of topics.
        access: notes who is shown what.
    """

    settings: Settings
    registry: Registry
    database: OurDatabase
    codec: Codec
    access: AccessWriter

    @property
    def policy(self) -> Policy:
        """Return the city's rules."""
        return self.settings.city.policy

    @cached_property
    def case_ids(self) -> CaseIds:
        """Return what makes case ids of numbers."""
        return CaseIds(self.settings.case_key)

    @cached_property
    def decode_case(self) -> CaseDecoder:
        """Return what reads the cases of the read model."""
        return case_decoder(self.registry)

    @cached_property
    def decode_announcement(self) -> ReadAnnouncement:
        """Return what reads the announcements of the read model."""
        return Decoder[AnnouncementDocument](schema("announcement"), self.registry.schema_by_id).decode

    def session(self) -> AbstractContextManager[Session]:
        """Open the read model.

        Raises:
            ExchangeError: it is not there, or not yet built anew; or PostgreSQL does not answer.
        """
        return open_session(self.database)

    def require(self, asker: Asker, action: str, about: WorkPlace) -> None:
        """Return if somebody may do something with what belongs there.

        Raises:
            NotAllowedError: they may not.
        """
        asker.require(action, about, self.settings.city.access)

    def note(self, access: Access) -> None:
        """Return once the access is noted; the caller shows nothing before that.

        Raises:
            ExchangeError: it could not be noted, so nothing may be shown.
        """
        self.access.note(access)


@contextmanager
def open_desk(settings: Settings, connections: int = 0) -> Iterator[Desk]:
    """Open a desk; nothing is connected before it is needed.

    Args:
        settings: as whom it comes to the parts, and where they are.
        connections: to PostgreSQL, kept for others to use; 0, as commands have it: one each time.
    """
    with ExitStack() as ends:
        registry = ends.enter_context(Registry(settings.registry))
        database = ends.enter_context(_pool(settings, connections)) if connections else settings
        codec = Codec(settings.city.catalogue, registry)
        yield Desk(settings, registry, database, codec, AccessWriter(settings.kafka, codec.encode))


def _pool(settings: Settings, connections: int) -> "ConnectionPool[Connection]":
    from consumers.log.reading_pool import reading_pool  # noqa: PLC0415 - a command does without

    return reading_pool(settings, connections)
