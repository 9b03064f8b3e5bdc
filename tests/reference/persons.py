"""Every case with what counts in it, what it lost to others, and what is held for the name on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tests.reference import choices
from tests.reference.pages import Pages
from tests.reference.papers import Paper, Published, filed, papers_of, settled
from tests.reference.placing import Piece, Places, Spot
from verification.names.keys import name_key
from verification.records import Record

AMENDMENTS_DIFFER = "amendments_differ"
NO_CODES: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Placed:
    """A document in the case where it counts.

    Attributes:
        linked: a handler said that it is this person's.
        aside: a handler said that it is not this person's.
        filed_here: some of it was sent to this case.
        lent: some of it was sent to another case, and a handler said that it is this person's.
        torn: corrections give it several numbers, so that nobody knows whose it is.
        names_disagree: it is held for the name on it.
    """

    paper: Paper
    linked: bool
    aside: bool
    filed_here: bool
    lent: bool
    torn: bool = False
    names_disagree: bool = False

    @property
    def codes(self) -> frozenset[str]:
        """Why the record that counts is held; empty where it is not."""
        if not self.paper.live:
            return NO_CODES
        own = NO_CODES if self.linked else frozenset(self.paper.last.held)
        if self.aside:
            return choices.codes_of_unlinked(own)
        if self.differ:
            return own | {AMENDMENTS_DIFFER}
        return own | {"name_differs"} if self.names_disagree else own

    @property
    def differ(self) -> bool:
        """Whether several last words of it contradict each other."""
        return self.torn or bool(self.paper.rivals)


@dataclass(frozen=True)
class Person:
    """One case: what was sent to it, what counts in it, and where the rest of what was sent counts."""

    key: str
    own: tuple[Published, ...]
    here: tuple[Placed, ...]
    away: Mapping[str, str]

    def live(self) -> list[Record]:
        """The records that count."""
        return [placed.paper.last.record for placed in self.here if placed.paper.live and not placed.codes]

    def live_but_for_holds(self) -> list[Record]:
        """The records that would count if nothing were held."""
        words = [placed.paper.as_if_standing() for placed in self.here if placed.paper.live]
        return [word for word in words if word]

    def as_if_standing(self, pages: Pages) -> list[Record]:
        """The records that would count if nothing had been revoked, held or lost."""
        live = self.live()
        papers = self.papers()
        standing = [record for record in (paper.as_if_standing() for paper in papers) if record]
        fallen = [record for record in standing if record not in live]
        return live + [record for record in fallen if choices.would_come_back(record, live, pages)]

    def first_recorded(self) -> dict[str, str]:
        """When the document of each record was first recorded, by the record's id."""
        return {
            member.record.record_id: paper.members[0].record.recorded_at
            for paper in self.papers()
            for member in paper.members
        }

    def revisions(self) -> dict[str, list[Record]]:
        """All records of the document of each record, by the record's id."""
        return {
            member.record.record_id: [one.record for one in paper.members]
            for paper in self.papers()
            for member in paper.members
        }

    def papers(self) -> list[Paper]:
        """All papers that count here, and what went to other cases."""
        lost = papers_of(one for one in self.own if one.record.record_id in self.away)
        return [placed.paper for placed in self.here] + lost

    def rulings(self) -> list[Record]:
        """The handlers' decisions that were not revoked."""
        return [record for record in self.live() if record.type == "decision"]

    def seen(self) -> list[Record]:
        """Every record that was sent to the case or counts in it."""
        lent = [member.record for placed in self.here for member in placed.paper.members]
        return [one.record for one in self.own] + lent

    def type_of(self, record_id: str | None) -> str | None:
        """The type of a record that this case has seen; None if it has not."""
        return next((record.type for record in self.seen() if record.record_id == record_id), None)


def persons_of(published: Sequence[Published], pages: Pages) -> dict[str, Person]:
    """Every case, by its key."""
    places = Places(published, pages)
    goals: dict[str, Spot] = {}
    for piece in places.pieces:
        goals |= dict.fromkeys(piece.paper.ids, places.place_of(piece))
    keys = {filed(one) for one in published} | {spot.case for spot in goals.values()}
    return {key: _person(key, published, goals, places) for key in keys}


def forwards_to(person: Person, pages: Pages) -> str | None:
    """The case that all went to, where nothing that names somebody is left."""
    left = [one for one in person.here if one.paper.live and pages.names_person(one.paper.type)]
    left = [one for one in left if choices.keeps_from_forwarding(bool(one.codes), one.filed_here)]
    goals = set(person.away.values())
    return goals.pop() if len(goals) == 1 and not left else None


def _person(key: str, published: Sequence[Published], goals: Mapping[str, Spot], places: Places) -> Person:
    here = [one for one in published if goals[one.record.record_id].case == key]
    linked = {record_id for record_id, spot in goals.items() if spot.by_handler}
    torn = {record_id for record_id, spot in goals.items() if spot.torn}
    placed = [_placed(paper, key, linked, places) for paper in settled(papers_of(here))]
    placed = [replace(one, torn=bool(one.paper.ids & torn)) for one in placed]
    own = tuple(one for one in published if filed(one) == key)
    away = {one.record.record_id: goals[one.record.record_id].case for one in own if one not in here}
    return Person(key, own, tuple(_with_names(placed, places.pages)), away)


def _placed(paper: Paper, key: str, linked: set[str], places: Places) -> Placed:
    """A document, and what the case itself decided last about what it was sent of it."""
    said = places.counting(Piece(paper, key))
    last = next((one for one in said if one.case == key), None)
    links = [one for one in said if one.links and one.target == key]
    own = {member.record.record_id for member in paper.members if filed(member) == key}
    refused = last if last and not last.links and last.target == key and own else None
    aside = refused is not None and not any(one.is_after(refused) for one in links)
    by_handler = bool(paper.ids & linked)
    return Placed(paper, by_handler and not aside, aside, bool(own), by_handler and not (own and links))


def _with_names(here: Sequence[Placed], pages: Pages) -> list[Placed]:
    """Hold what bears a wrong name; as long as no handler has linked any, nobody knows which is right.

    A damaged name is not wrong by itself, and says nothing against the only other one; what a handler linked
    in spite of it is hers, and its name still counts for nothing.
    """
    naming = [placed for placed in here if _says_name(placed, pages)]
    naming = [placed for placed in naming if not (placed.linked and choices.is_damaged(_name(placed)))]
    linked = {_name(placed) for placed in naming if placed.linked}
    names = {_name(placed) for placed in naming}
    whole = {name for name in names if not choices.is_damaged(name)}
    agreed = names if len(names) == 1 else whole if len(whole) == 1 else set()
    right = linked or agreed
    wrong = {id(placed) for placed in naming if _name(placed) not in right}
    return [replace(placed, names_disagree=id(placed) in wrong) for placed in here]


def _says_name(placed: Placed, pages: Pages) -> bool:
    counts = placed.paper.live and not placed.codes and choices.takes_part_in_names(placed.lent)
    return counts and pages.names_person(placed.paper.type)


def _name(placed: Placed) -> str:
    return name_key(placed.paper.last.record.name)
