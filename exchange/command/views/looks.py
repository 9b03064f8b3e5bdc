"""Who looked at a case, as people read it."""

from collections.abc import Iterable
from typing import Final

from rich.table import Table

from consumers.family.looks import FamilyLook
from consumers.labels.access import ACTIONS, ROLES
from consumers.labels.words import day_words, for_people, local_time, words
from consumers.read_model.look_table import CaseLook
from exchange.command.views.sheet import Sheet
from topics.labels import Labels

LABELS: Final = Labels(__file__)
COLUMNS: Final = LABELS.table("columns")
IN_FULL: Final = LABELS["in_full"]
_FAMILY: Final = ("day", "who", "action")
_WHOLE: Final = ("day", "who", "action", "fields", "reason")


def looks_table(sheet: Sheet, looks: Iterable[CaseLook]) -> Table:
    """Return the looks in the order given; every time is Asia/Shanghai's."""
    table = sheet.table(LABELS["title"], [COLUMNS[name] for name in _WHOLE])
    for look in looks:
        who = (for_people(look.actor), *_who(sheet, look.role, look.department))
        action = [_action(sheet, look.purpose or look.command)]
        action += [sheet.say(IN_FULL)] if look.unmasked else []
        table.add_row(
            local_time(look.at),
            "\n".join(who),
            "\n".join(action),
            for_people(" ".join(look.fields)),
            for_people(look.reason or ""),
        )
    return table


def family_table(sheet: Sheet, looks: Iterable[FamilyLook]) -> Table:
    """Return what the family is told, in the order given."""
    table = sheet.table(LABELS["title"], [COLUMNS[name] for name in _FAMILY])
    for look in looks:
        who = "\n".join(_who(sheet, look.role, look.department))
        table.add_row(day_words(look.day, sheet.language), who, _action(sheet, look.action))
    return table


def _who(sheet: Sheet, role: str | None, department: str | None) -> tuple[str, ...]:
    known = (sheet.department(department),) if department else ()
    return (*known, sheet.say(words(ROLES, role))) if role else known


def _action(sheet: Sheet, name: str) -> str:
    return sheet.say(words(ACTIONS, name))
