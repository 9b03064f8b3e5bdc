"""What departments have to do: pages of matters with whose they are, and how many there are."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from consumers.privacy.masking import masked_name
from consumers.read_model.queue_reader import QueueCounts, QueueCursor, QueueQuery, QueueReader, QueueRow
from exchange.desk.access_records import Access, distinct
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.domain.case_disclosure import recipient_of

QUEUE: Final = "queue"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A matter that somebody has to do with; ``name`` is whole for its department and the window alone."""

    case_id: str
    name: str | None
    matter: int
    instance: str | None
    department: str
    county: str | None
    state: str
    since: datetime | None
    due: date | None
    working_days_left: int | None
    assignee: str | None
    channel: str | None
    owed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueLines:
    """A page, and where the next one begins; None: there is nothing more."""

    lines: tuple[QueueLine, ...]
    next: QueueCursor | None


def queue(
    desk: Desk, asker: Asker, query: QueueQuery, after: QueueCursor | None = None, limit: int = 50
) -> QueueLines:
    """Return a page of what there is to do, the soonest due first; of others' matters nothing.

    Raises:
        ExchangeError: the asker may not, the access could not be noted, or a part does not answer.
    """
    reader = QueueReader(desk.database, desk.policy.working_days)
    page = reader.page(own_query(desk, asker, query), after, limit)
    lines = tuple(_line(desk, asker, row) for row in page.rows)
    fields = ("deceased.name",) if any(line.name for line in lines) else ()
    desk.note(Access(asker, QUEUE, "queue", distinct(line.case_id for line in lines), fields=fields))
    return QueueLines(lines, page.next)


def count(desk: Desk, asker: Asker, query: QueueQuery) -> QueueCounts:
    """Return how many matters there are. Numbers show nobody, and leave no access record.

    Raises:
        ExchangeError: the asker may not, or a part does not answer.
    """
    reader = QueueReader(desk.database, desk.policy.working_days)
    return reader.counts(own_query(desk, asker, query))


def own_query(desk: Desk, asker: Asker, query: QueueQuery) -> QueueQuery:
    """Return the query as far as it is about what the asker may see: its department, bank and county.

    A department is shown the matters of which it was told, as in the case itself.

    Raises:
        NotAllowedError: it is about others.
    """
    policy, kept = desk.policy, asker.kept_within
    to = recipient_of(kept, policy)
    departments = query.departments or ((to.name,) if to else _deciding(desk))
    for department in departments:
        desk.require(asker, QUEUE, {**kept, "department": department} if to else kept)
    code = kept.get("county")
    county = query.county if code is None else policy.city.county_name(code)
    own = replace(query, departments=departments, county=county, instance=kept.get("bank", query.instance))
    return replace(own, told=to is not None)


def shown_name(desk: Desk, asker: Asker, name: str | None, department: str | None) -> str | None:
    """Return a name as the asker may read it in a list."""
    if name is None:
        return None
    mine = department is not None and asker.kept_within.get("department") == department
    return name if mine or desk.at_window(asker) else masked_name(name)


def _deciding(desk: Desk) -> tuple[str, ...]:
    return tuple(desk.settings.city.catalogue.deciding)


def _line(desk: Desk, asker: Asker, row: QueueRow) -> QueueLine:
    field = desk.decode_case.decode(row.document)["form"]["deceased"].get("name")
    return QueueLine(
        case_id=row.case_id,
        name=shown_name(desk, asker, field and field["value"], row.department),
        matter=row.matter,
        instance=row.instance,
        department=row.department,
        county=row.county,
        state=row.state,
        since=row.since,
        due=row.due,
        working_days_left=row.working_days_left,
        assignee=row.assignee,
        channel=row.channel,
        owed=row.owed,
    )
