"""Whose records these are: what counts in a case, what it lends to another, and what is put aside.

A record is filed under a number; it belongs to a person. The two differ when a number is corrected at the
source or a handler links or unlinks a record. Then the case that has the record lends it to the one where it
belongs, and takes it back when that ends, so that everything is as it was. All of this is a function of the
records and of the other cases' last words; in which order they came does not matter.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from exchange.domain.identity.claims import claims_of, loans_of
from exchange.domain.identity.links import (
    HERE,
    Decisions,
    Destination,
    link_decisions,
    link_standings,
    names_person,
    place_of,
)
from exchange.domain.records.document_versions import Versions, documents_of, is_revoked, last_words, says
from exchange.domain.records.rivals import AMENDMENTS_DIFFER, Rivalry
from exchange.domain.records.rivals import rivalries as rivalries_of
from exchange.domain.values import Address, CaseState, Claim, Loan, Standing, Taken
from verification.identity import identify
from verification.names.faults import name_fault
from verification.names.keys import name_key
from verification.records import Record


@dataclass(frozen=True, slots=True)
class Persons:
    """A case's records, told apart by whose they are.

    Attributes:
        documents: The documents that count here, revoked and held ones among them.
        gone: The documents that count in another case.
        rivalries: Documents whose last words contradict each other, wherever they count.
        held: Record id of a document's last word, or of each of several → codes for which it is put aside.
        standings: Record id of each decision to link or unlink → whether it still counts.
        claims: What this case says of records that were filed elsewhere.
        loans: What it lends, by borrower.
    """

    documents: list[Versions]
    gone: list[Versions]
    rivalries: tuple[Rivalry, ...]
    held: Mapping[str, tuple[str, ...]]
    standings: Mapping[str, Standing]
    claims: tuple[Claim, ...]
    loans: Mapping[Address, Loan]

    @property
    def moved_to(self) -> dict[str, str]:
        """Map the id of each record on loan to the case where it counts instead."""
        return {e.record.record_id: to.case_id for to, loan in self.loans.items() for e in loan.taken}

    @property
    def rivals(self) -> frozenset[str]:
        """Return the ids of the rival last words while nobody knows which of them counts."""
        return _rivals(self.rivalries)

    @property
    def ruled(self) -> dict[str, Record]:
        """Map the id of each word that was found right against its rivals to the decision that says so."""
        return {one.favoured: one.settled for one in self.rivalries if one.settled}

    @property
    def twins(self) -> dict[str, str]:
        """Map each last word that another of the same document repeats to that other's id."""
        return {
            entry.record.record_id: versions[-1].record.record_id
            for versions in self.documents
            if len(versions) > 1 and not is_revoked(versions)
            for entry in last_words(versions)
            if entry is not versions[-1] and says(entry.record) == says(versions[-1].record)
        }

    def last_undisputed(self, versions: Versions) -> Taken | None:
        """Return the last thing a document said that nothing contradicts; failing that, the last it said."""
        said = [entry for entry in versions if entry.record.action != "REVOKED"]
        rivals = self.rivals
        agreed = [entry for entry in said if entry.record.record_id not in rivals]
        return next(reversed(agreed or said), None)

    @property
    def forwards_to(self) -> Address | None:
        """Return the one case to which everything went that says who this is; None while anything is left."""
        if len(self.loans) != 1 or any(_says_who(versions) for versions in self.documents):
            return None
        return next(iter(self.loans))


class _SameState:
    """A state that is equal to itself alone, so that it is found again without a look at its records."""

    __slots__ = ("state",)

    def __init__(self, state: CaseState) -> None:
        self.state = state

    def __hash__(self) -> int:
        return id(self.state)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameState) and self.state is other.state


def persons_of(state: CaseState) -> Persons:
    """Tell a state's records apart by whose they are; asked of the same state twice in a row, once."""
    return _told_apart(_SameState(state))


@lru_cache(maxsize=1)
def _told_apart(asked: _SameState) -> Persons:
    state = asked.state
    own = {entry.record.record_id: entry for entry in state.taken}
    on_loan = {entry.record.record_id: entry for entry in _borrowed(state)}
    all_documents, rivalries = rivalries_of(documents_of(tuple((on_loan | own).values())))
    rivals = _rivals(rivalries)
    decisions = link_decisions(versions for versions in all_documents if _last(versions) not in rivals)
    placed = _placed(all_documents, own, decisions, state)
    if any(place.whole for place in placed.values()):
        all_documents = [part for versions in all_documents for part in _parted(versions, own, placed, state)]
    documents = [versions for versions in all_documents if placed[_last(versions)].to is None]
    gone = [versions for versions in all_documents if placed[_last(versions)].to is not None]
    held = _held(documents, placed, rivals)
    return Persons(
        documents=documents,
        gone=gone,
        rivalries=rivalries,
        held=held,
        standings=link_standings(decisions),
        claims=claims_of(state, own, documents, gone, decisions),
        loans=loans_of(state.case_id, own, [(versions, placed[_last(versions)]) for versions in gone]),
    )


