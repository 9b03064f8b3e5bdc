"""A form and what became of it, in lines for people."""

from collections.abc import Iterator
from typing import Any, Final

from consumers.labels.words import department_words, for_people, local_time, words
from exchange.command.views.sheet import Sheet
from exchange.desk.actions.applications import ORIGINALS
from exchange.desk.actions.changes import ConcernChange
from exchange.desk.actions.drawn import DrawnForm, FormQuestion, FormSubject
from exchange.desk.actions.table import FORMS
from exchange.desk.actions.words import (
    PARTS,
    choice_words,
    field_words,
    question_words,
    reason_words,
    subject_words,
)
from exchange.desk.publishing.outcome import FormOutcome
from topics.labels import Labels
from verification.reasons import Reason

LABELS: Final = Labels(__file__)
WHICH: Final = LABELS["which"]
AGAIN: Final = LABELS["again"]
CASE: Final = LABELS["case"]
_IN_CASE: Final = LABELS["in_case"]
_ANNOUNCEMENT: Final = LABELS["announcement"]
_BEING_PROCESSED: Final = LABELS["being_processed"]
_NOT_IN: Final = LABELS["not_in"]
_CHANGED: Final = LABELS["changed"]
_CHANGE_BY: Final = LABELS["change_by"]
_NEEDED: Final = LABELS["needed"]
_NOT_NEEDED: Final = LABELS["not_needed"]
_UNFIT: Final = LABELS["unfit"]
_TYPED_AS: Final = {
    "fen": LABELS["yuan"],
    "several": LABELS["several"],
    "texts": LABELS["several"],
    "yes_no": LABELS["yes_no"],
}
_NUMBERED: Final = frozenset({"matter", "matters", "materials", ORIGINALS})


class FormSheet(Sheet):
    """Tells forms in one language, and what matters most in both."""

    def question(self, record_type: str, asked: FormQuestion, *, needed: bool) -> str:
        """Return what is asked, how it is typed, and whether it can be left out."""
        how = [self.say(_TYPED_AS[asked.kind])] if asked.kind in _TYPED_AS else []
        how.append(self.say(_NEEDED if needed else _NOT_NEEDED))
        return f"{self.both(question_words(record_type, asked.name, self.policy))} ({self.listed(how)})"

    def choice(self, asked: FormQuestion, value: str) -> str:
        """Return one choice: a record by what it is, a code by its words."""
        if entry := asked.entries.get(value):
            about = [*map(str, entry.matters), *map(for_people, entry.shown.values())]
            parts = (
                self.record(entry.type, entry.department),
                local_time(entry.recorded_at),
                self.listed(about),
                value,
            )
            return " ".join(filter(None, parts))
        told = self.say(choice_words(asked, value, self.policy))
        return f"{value} {told}" if asked.name in _NUMBERED else told

    def subject(self, one: FormSubject) -> str:
        """Return what a form may be about."""
        parts = ((name, value) for name, value in one._asdict().items() if value is not None)
        return self.joined(f"{name} {self.subject_part(name, value)}" for name, value in parts)

    def subject_part(self, name: str, value: Any) -> str:
        """Return one part of what a form may be about; none of it means all there are."""
        told = self.say(subject_words(name, value, self.policy))
        return f"{value} {told}" if name == "matter" and value is not None else told

    def outcome(self, outcome: FormOutcome) -> Iterator[str]:
        """Yield what became of a form, and all that there is to put right or to know."""
        if outcome.receipt is not None:
            told = outcome.receipt
            yield self.both(
                _IN_CASE.filled(status=told.status, record_id=told.record_id, case_id=told.case_id)
            )
            if told_of := outcome.form.subject.announcement:
                yield self.both(_ANNOUNCEMENT.filled(announcement_id=told_of))
            yield from self.reasons(outcome.form, *told.reasons, *told.warnings)
        elif outcome.end == "BEING_PROCESSED":
            yield self.both(_BEING_PROCESSED.filled(record_id=outcome.form.record_id))
        elif outcome.end == "CHANGED":
            yield self.both(_CHANGED)
            yield from map(self._change, outcome.changes)
        elif outcome.end == "UNFIT":
            yield self.both(_UNFIT)
            yield from self.reasons(outcome.form, *outcome.reasons)
        if outcome.problem:
            yield outcome.problem
        if not outcome.is_in and outcome.receipt is None:
            yield self.both(_NOT_IN)

    def reasons(self, form: DrawnForm, *reasons: Reason) -> Iterator[str]:
        """Yield each reason, with what its field is called."""
        record_type = FORMS[form.action].becomes(form.subject)
        for one in reasons:
            name = field_words(record_type, one.field, self.policy)
            yield f"  {one.code} {self.both(name)}".rstrip() if one.field else f"  {one.code}"
            told = reason_words(one, record_type, self.policy)
            yield f"  {told.zh}"
            yield f"  {told.en}"

    def _change(self, change: ConcernChange) -> str:
        part = words(PARTS, change.part)
        if change.by is None or change.at is None:
            return f"  {self.both(part)}"
        by = department_words(for_people(change.by), self.policy)
        return f"  {self.both(_CHANGE_BY.filled(part=part, by=by, at=local_time(change.at)))}"
