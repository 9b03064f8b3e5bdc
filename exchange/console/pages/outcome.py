"""What became of a form that was sent, and what to do next."""

from collections.abc import Mapping
from typing import Final

from exchange.console.pages.forms import Posted, change_line, subject_line
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import label, render
from exchange.desk.actions.drawn import DrawnForm
from exchange.desk.actions.table import FORMS
from exchange.desk.actions.words import reason_words
from exchange.desk.publishing.outcome import FormOutcome
from producers.receipts import REJECTED
from topics.labels import Words

STATUSES: Final = {"UNFIT": 409, "CHANGED": 409, "BUSY": 409, "AWAY": 503, "BEING_PROCESSED": 202}
"""How a form ended → the status of the page that says so; else 200."""
_ENDS: Final[Mapping[str, str]] = {"UNFIT": "CHANGED"}
"""What could be put right, had the case not changed meanwhile so that there is nothing to do."""

_NEXT: Final[Mapping[str, str]] = {"accept": "result"}
"""Action → what the same hand does next of the same matter."""


def outcome_page(frame: Frame, outcome: FormOutcome, posted: Posted) -> str:
    """Return the page of what became of a form."""
    rejected = outcome.receipt is not None and outcome.receipt.status == REJECTED
    reasons = (*outcome.receipt.reasons, *outcome.receipt.warnings) if outcome.receipt else outcome.reasons
    record_type = FORMS[outcome.form.action].becomes(outcome.form.subject)
    again = outcome.end in {"BUSY", "AWAY"}
    following = _NEXT.get(outcome.form.action, "") if outcome.is_answered else ""
    return render(
        "outcome",
        frame,
        kind="REJECTED" if rejected else _ENDS.get(outcome.end, outcome.end),
        title=label(f"case.actions.{outcome.form.action}"),
        subject=subject_line(frame, outcome.form.subject),
        case_id=outcome.form.case_id,
        onward=outcome.is_answered,
        following=_way(frame, following, outcome.form) if frame.may(following) else None,
        matter=outcome.form.subject.matter,
        reasons=[frame.naming.say(reason_words(one, record_type, frame.policy)) for one in reasons],
        changes=[change_line(frame, one) for one in outcome.changes],
        kept=[(name, value) for name, values in posted.items() for value in values] if again else [],
    )


def _way(frame: Frame, action: str, form: DrawnForm) -> tuple[Words, str]:
    """Return what to do next about the same, and where."""
    path = f"/cases/{form.case_id}/forms/{action}"
    return label(f"case.actions.{action}"), frame.addresses.page(path, **form.subject._asdict())
