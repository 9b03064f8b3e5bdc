"""The pages of 系统补录: which type, the form, and what became of it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from consumers.labels.words import for_people
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.console.pages.supplement.fields import InputGroup, RecordInput, TypedRecord, groups_of
from exchange.desk.supplement import BlankRecord, SupplementOutcome
from topics.labels import Labels
from verification.reasons import Reason
from verification.shapes import Field

LABELS: Final = Labels(__file__)
_OF_AMOUNTS: Final = frozenset({"not_an_integer", "integer_out_of_range", "money_negative"})
"""Reasons that speak of fen: nobody types those."""
STATUSES: Final = LABELS.table("statuses")


class InputFault(NamedTuple):
    """What is wrong in a form: where, if there is such a field, and what to do."""

    target: str
    told: str


def choose_page(frame: Frame, types: Sequence[str]) -> str:
    """Return the page on which a type is chosen."""
    return render("supplement/choose", frame, types=types)


def form_page(
    frame: Frame, blank: BlankRecord, fields: Sequence[Field], typed: TypedRecord, problem: str = ""
) -> str:
    """Return the form.

    Args:
        frame: what stands around it.
        blank: the record that is filled in.
        fields: what is asked.
        typed: what was typed before, and what is wrong with it.
        problem: why it could not be sent, in the reader's language; empty: nothing hindered it.
    """
    groups = groups_of(fields, typed, frame.policy)
    wrong = list(_wrong(groups, typed.reasons, frame))
    return render(
        "supplement/form",
        frame,
        blank=blank,
        groups=groups,
        wrong=wrong,
        problem=problem,
        rows=typed.rows,
        reason_text=reason_text,
    )


def sent_page(frame: Frame, blank: BlankRecord, outcome: SupplementOutcome) -> str:
    """Return the receipt of a record that was taken, or that is being processed."""
    receipt = outcome.receipt
    return render(
        "supplement/sent",
        frame,
        blank=blank,
        receipt=receipt,
        status=STATUSES[receipt.status if receipt else "PENDING"],
        case_id=(receipt.case_id or "") if receipt else "",
        reason_text=reason_text,
    )


def reason_text(one: Reason, frame: Frame, view: RecordInput | None = None) -> str:
    """Return a reason with its code, by which whoever is asked on the telephone finds it.

    It calls the field as its input is called, if there is one.
    """
    zh = frame.preferences.language == "zh"
    message = one.message_zh if zh else one.message_en
    if view is not None and view.control == "yuan" and one.code in _OF_AMOUNTS:
        message = frame.naming.say(LABELS["amount_wrong"].filled(name=view.name))
    elif view is not None:
        name = frame.naming.say(view.name)
        message = message.replace(f" {one.field}", name if zh else f" {name}").replace(one.field, name)
    return for_people(f"{message} [{one.code}]")


def _wrong(groups: Iterable[InputGroup], reasons: Iterable[Reason], frame: Frame) -> Iterator[InputFault]:
    """Yield what is wrong, each with the input that it is about."""
    views = {one.path: one for group in groups for view in group.fields for one in _all(view)}
    for one in reasons:
        view = views.get(one.field)
        yield InputFault(view.id if view else "", reason_text(one, frame, view))


def _all(view: RecordInput) -> Iterator[RecordInput]:
    yield view
    for one in view.fields:
        yield from _all(one)
