"""Looks that are no one case's: at the log, at what a department is told, at what was refused.

Each returns once it is noted; the view shows nothing before that.
"""

from collections.abc import Iterable
from typing import Final

from exchange.desk.access_records import Access
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import LOOK, UNMASK

REPLAY: Final = "replay"
FOLLOW: Final = "follow"
READ_QUARANTINE: Final = "read_quarantine"


def note_replay(desk: Desk, asker: Asker) -> None:
    """Note that somebody replays the log: case ids, and nothing else of anybody.

    Raises:
        ExchangeError: the asker may not, or it could not be noted.
    """
    desk.require(asker, REPLAY, asker.kept_within)
    desk.note(Access(asker, REPLAY, "replay"))


def note_following(desk: Desk, asker: Asker, department: str, reason: str, *, unmasked: bool) -> None:
    """Note that somebody follows what a department is told, with the fields that are granted to it.

    Raises:
        ExchangeError: as `note_replay`.
    """
    desk.require(asker, FOLLOW, {"department": department})
    fields = tuple(desk.policy.grants.get(department, ()))
    desk.note(Access(asker, FOLLOW, "follow", (), department, fields, unmasked=unmasked, reason=reason))


def note_quarantined(desk: Desk, asker: Asker, department: str, reason: str, *, unmasked: bool) -> None:
    """Note that somebody reads a record of a department's that was refused.

    Raises:
        ExchangeError: as `note_replay`.
    """
    desk.require(asker, READ_QUARANTINE, {**asker.kept_within, "department": department})
    why = reason.strip() or None
    desk.note(
        Access(asker, READ_QUARANTINE, "quarantine show", (), department, unmasked=unmasked, reason=why)
    )


def note_made_up(desk: Desk, asker: Asker, shown: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    """Note that somebody is shown the summary of made-up people, and these of them with their forms.

    Args:
        desk: where.
        asker: who.
        shown: case id and names of the fields that its form shows.

    Raises:
        ExchangeError: it could not be noted.
    """
    desk.note(Access(asker, LOOK, "demo"))
    for case_id, fields in shown:
        desk.note(
            Access(asker, UNMASK, "demo", (case_id,), fields=fields, unmasked=True, reason="made-up people")
        )
