"""A desk on a read model of its own, filled from a world in memory; access records are kept in a list."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast
from unittest.mock import Mock

import psycopg

from avro_schemas.typed_documents import AccessDocument
from consumers.log.connection_pool import connection_pool
from consumers.log.copies import READ_MODEL, Connection
from consumers.log.projection import changes_of
from consumers.read_model.assignments import LAYOUT
from consumers.read_model.look_table import LOOK_TABLE, look_rows
from consumers.read_model.search_keys import SearchKeys
from consumers.read_model.tables import ReadModelTables
from exchange.desk.access_records import Access, access_message
from exchange.desk.access_writer import AccessWriter
from exchange.desk.desk import Desk
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from tests.consumers.history.past_world import PastWorld
from tests.made_log import CATALOGUE, SCHEMAS
from tests.own_database import own_database
from topics.catalogue import CASES, TASKS


class KeptAccesses:
    """Stands in for the writer: keeps what is noted, or takes nothing."""

    def __init__(self) -> None:
        self.noted: list[AccessDocument] = []
        self.closed = False

    def note(self, access: Access) -> None:
        """Keep it.

        Raises:
            ExchangeError: the topic is closed.
        """
        if self.closed:
            raise ExchangeError("the access could not be recorded")
        self.noted.append(access_message(access, "operator").document)

    def shown(self) -> list[str]:
        """Whom the last answer showed."""
        last = self.noted[-1]
        return [last["case_id"]] if last["case_id"] else last["case_ids"]


@contextmanager
def made_desk(stack: Settings, world: PastWorld, name: str) -> Iterator[Desk]:
    """A desk on what the world has published, in a database of this name."""
    with own_database(stack, name) as address:
        settings = replace(stack, postgres=address, case_key=b"k" * 32)
        with psycopg.connect(address, autocommit=True) as connection:
            fill(connection, world, settings)
        # Of one connection: who holds one and asks for another is found.
        with connection_pool(settings, most=1) as pool:
            registry: Any = SchemasOfTests()
            nothing = cast(Any, None)  # nobody writes here
            access = cast(AccessWriter, KeptAccesses())
            yield UncountedDesk(settings, registry, pool, nothing, access, nothing, nothing)


class UncountedDesk(Desk):
    """A desk at which anybody is shown as many people as a table of cells has."""

    people: Any = Mock()


class SchemasOfTests:
    """The registry, as far as a reader asks it."""

    schema_by_id = staticmethod(SCHEMAS.get)


def fill(connection: Connection, world: PastWorld, settings: Settings) -> None:
    """Make the read model of what the world has published."""
    tables = ReadModelTables(City(), SearchKeys.of_home(Home(settings.home)))
    connection.execute(LAYOUT)
    tables.writer.make(connection, READ_MODEL.name, tables.writer.made_with, {})
    read = {topic.name for topic in CATALOGUE.topics if topic.kind == "matters"} | {CASES, TASKS}
    decoders = {topic: Decoder[Any](CATALOGUE.schema_of(topic), SCHEMAS.get).decode for topic in read}
    mine = [one for one in world.written if one.topic() in decoders]
    tables.write(connection, changes_of(mine, tables.projections, decoders), {})
    tables.writer.mark_complete(connection)


def project(desk: Desk, noted: list[AccessDocument]) -> None:
    """Let the read model take access records, as the projector does."""
    with psycopg.connect(desk.settings.postgres) as connection:
        connection.execute("SET search_path TO read_model")
        LOOK_TABLE.put(connection, [look_rows(None, one) for one in noted])
