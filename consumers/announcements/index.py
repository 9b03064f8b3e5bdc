"""What a department was told, as the read model's index of announcements has it.

Shape: table `read_model.announcements` → ``exchange.events.Announcement``. Every function takes an open
connection to the read model. Whoever shows announcements notes the access first
(`exchange.desk.access_records`).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from avro_schemas.typed_documents import AnnouncementDocument
from consumers.log.copies import Connection
from consumers.log.offsets import Offsets
from consumers.read_model.indexed import Indexed, IndexedAfter, decoded, end_of, read_after
from topics.catalogue import matters_topic

ReadAnnouncement = Callable[[bytes], AnnouncementDocument]

_OF_CASE: Final = """
SELECT partition, "offset", value FROM read_model.announcements
WHERE case_id = %s AND department = %s ORDER BY partition, "offset"
"""


@dataclass(frozen=True, slots=True)
class AnnouncementFilter:
    """Which announcements are wanted: those that agree in everything that is not None.

    Attributes:
        transition: what happened to the matter, as ``exchange.events.Announcement`` has it.
    """

    matter: int | None = None
    instance: str | None = None
    county: str | None = None
    transition: str | None = None


EVERY: Final = AnnouncementFilter()


def announcements_after(
    connection: Connection,
    department: str,
    offsets: Offsets,
    limit: int,
    decode: ReadAnnouncement,
    only: AnnouncementFilter = EVERY,
) -> IndexedAfter[AnnouncementDocument]:
    """Return what a department was told from these offsets on: at most ``limit``, those of one case in order.

    What is reached lies after what the filter has left out, too. What a crash repeated is there
    twice, with one id.

    Raises:
        PositionGoneError, ExchangeError: as `consumers.read_model.indexed.read_after`.
    """
    topic = matters_topic(department)
    return read_after(connection, "announcements", topic, offsets, limit, decode, asdict(only))


def announcements_now(connection: Connection, department: str) -> Offsets:
    """Return the offsets after everything that a department has been told.

    Raises:
        ExchangeError: the read model is being built.
    """
    return end_of(connection, matters_topic(department))


def announcements_of_case(
    connection: Connection, department: str, case_id: str, decode: ReadAnnouncement
) -> tuple[Indexed[AnnouncementDocument], ...]:
    """Return all that a department was told of a case, in order."""
    rows = connection.execute(_OF_CASE, (case_id, department)).fetchall()
    return tuple(decoded(rows, decode))
