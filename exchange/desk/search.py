"""Finding a case by what people know of it. What they typed stands in no record, log or key."""

import re
from dataclasses import dataclass
from typing import Final

from consumers.read_model.case_reader import case_id_of
from consumers.read_model.search_keys import SearchKeys, SearchKind
from consumers.read_model.search_reader import MOST_FOUND, SearchReader
from exchange.desk.access_records import Access, distinct
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import read_shown
from exchange.desk.queue import shown_name
from exchange.domain.case_disclosure import ShownCase
from exchange.runtime.home import Home

SEARCH: Final = "search"
_OF_NUMBERS: Final[tuple[SearchKind, ...]] = ("number", "applicant", "certificate")
_RESIDENT_ID: Final = re.compile(r"\d{17}[\dX]")
_BIRTH_YEAR: Final = slice(6, 10)
_OF_WORDS: Final[tuple[SearchKind, ...]] = ("name", "certificate")


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case that was found, with as much of it as tells one person from another.

    Attributes:
        case_id: its id.
        name: of the deceased, whole for a department that was told of the case and for the window alone.
        birth_year: by the number, if that is one.
        death_established: whether the death is.
    """

    case_id: str
    name: str | None
    birth_year: str | None
    death_established: bool


def search(desk: Desk, asker: Asker, text: str, limit: int = MOST_FOUND) -> tuple[FoundCase, ...]:
    """Return the cases that the asker may see and of which this is said.

    Args:
        desk: where.
        asker: who asks.
        text: a person's number in 18 digits or 15, a name, a certificate's number, the applicant's number, a
            case id, or what the code on the printed form says.
        limit: how many at most.

    Raises:
        ExchangeError: the asker may not, the access could not be noted, or a part does not answer.
    """
    desk.require(asker, SEARCH, asker.kept_within)
    # Before the session: who holds a connection and waits for another may wait for ever.
    case_ids = _case_ids(desk, text.strip(), limit)
    with desk.session() as session:
        shown = [read_shown(desk, session, asker, one) for one in case_ids]
    found = distinct(_line(desk, asker, one) for one in shown if one is not None)
    fields = ("deceased.name",) if any(one.name for one in found) else ()
    desk.note(Access(asker, SEARCH, "search", distinct(one.case_id for one in found), fields=fields))
    return found


def _case_ids(desk: Desk, text: str, limit: int) -> tuple[str, ...]:
    """Return the cases of which this may be said; a case id is what the code on the form holds."""
    reader = SearchReader(desk.database, SearchKeys.of_home(Home(desk.settings.home)))
    case_id = case_id_of(text, desk.case_ids)
    kinds = _OF_WORDS if case_id is None else _OF_NUMBERS
    said = (found for kind in kinds for found in reader.find(kind, text, limit))
    return distinct(filter(None, (case_id, *said)))[:limit]


def _line(desk: Desk, asker: Asker, shown: ShownCase) -> FoundCase:
    deceased = shown.case["form"]["deceased"]
    name, number = (field and field["value"] for field in map(deceased.get, ("name", "id_number")))
    department = asker.kept_within.get("department")
    born = number[_BIRTH_YEAR] if number and _RESIDENT_ID.fullmatch(number) else None
    return FoundCase(
        shown.case["case_id"],
        shown_name(desk, asker, name, department if shown.told else None),
        born,
        shown.case["death_established"],
    )
