"""Every choice that the pages leave open, in one place, each as a function of its own.

The numbers are those of the questions in the report that came with the model. Where the reading of the
engine was as plain as any other, it was taken.
"""

import json
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any

from tests.reference.pages import Entry, Pages
from verification import characters
from verification.identity import identify
from verification.names.keys import name_key
from verification.records import Record
from verification.times import EventTime, is_after, read_event_time, read_instant

Age = tuple[int, str]


def by_time(record: Record) -> tuple[str, str]:
    """The order among equals: when the source recorded it, then the id."""
    return record.recorded_at, record.record_id


def revision_after(before: int | None, stated: int) -> int:
    """1. What orders a correction: one up at least from what it corrects, which counts 1 until it comes."""
    return max(stated, (before or 1) + 1)


def age_of(record: Record) -> Age:
    """2. How late a correction is, compared with what was sent to another case of the same document."""
    return max(record.revision, 2 if record.supersedes else 1), record.recorded_at


def correction_takes(correction: Age, corrected: Iterable[Record]) -> bool:
    """2. Whether a correction under another number takes along what it corrects: not if that went on."""
    return all(correction > age_of(record) for record in corrected)


def leaves_torn(correction: Age, corrected: Iterable[Record], numbers: Collection[str]) -> bool:
    """17. Whether nobody knows whose a document is: of one age are several numbers, its own among them."""
    ages = [age_of(record) for record in corrected]
    return all(correction >= age for age in ages) and (len(numbers) > 1 or correction in ages)


def saying(record: Record) -> Hashable:
    """18. What a record says, whatever its id and its revision are and whether it is history."""
    issuer = (record.issuer_name, record.issuer_uscc, record.certificate_no, record.county)
    said = json.dumps(_as_seen([*issuer, record.facts]), sort_keys=True)
    return record.id_number, name_key(record.name), said


def _as_seen(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_seen(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_seen(inner) for inner in value]
    return spelled(value) if isinstance(value, str) else value


def has_seen(ruling: Record, record: Record) -> bool:
    """Whether a handler knew of a record: as the decision says, else of all that was recorded by then."""
    overrules = ruling.facts.get("overrules")
    return (
        record.record_id in overrules if overrules is not None else record.recorded_at <= ruling.recorded_at
    )


def takes_part_in_names(lent_by_handler: bool) -> bool:
    """3. Whether the name on a document is looked at: what a handler linked from elsewhere bears any name."""
    return not lent_by_handler


def is_damaged(name: str) -> bool:
    """14. Whether a name says by itself that it is not whole: in these histories it then has a gap."""
    return "?" in name


def codes_of_unlinked(own: frozenset[str]) -> frozenset[str]:
    """4. Why a record is held that a handler put aside: for that alone, whatever else is wrong with it."""
    return frozenset({"unlinked"})


def keeps_from_forwarding(held: bool, filed_here: bool) -> bool:
    """5. Whether a live record keeps its case from forwarding: held ones do, and so do lent ones."""
    return True


def kind_of_number(key: str) -> str | None:
    """6. What kind of number a case has; None for somebody without one, about whom nothing is known yet."""
    return None if key.startswith("provisional:") else identify(key).kind


def best_proof(records: Iterable[Record], order: Sequence[str]) -> Record | None:
    """7. The one of several records that proves: news before history, then by type, then by time."""

    def rank(record: Record) -> tuple[bool, int, tuple[str, str]]:
        return record.backfill, order.index(record.type), by_time(record)

    return min(records, key=rank, default=None)


def time_of_death(proof: Record) -> EventTime:
    """When the person died, as the proof has it."""
    return read_event_time(proof.facts.get("death_time") or proof.facts.get("declared_death_date"))


def as_at_death(states: Sequence[Record], proof: Record | None, since: Mapping[str, str]) -> Record:
    """8. Of the states of one account, the last recorded by the death; if there is none, the first after it.

    What was corrected counts from when it was first recorded. Without a death, the last.
    """
    if proof is None:
        return max(states, key=by_time)
    in_order = sorted(states, key=lambda state: (since[state.record_id], state.record_id))
    died = time_of_death(proof)
    by_then = [state for state in in_order if not is_after(_recorded(since[state.record_id]), died)]
    return by_then[-1] if by_then else in_order[0]


def results_count(matter: Entry) -> bool:
    """9. Whether a department's results move a matter; what a record completes, only that record moves."""
    return "result" in matter["done_by"]


def results_stand(missing: Collection[str]) -> bool:
    """10. Whether what a department did counts though a prerequisite never came: unless it is the death."""
    return "death" not in missing


def done_in_vain(finished: bool, death_believed: bool) -> bool:
    """11. Whether what was completed is to be recovered because the matter never applied."""
    return finished and death_believed


def would_come_back(fallen: Record, live: Iterable[Record], pages: Pages) -> bool:
    """12. Whether a record would count had it not fallen: no decision, and nothing with a successor."""
    if pages.facts[fallen.type]["fact_rule"] == "each":
        return fallen.type != "decision"
    return all(fact_of(one, pages) != fact_of(fallen, pages) for one in live if one.type == fallen.type)


def banks_in_result(record: Record) -> list[str]:
    """13. The names of the bank whose deposits a result is about: as stated, else as those of its issuer."""
    stated = record.facts.get("instance")
    names = [stated] if stated else [record.issuer_name, record.issuer_uscc]
    return [name for name in names if name]


def says_how_it_is_now(path: str) -> bool:
    """14. Whether a value stands only until a later state of its account comes: the time of a state does."""
    return path.endswith(".recorded_at")


def is_concerned(disputed: bool) -> bool:
    """15. Whether a decision is about a rule by which nothing is disputed: not, nor overtaken in it."""
    return disputed


def fact_of(record: Record, pages: Pages) -> tuple[object, ...]:
    """What a record speaks of; a result about deposits speaks of one bank, however it names it."""
    parts = [record.facts.get(name) for name in pages.facts[record.type]["fact_key"]]
    if record.type == "result" and record.facts["matter"] == 10:
        parts = [10, *banks_in_result(record)]
    return record.type, *(spelled(part) if isinstance(part, str) else part for part in parts)


def spelled(name: str) -> str:
    """16. What is compared of a number or a bank's name: all but blanks and what has no shape."""
    return "".join(character for character in name if not characters.is_blank(character))


def _recorded(at: str) -> EventTime:
    return read_event_time(read_instant(at))
