"""What became of a form that was sent; whatever it is, nothing that was typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from exchange.desk.actions.changes import ConcernChange
from exchange.desk.actions.drawn import DrawnForm, FormSubject
from producers.receipts import REJECTED, Receipt
from verification.reasons import Reason

FormEnd = Literal["ANSWERED", "BEING_PROCESSED", "CHANGED", "UNFIT", "BUSY", "AWAY"]
"""ANSWERED: the record has its receipt, and its case shows it. BEING_PROCESSED: the log has the record, and
its effect is still to come. Of all others nothing has come. CHANGED: the case has changed in what concerns
the form. UNFIT: an answer cannot stand. BUSY: another form for this case is being processed. AWAY: a part
does not answer, and the log may have the record. Sent again, it is one record in any case."""
IN_THE_LOG: Final = frozenset({"ANSWERED", "BEING_PROCESSED"})


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """What became of a form.

    Attributes:
        typed: the answers, as they were given.
        receipt: of an ANSWERED form.
        reasons: why it is UNFIT, each with the name of the question.
        changes: of a CHANGED form, what and by whom.
        problem: of a form that found BUSY or AWAY, what to say.
    """

    end: FormEnd
    form: DrawnForm
    typed: Mapping[str, Any] = field(repr=False)
    receipt: Receipt | None = None
    reasons: tuple[Reason, ...] = ()
    changes: tuple[ConcernChange, ...] = ()
    problem: str = ""

    @property
    def is_in(self) -> bool:
        """Whether the log has the record, and the rules took it as far as is known."""
        return self.end in IN_THE_LOG and (self.receipt is None or self.receipt.status != REJECTED)

    @property
    def is_answered(self) -> bool:
        """Whether the case has the record: nothing is left to wait for, or to put right."""
        return self.end == "ANSWERED" and self.is_in

    def as_json(self) -> dict[str, object]:
        """As a program reads it: a receipt as of every record, and how the form ended."""
        status = REJECTED if self.end == "UNFIT" else ""
        receipt = self.receipt or Receipt(1, self.form.record_id, status, self.reasons, (), self.form.case_id)
        changes = [
            {"part": one.part, "by": one.by, "at": one.at and one.at.isoformat()} for one in self.changes
        ]
        row = receipt.as_json() | {"status": receipt.status or None, "end": self.end, "changes": changes}
        return row | {"form": form_row(self.form)}


def form_row(form: DrawnForm) -> dict[str, object]:
    """Return what a program keeps of a form, to send it, and to send it again as the same record."""
    return {
        "action": form.action,
        "case_id": form.case_id,
        "record_id": form.record_id,
        "recorded_at": form.recorded_at.isoformat(),
        "version": form.version,
        "subject": subject_row(form.subject),
    }


def subject_row(subject: FormSubject) -> dict[str, object]:
    """Return what a form is about, without what it is not about."""
    return {name: value for name, value in subject._asdict().items() if value is not None}


def drawn_row(form: DrawnForm, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a program fills in: the form, what it asks, and the answers that stand already."""
    questions = [
        {
            "name": one.name,
            "kind": one.kind,
            "choices": list(one.choices),
            "needed": one.needed,
            "sensitive": one.sensitive,
        }
        for one in form.questions
    ]
    return {"form": form_row(form), "questions": questions, "answers": dict(given)}
