"""Documents: which records are revisions of one, and in which order they stand.

Everything here is a function of the set of records; in which order they came does not matter.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from exchange.domain.values import Taken
from verification.characters import spelling
from verification.names.keys import name_key
from verification.records import Record

Versions = list[Taken]
"""A document: its records in the order in which they stand, the one that counts last."""


class _DocumentVersion(NamedTuple):
    """A record's place: the document by its first record, known or not, and the revision that counts."""

    document: str
    revision: int


def documents_of(taken: Collection[Taken]) -> list[Versions]:
    """Group records into documents by what they supersede, each in the order of its revisions.

    A document is of one type and one department: what supersedes a foreign record stands by itself.
    """
    if all(entry.record.supersedes is None for entry in taken):
        return [[entry] for entry in taken]
    by_id = {entry.record.record_id: entry.record for entry in taken}
    places = _places(by_id)
    all_documents: dict[tuple[str, str, str], Versions] = defaultdict(list)
    for entry in taken:
        record = entry.record
        all_documents[places[record.record_id].document, record.type, record.department].append(entry)
    for versions in all_documents.values():
        if len(versions) > 1:
            versions.sort(key=lambda entry: _standing(entry.record, places))
    return list(all_documents.values())


def revocations(versions: Versions) -> Versions:
    """Return the revocations with which a document ends, mostly none."""
    said = next((at for at, entry in enumerate(reversed(versions)) if entry.record.action != "REVOKED"), None)
    return versions if said is None else versions[len(versions) - said :]


def last_words(versions: Versions) -> Versions:
    """Return what a document said last before it ended: several, if they bear one revision and one moment."""
    if len(versions) == 1:  # nearly all are
        return [] if is_revoked(versions) else versions
    said = versions[: len(versions) - len(revocations(versions))]
    if len(said) < 2 or said[-2].record.recorded_at != said[-1].record.recorded_at:
        return said[-1:]
    places = _places({entry.record.record_id: entry.record for entry in versions})
    last = _rank(said[-1].record, places)
    return [entry for entry in said if _rank(entry.record, places) == last]


def says(record: Record) -> tuple[object, ...]:
    """Return what a record says, apart from its id and how it came: equal for two that say the same.

    Text counts as it is seen: an address with another kind of blank in it is the same address.
    """
    common = (record.county, record.issuer_name, record.issuer_uscc, record.certificate_no)
    return (record.id_number, name_key(record.name), *map(_seen, (*common, record.facts)))


def _seen(value: Any) -> Any:
    if isinstance(value, str):
        return spelling(value)
    if isinstance(value, Mapping):
        return {name: _seen(inner) for name, inner in value.items()}
    return [_seen(inner) for inner in value] if isinstance(value, list | tuple) else value


def revision_of(record: Record) -> int:
    """Return which revision of its document a record is, even if its source left it at the default."""
    return max(record.revision, 2 if record.supersedes else 1)


def is_revoked(versions: Versions) -> bool:
    """Say whether the document no longer stands."""
    return versions[-1].record.action == "REVOKED"


def _standing(record: Record, places: Mapping[str, _DocumentVersion]) -> tuple[object, ...]:
    """Order equal ranks as well, so that arrival decides nothing: news after history, which it overtakes."""
    return *_rank(record, places), not record.backfill, record.record_id


def _rank(record: Record, places: Mapping[str, _DocumentVersion]) -> tuple[int, bool, str]:
    """Return the rank that tells which of two records of a document counts."""
    return places[record.record_id].revision, record.action == "REVOKED", record.recorded_at


def _places(by_id: Mapping[str, Record]) -> dict[str, _DocumentVersion]:
    places: dict[str, _DocumentVersion] = {}
    for record_id in by_id:
        path: dict[str, None] = {}
        at: str | None = record_id
        while at is not None and at not in places and at not in path:
            path[at] = None
            at = _before(by_id[at], by_id)
        if at is not None and at in path:
            _place_circle(list(path)[list(path).index(at) :], by_id, places)
        for one in reversed(path):
            if one not in places:
                places[one] = _place(by_id[one], places.get(_before(by_id[one], by_id) or ""))
    return places


def _before(record: Record, by_id: Mapping[str, Record]) -> str | None:
    """Return the id of the record that this one supersedes, if it is known and of the same document."""
    before = by_id.get(record.supersedes) if record.supersedes else None
    same = before and (before.type, before.department) == (record.type, record.department)
    return record.supersedes if same else None


def _place(record: Record, before: _DocumentVersion | None) -> _DocumentVersion:
    """Place a record after what it supersedes, even if its source left the revision at the default."""
    if before is None:
        return _DocumentVersion(record.supersedes or record.record_id, revision_of(record))
    return _DocumentVersion(before.document, max(record.revision, before.revision + 1))


def _place_circle(
    circle: list[str], by_id: Mapping[str, Record], places: dict[str, _DocumentVersion]
) -> None:
    """Place records that supersede each other: one document, by its smallest id, in the revisions given."""
    places |= {one: _DocumentVersion(min(circle), by_id[one].revision) for one in circle}
