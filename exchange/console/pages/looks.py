"""Who looked at a case, at what, and why."""

from collections.abc import Sequence

from consumers.labels.access import ACTIONS, ROLES
from consumers.labels.words import field_words, words
from consumers.read_model.look_table import CaseLook
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render


def looks_page(frame: Frame, case_id: str, looks: Sequence[CaseLook]) -> str:
    """Return the page; the last look comes first."""
    return render(
        "looks",
        frame,
        case_id=case_id,
        looks=looks,
        action_words=lambda one: words(ACTIONS, one.purpose or one.command),
        role_words=lambda role: words(ROLES, role),
        field_names=lambda one: _field_names(one, frame),
    )


def _field_names(look: CaseLook, frame: Frame) -> list[str]:
    """Return what was shown, each name once, in the reader's language."""
    return list(dict.fromkeys(frame.naming.say(field_words(one, frame.policy)) for one in look.fields))
