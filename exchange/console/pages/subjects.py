"""Choosing what a form is to be about, where several are meant."""

from exchange.console.pages.forms import subject_line
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import label, render
from exchange.desk.drawing import SubjectUnclearError


def subjects_page(frame: Frame, action: str, case_id: str, unclear: SubjectUnclearError) -> str:
    """Return the page: first what the case waits for, the rest folded away."""
    path = f"/cases/{case_id}/forms/{action}"
    ways = [
        (one in unclear.awaited, subject_line(frame, one, entry), frame.addresses.page(path, **one._asdict()))
        for one, entry in zip(unclear.subjects, unclear.entries, strict=True)
    ]
    return render(
        "subjects",
        frame,
        title=label(f"case.actions.{action}"),
        ways=[way for awaited, *way in ways if awaited],
        others=[way for awaited, *way in ways if not awaited],
        case_id=case_id,
        name=unclear.name,
    )
