"""A page for what did not go as wanted: calm, and with a next step."""

from collections.abc import Sequence
from typing import Final, Literal

from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from topics.labels import Labels

LABELS: Final = Labels(__file__)
ProblemKind = Literal[
    "not_allowed",
    "not_found",
    "too_many",
    "unfit",
    "away",
    "no_screen",
    "hasty",
    "nothing_to_do",
    "no_reason",
    "not_known_then",
]
KINDS: Final = LABELS.table("titles")


def problem_page(frame: Frame, kind: ProblemKind, told: Sequence[str] = (), onward: str = "") -> str:
    """Return the page.

    Args:
        frame: what stands around it.
        kind: what it is.
        told: what the desk says of it, in the reader's language.
        onward: where its button goes; the first page unless given.
    """
    return render("problem", frame, kind=kind, told=told, onward=onward or frame.addresses.page("/"))
