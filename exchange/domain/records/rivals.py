"""Amendments of one document that bear one revision and one moment and say different things.

Which of them counts nothing tells but their ids, and those mean nothing. So none does until the source sends
a later revision, or a handler decides in favour of one of them (ADR 0029).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from exchange.domain.records.chains import Chain, is_revoked, last_words, revocations, says
from exchange.domain.values import Standing, covers, recording
from verification.records import Record

AMENDMENTS_DIFFER = "amendments_differ"


@dataclass(frozen=True, slots=True)
class Rivalry:
    """The rival last words of one document, and how they stand.

    Attributes:
        words: The rivals, two at least; some of them may say the same.
        settled: The decision that found one of them right; None while nobody counts.
        favoured: The record that it found right.
        standings: Record id of each decision about it → whether it still counts.
    """

    words: tuple[Record, ...]
    settled: Record | None = None
    favoured: str = ""
    standings: Mapping[str, Standing] = field(default_factory=dict)


def rivalries(chains: list[Chain]) -> tuple[list[Chain], tuple[Rivalry, ...]]:
    """Return the documents with what a handler found right as their last word, and all that is in rivalry.

    Of a document that was revoked afterwards, too: it was never clear what it had said.
    """
    corrected = (chain for chain in chains if len(chain) > 1)
    words = {id(chain): tuple(entry.record for entry in last_words(chain)) for chain in corrected}
    rivals = {one: found for one, found in words.items() if len(found) > 1 and _differ(found)}
    if not rivals:
        return chains, ()
    decisions = list(_rulings(chain for chain in chains if id(chain) not in rivals))
    judged = {one: _judged(found, decisions) for one, found in rivals.items()}
    ordered = [_in_favour(chain, judged[id(chain)]) if id(chain) in judged else chain for chain in chains]
    return ordered, tuple(judged.values())


def _differ(words: Iterable[Record]) -> bool:
    first, *others = (says(word) for word in words)
    return any(other != first for other in others)


def _rulings(chains: Iterable[Chain]) -> Iterator[Record]:
    for chain in chains:
        last = chain[-1].record
        if last.type == "decision" and not is_revoked(chain) and not chain[-1].held:
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


def _in_favour(chain: Chain, rivalry: Rivalry) -> Chain:
    """Return the document with the word found right as the last of the rivals."""
    if rivalry.settled is None:
        return chain
    right = next(entry for entry in chain if entry.record.record_id == rivalry.favoured)
    said = len(chain) - len(revocations(chain))
    return [*(entry for entry in chain[:said] if entry is not right), right, *chain[said:]]
