"""In which case does each record count? Handlers' links first, then numbers corrected at the source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.reference import choices
from tests.reference.choices import by_time
from tests.reference.pages import Pages
from tests.reference.papers import Paper, Published, filed, papers_of, settled
from verification.records import Record

LINKED, UNLINKED = "PERSON_LINKED", "PERSON_UNLINKED"


@dataclass(frozen=True)
class Ruling:
    """A live decision about a person, and the case in which it was taken."""

    record: Record
    case: str

    @property
    def links(self) -> bool:
        """Whether it says whose a record is, and not whose it is not."""
        return bool(self.record.facts["kind"] == LINKED)

    @property
    def subject(self) -> str | None:
        """The record it is about; None for the whole person."""
        return self.record.facts.get("in_favour_of")

    @property
    def target(self) -> str | None:
        """The number of the person whom it links to or unlinks from."""
        return self.record.facts.get("linked_id_number") or self.record.id_number

    def is_after(self, other: "Ruling") -> bool:
        """Whether it was decided later."""
        return by_time(self.record) > by_time(other.record)


class Spot(NamedTuple):
    """Where something counts, whether a handler said so, and whether nobody knows whose it is."""

    case: str
    by_handler: bool
    torn: bool = False


@dataclass(frozen=True)
class Piece:
    """What one case was sent of a document."""

    paper: Paper
    case: str


class Places:
    """Where everything counts; asked piece by piece."""

    def __init__(self, published: Sequence[Published], pages: Pages) -> None:
        self.pages = pages
        self.pieces = _pieces(published)
        self.rulings = _rulings(self.pieces)

    def place_of(self, piece: Piece, seen: tuple[Piece, ...] = ()) -> Spot:
        """The case where it counts, and whether a handler said so."""
        if not self.pages.names_person(piece.paper.type):
            return Spot(piece.case, False)
        named = self.counting(piece)
        claims = [ruling for ruling in named if ruling.links and not _cancelled(ruling, named)]
        if claims:
            return Spot(str(max(claims, key=lambda one: by_time(one.record)).target), True)
        if any(not one.links and one.target == one.case == piece.case for one in named):
            return Spot(piece.case, False)
        whole = None if any(one.case == piece.case for one in named) else self._whole_person(piece)
        if whole and not any(not one.links and one.target == whole[0] for one in named):
            return Spot(*whole)
        corrected = self._corrected(piece, seen)
        ours = [one for one in named if one.case == piece.case and not one.links]
        return (
            corrected
            if corrected and corrected.case not in [one.target for one in ours]
            else Spot(piece.case, False)
        )

    def counting(self, piece: Piece) -> list[Ruling]:
        """The last of each case's decisions about a piece.

        Its own case also knows it by what it corrects; the others only by its records.
        """
        last: dict[str, Ruling] = {}
        for ruling in sorted(self.rulings, key=lambda one: by_time(one.record)):
            own = ruling.case == piece.case
            if ruling.subject in (piece.paper.names if own else piece.paper.ids):
                last[ruling.case] = ruling
        return list(last.values())

    def _whole_person(self, piece: Piece) -> tuple[str, bool] | None:
        """Where all that the case has goes, if a handler said so last."""
        whole = [one for one in self.rulings if one.subject is None and one.case == piece.case]
        last = max(whole, key=lambda one: by_time(one.record), default=None)
        if last is None or not last.links or last.target in (None, piece.case):
            return None
        return str(last.target), True

    def _corrected(self, piece: Piece, seen: tuple[Piece, ...]) -> Spot | None:
        """The case of the correction that bears another number; and further, if that one was corrected."""
        corrections = [
            (choices.age_of(member.record), other)
            for other in self.pieces
            if other.case != piece.case and other.paper.kind == piece.paper.kind and other not in seen
            for member in other.paper.members
            if member.record.supersedes in piece.paper.ids
        ]
        if not corrections:
            return None
        age = max(age for age, _ in corrections)
        last = [other for at, other in corrections if at == age]
        corrected = [member.record for member in piece.paper.members]
        if choices.leaves_torn(age, corrected, {other.case for other in last}):
            return Spot(piece.case, False, torn=True) if piece.paper.live else None
        if not choices.correction_takes(age, corrected):
            return None
        return self.place_of(last[0], (*seen, piece))


def _pieces(published: Sequence[Published]) -> list[Piece]:
    cases = sorted({filed(one) for one in published})
    return [
        Piece(paper, case)
        for case in cases
        for paper in settled(papers_of(one for one in published if filed(one) == case))
    ]


def _rulings(pieces: Iterable[Piece]) -> list[Ruling]:
    """All live decisions that link or unlink."""
    live = [piece for piece in pieces if piece.paper.type == "decision" and piece.paper.live]
    live = [piece for piece in live if not piece.paper.rivals]
    rulings = [Ruling(piece.paper.last.record, piece.case) for piece in live if not piece.paper.last.held]
    return [one for one in rulings if one.record.facts["kind"] in (LINKED, UNLINKED)]


def _cancelled(claim: Ruling, named: Iterable[Ruling]) -> bool:
    """Whether it was said later that the record is not of the person claimed for."""
    return any(one.target == claim.target and not one.links and one.is_after(claim) for one in named)
