"""A page for what did not go as wanted: calm, and with a next step."""

from collections.abc import Sequence
from typing import Final, Literal

from consumers.labels.access import ROLES
from consumers.labels.words import words
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.desk.asker import SHELL
from exchange.domain.policy_files.access import AccessTable
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
ACTIONS: Final = LABELS.table("actions")
"""What each action of the access table is called where somebody may not do it."""
KINDS: Final = LABELS.table("titles")


def refused_lines(frame: Frame, action: str, table: AccessTable) -> tuple[str, ...]:
    """Return in plain words what somebody may not do, and who may.

    Args:
        frame: of the page; it knows the visitor's role.
        action: as the table calls it.
        table: who may what.
    """
    naming = frame.naming
    what = naming.say(words(ACTIONS, action))
    why = LABELS["elsewhere" if frame.may(action) else "not_yours"]
    others = (
        naming.say(words(ROLES, role))
        for role, entry in table.roles.items()
        if action in entry.may and role != SHELL
    )
    return (
        naming.say(why.filled(role=naming.say(frame.role), action=what)),
        naming.say(LABELS["who_may"].filled(roles=naming.listed(others))),
    )


def problem_page(frame: Frame, kind: ProblemKind, told: Sequence[str] = (), onward: str = "") -> str:
    """Return the page.

    Args:
        frame: what stands around it.
        kind: what it is.
        told: what the desk says of it, in the reader's language.
        onward: where its button goes; the first page unless given.
    """
    return render("problem", frame, kind=kind, told=told, onward=onward or frame.addresses.page("/"))
