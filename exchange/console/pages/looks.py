"""Who looked at a case, at what, and why; numbers shown in full stand out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consumers.labels.access import ACTIONS, ROLES
from consumers.labels.words import field_words, words
from consumers.read_model.look_table import CaseLook
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from topics.labels import Labels

LABELS: Final = Labels(__file__)
SYSTEMS: Final = LABELS.table("systems")
IN_FULL: Final = "full"


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Which looks somebody wants to see, as the address has it; empty: all."""

    department: str = ""
    system: str = ""
    numbers: str = ""

    def takes(self, one: CaseLook) -> bool:
        """Say whether a look is among them."""
        return (
            self.department in {"", one.department}
            and self.system in {"", one.system}
            and (self.numbers != IN_FULL or one.unmasked)
        )


def looks_page(frame: Frame, case_id: str, looks: Sequence[CaseLook], asked: LookFilter | None = None) -> str:
    """Return the page; the last look comes first, and the counts are of all of them."""
    asked = asked or LookFilter()
    return render(
        "looks",
        frame,
        case_id=case_id,
        looks=[one for one in looks if asked.takes(one)],
        total=len(looks),
        in_full=sum(one.unmasked for one in looks),
        asked=asked,
        departments=sorted({one.department for one in looks if one.department}),
        systems=SYSTEMS,
        action_words=lambda one: words(ACTIONS, one.purpose or one.command),
        role_words=lambda role: words(ROLES, role),
        field_names=lambda one: _field_names(one, frame),
    )


def _field_names(look: CaseLook, frame: Frame) -> list[str]:
    """Return what was shown, each name once, in the reader's language."""
    return list(dict.fromkeys(frame.naming.say(field_words(one, frame.policy)) for one in look.fields))