def _borrowed(state: CaseState) -> Iterator[Taken]:
    """Return what is on loan; what a handler linked counts as if it had been filed under this number."""
    own = next((entry.record.id_number for entry in state.taken if entry.record.id_number), None)
    for loan in state.borrowed:
        number = loan.id_number or own
        for entry in loan.taken:
            if number and entry.record.record_id in loan.linked:
                record = replace(entry.record, id_number=number, id_type=identify(number).kind)
                yield replace(entry, record=record)
            else:
                yield entry


def _last(versions: Versions) -> str:
    return versions[-1].record.record_id


def _placed(
    all_documents: list[Versions], own: Mapping[str, Taken], decisions: Decisions, state: CaseState
) -> dict[str, Destination]:
    if not (decisions or state.claims or state.borrowed):
        return dict.fromkeys(map(_last, all_documents), HERE)
    return {_last(versions): place_of(versions, own, decisions, state) for versions in all_documents}


def _parted(
    versions: Versions, own: Mapping[str, Taken], placed: dict[str, Destination], state: CaseState
) -> list[Versions]:
    """Split a document that goes with its whole person from what others have linked here, which stays."""
    place = placed[_last(versions)]
    if not place.whole:
        return [versions]
    linked = {record_id for loan in state.borrowed for record_id in loan.linked} - own.keys()
    stays = [entry for entry in versions if entry.record.record_id in linked]
    if not stays:
        return [versions]
    goes = [entry for entry in versions if entry not in stays]
    placed |= {_last(goes): place, _last(stays): Destination(linked=True)}
    return [goes, stays]


def _says_who(versions: Versions) -> bool:
    return names_person(versions[-1].record.type) and not is_revoked(versions)


def _rivals(rivalries: Iterable[Rivalry]) -> frozenset[str]:
    return frozenset(word.record_id for one in rivalries if one.settled is None for word in one.words)


def _held(
    documents: list[Versions], placed: Mapping[str, Destination], rivals: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """Map each record that is put aside to the codes that say why.

    Where names disagree, all that disagree are held, whichever came first. If a handler has linked some of
    the records filed under the number, their names are right. What was filed elsewhere and linked is the
    person's, whatever name it bears. A plainly damaged name is not a different name: only its own record is
    held. Rivals of one document are held together, and say nothing about the name.
    """
    latest = [versions for versions in documents if not is_revoked(versions)]
    held: dict[str, tuple[str, ...]] = {}
    named: list[Record] = []
    right: set[str] = set()
    for versions in latest:
        entry = versions[-1]
        record, place = entry.record, placed[entry.record.record_id]
        if place.aside:
            held |= {one.record.record_id: ("unlinked",) for one in _together(versions, rivals)}
        elif place.torn or record.record_id in rivals:
            held |= {one.record.record_id: _torn(one, place) for one in _together(versions, rivals)}
        elif entry.held and not place.linked:
            held[record.record_id] = entry.held
        elif place.named and name_fault(record.name) is None:
            right.add(name_key(record.name))
        elif names_person(record.type) and not place.linked:
            named.append(record)
    keys = {record.record_id: name_key(record.name) for record in named}
    if not right and len(set(keys.values())) > 1:
        right = _agreed(named)
    if not right and len(set(keys.values())) < 2:
        return held
    return held | {record_id: ("name_differs",) for record_id, key in keys.items() if key not in right}


def _together(versions: Versions, rivals: frozenset[str]) -> Versions:
    """Return what is held of a document: its last word, with the rivals of that."""
    return [one for one in versions if one.record.record_id in rivals] or versions[-1:]


def _torn(entry: Taken, place: Destination) -> tuple[str, ...]:
    by_itself = () if place.linked else entry.held
    return (*by_itself, AMENDMENTS_DIFFER)


def _agreed(named: list[Record]) -> set[str]:
    """Return the one name on which all agree, plainly damaged names aside; none where they do not."""
    sound = {name_key(record.name) for record in named if name_fault(record.name) is None}
    return sound if len(sound) == 1 else set()
