"""What stands in a matter, where there is nothing to accept or to end: told to those who may act in it."""

from typing import Final

from avro_schemas.typed_documents import CaseDocument
from consumers.labels.words import department_words, for_people, local_time, matter_words, record_words
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.results import OUTCOMES, is_closed_by_record, matter_of
from exchange.domain.policy import Policy
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
_ACTIONS: Final = frozenset({"accept", "result"})
_STANDING: Final = frozenset({"ACCEPTED", *OUTCOMES})
_OUTCOMES: Final = LABELS.table("outcomes")


def what_stands(
    action: str, document: CaseDocument, subject: FormSubject, policy: Policy
) -> tuple[Words, ...]:
    """Return why an action has nothing to do in a matter; nothing where the case says no more of it."""
    matter = matter_of(document, subject)
    if action not in _ACTIONS or matter is None:
        return ()
    name = matter_words(matter["matter"], policy)
    if is_closed_by_record(matter["matter"], policy):
        records = (record_words(one, policy) for one in policy.by_number[matter["matter"]].done_by.record)
        return tuple(LABELS["closed_by_record"].filled(matter=name, record=one) for one in records)
    given = [one for one in matter["results"] if one["outcome"] in _STANDING]
    if not given:
        return ()
    last = max(given, key=lambda one: one["recorded_at"])
    by = department_words(for_people(last["handler"] or last["department"]), policy)
    outcome, at = _OUTCOMES[last["outcome"]], local_time(last["recorded_at"])
    return (LABELS["stands"].filled(matter=name, outcome=outcome, by=by, at=at),)
