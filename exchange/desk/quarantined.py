"""What was refused, and closing it with a reason; handing it to the join again is the command line's."""

from dataclasses import dataclass
from typing import Final

from consumers.quarantine.actions import Action, note_actions
from consumers.quarantine.reader import EntryFilter, QuarantineCount, QuarantineReader, QuarantineRow
from consumers.quarantine.states import STANDS_OPEN
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.other_looks import READ_QUARANTINE
from exchange.runtime.waiting import wait_until

DISCARD: Final = "discard"
MOST_ENTRIES: Final = 100
_ANSWERS_WITHIN_S: Final = 30.0
_LOOK_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class QuarantineSight:
    """Entries, the oldest first; how many there are, and of which department and reason."""

    entries: tuple[QuarantineRow, ...]
    total: int
    counts: tuple[QuarantineCount, ...]


def quarantined(desk: Desk, asker: Asker, wanted: EntryFilter) -> QuarantineSight:
    """Return what is in quarantine, at most `MOST_ENTRIES` of it; nothing of it is personal data.

    Raises:
        ExchangeError: the asker may not, or a part does not answer.
    """
    desk.require(asker, READ_QUARANTINE, asker.kept_within)
    reader = QuarantineReader(desk.settings)
    entries = reader.find(wanted, MOST_ENTRIES)
    return QuarantineSight(tuple(entries), reader.total(wanted), tuple(reader.summary(wanted)))


def discard(desk: Desk, asker: Asker, entry_id: str, reason: str) -> bool:
    """Close an entry that needs nothing more; say whether there was one that was open.

    Raises:
        ExchangeError: the asker may not, a part does not answer, or it could not be noted.
    """
    desk.require(asker, DISCARD, asker.kept_within)
    reader = QuarantineReader(desk.settings)

    def is_open() -> bool:
        return any(one["state"] in STANDS_OPEN for one in reader.get([entry_id]))

    if not is_open():
        return False
    note_actions(desk.settings, [Action(entry_id, "DISCARDED", asker.name, reason)])
    wait_until(lambda: not is_open(), _ANSWERS_WITHIN_S, _LOOK_S)
    return True
