"""Amendments of one document that bear one revision and one moment and say different things.

Nothing but their ids could tell which of them counts, and ids mean nothing. So none counts until the source
sends a later revision, or a handler decides in favour of one of them (ADR 0029).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from exchange.domain.records.document_versions import Versions, is_revoked, last_words, revocations, says
from exchange.domain.values import Standing, covers, recording
from verification.records import Record

AMENDMENTS_DIFFER = "amendments_differ"


@dataclass(frozen=True, slots=True)
class Rivalry:
    """The rival last words of one document, and how they stand.

    Attributes:
        words: The rivals, at least two; some of them may say the same.
        settled: The decision that found one of them right; None while none of them counts.
        favoured: The record that it found right.
        standings: Record id of each decision about it → whether it still counts.
    """

    words: tuple[Record, ...]
    settled: Record | None = None
    favoured: str = ""
    standings: Mapping[str, Standing] = field(default_factory=dict)


def rivalries(all_documents: list[Versions]) -> tuple[list[Versions], tuple[Rivalry, ...]]:
    """Return the documents with what a handler found right as their last word, and all that is in rivalry.

    Documents revoked afterwards are included: it was never clear what they had said.
    """
    corrected = (versions for versions in all_documents if len(versions) > 1)
    words = {id(versions): tuple(entry.record for entry in last_words(versions)) for versions in corrected}
    rivals = {one: found for one, found in words.items() if len(found) > 1 and _differ(found)}
    if not rivals:
        return all_documents, ()
    decisions = list(_rulings(versions for versions in all_documents if id(versions) not in rivals))
    judged = {one: _judged(found, decisions) for one, found in rivals.items()}
    ordered = [
        _in_favour(versions, judged[id(versions)]) if id(versions) in judged else versions
        for versions in all_documents
    ]
    return ordered, tuple(judged.values())


def _differ(words: Iterable[Record]) -> bool:
    first, *others = (says(word) for word in words)
    return any(other != first for other in others)


def _rulings(all_documents: Iterable[Versions]) -> Iterator[Record]:
    for versions in all_documents:
        last = versions[-1].record
        if last.type == "decision" and not is_revoked(versions) and not versions[-1].held:
            yield from [last] if last.facts["kind"] == "CONFLICT_RESOLVED" else []


def _judged(words: tuple[Record, ...], decisions: Iterable[Record]) -> Rivalry:
    by_id = {word.record_id: word for word in words}
    about = [one for one in decisions if one.facts.get("in_favour_of") in by_id]
    latest = max(about, key=recording, default=None)
    if latest is None:
        return Rivalry(words)
    favoured = by_id[latest.facts["in_favour_of"]]
    seen = all(covers(latest, word) for word in words if says(word) != says(favoured))
    standings: dict[str, Standing] = {one.record_id: "OVERTAKEN" for one in about}
    standings[latest.record_id] = "IN_FORCE" if seen else "REOPENED"
    return Rivalry(words, latest if seen else None, favoured.record_id if seen else "", standings)


def _in_favour(versions: Versions, rivalry: Rivalry) -> Versions:
    """Return the document with the word found right as the last of the rivals."""
    if rivalry.settled is None:
        return versions
    right = next(entry for entry in versions if entry.record.record_id == rivalry.favoured)
    said = len(versions) - len(revocations(versions))
    return [*(entry for entry in versions[:said] if entry is not right), right, *versions[said:]]
