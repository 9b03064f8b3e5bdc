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
from exchange.desk.asker import AT_WINDOW, SHELL, Asker
from exchange.desk.department_writers import DepartmentWriters
from exchange.desk.task_ends import TaskEnds
from exchange.domain.access.may import WorkPlace, may
from exchange.domain.policy import Policy
from exchange.folding.case_ids import CaseIds
from exchange.runtime.principals import DESK
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings, load_settings
from producers.codec import Codec

if TYPE_CHECKING:  # a command does without
    from psycopg_pool import ConnectionPool

    from exchange.desk.people_shown import PeopleShown
    from exchange.runtime.accounts.tables import DeskTables


@dataclass(frozen=True)
class Desk:
    """One desk: of a command, or of a server, whose threads may share it.

    Attributes:
        settings: as whom it comes to the parts, and where they are.
        registry: the schemas.
        database: our own database, or connections to it that are kept.
        codec: writes values of topics.
        access: notes who is shown what.
        writers: write departments' records.
        task_ends: tells how far the tasks go.
        tables: what it keeps of people at work; a command makes them when it needs them.
    """

    settings: Settings
    registry: Registry
    database: OurDatabase
    codec: Codec
    access: AccessWriter
    writers: DepartmentWriters
    task_ends: TaskEnds
    tables: "DeskTables | None" = None

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

    def at_window(self, asker: Asker) -> bool:
        """Say whether somebody works at the window."""
        return may(self.settings.city.access, asker.role, AT_WINDOW, asker.kept_within, asker.kept_within)

    @cached_property
    def people(self) -> "PeopleShown":
        """Return what counts whom holders of accounts are shown."""
        from exchange.desk.people_shown import PeopleShown  # noqa: PLC0415 - the shell does without
        from exchange.runtime.accounts.tables import own_connections  # noqa: PLC0415 - as above

        tables = self.tables or own_connections(load_settings(self.settings.home, DESK).postgres)
        return PeopleShown(tables, self.settings.city.accounts)

    def note(self, access: Access) -> None:
        """Return once the access is counted and noted; the caller shows nothing before that.

        Raises:
            TooManyPeopleError: the asker would be shown more people than it may be in a day.
            ExchangeError: it could not be noted, so nothing may be shown.
        """
        if access.asker.role != SHELL and access.case_ids:
            self.people.count(access.asker, access.case_ids, access.at)
        self.access.note(access)


@contextmanager
def open_desk(settings: Settings, connections: int = 0, tables: "DeskTables | None" = None) -> Iterator[Desk]:
    """Open a desk; nothing is connected before it is needed.

    Args:
        settings: as whom it comes to the parts, and where they are.
        connections: to PostgreSQL, kept for others to use; 0, as commands have it: one each time.
        tables: what the desk keeps of people at work, of a process that keeps connections to it.
    """
    with ExitStack() as ends:
        registry = ends.enter_context(Registry(settings.registry))
        database = ends.enter_context(_pool(settings, connections)) if connections else settings
        codec = Codec(settings.city.catalogue, registry)
        writes = AccessWriter(settings.kafka, codec.encode), DepartmentWriters(settings)
        yield Desk(settings, registry, database, codec, *writes, TaskEnds(settings.kafka), tables)


def _pool(settings: Settings, connections: int) -> "ConnectionPool[Connection]":
    from consumers.log.connection_pool import connection_pool  # noqa: PLC0415 - a command does without

    return connection_pool(settings, connections)
