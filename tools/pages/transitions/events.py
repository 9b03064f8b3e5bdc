"""What may happen to a matter at any point of its life, as data."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tools.pages.transitions.records import ANOTHER_DAY, DIED, NUMBER, OTHER_NUMBER
from tools.pages.transitions.steps import (
    SOON,
    Steps,
    amended,
    decided,
    decided_for,
    decided_on,
    due,
    issued,
    passed,
    revoked,
    signed,
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens.

    Attributes:
        steps: What happens; the cell tells what comes of all of them together.
        upon: What happens before it.
        unless: If the record of this role is there already, the event does not count.
    """

    name: str
    steps: Steps
    upon: "Event | None" = None
    unless: str = ""

    @property
    def key(self) -> str:
        """What tells this event from every other."""
        return f"{self.upon.key} … {self.name}" if self.upon else self.name


_REVOKED = Event("certificate revoked", (revoked("proof"),))
_POLICE = Event("abnormal death certified, too", (issued("second", "police_proof"),))
_MOVED = Event("certificate moved to another number", (amended("proof", id_number=OTHER_NUMBER),))
_CONTRADICTED = Event("proof of another date of death", (issued("contradiction"),))
_RULED = Event("decided for the certificate", (decided_for("proof"),), upon=_CONTRADICTED)
_DROPPED = Event("data amended: applies no longer", (amended("deciding", "otherwise"),))
_LOST = Event("data revoked", (revoked("deciding"),))
_PAID = Event("later data: paid out, stopped", (issued("state", "otherwise"),))
_HELD = Event("held by a handler", (decided("hold", "MATTER_HELD"),))
_FOUND = Event("found not applicable", (decided("finding", "MATTER_NOT_APPLICABLE"),))
_NAMED = Event("another name under the number", (issued("stranger"),))

_DEATH = (
    Event("certificate issued", (issued("proof"),), unless="proof"),
    Event("certificate amended: another cause", (amended("proof", death_cause="肺炎"),)),
    Event("certificate amended: another date", (amended("proof", death_time=ANOTHER_DAY),)),
    _REVOKED,
    Event("acknowledged by the department", (signed("withdrawal"),), upon=_REVOKED),
    Event("acknowledged by nobody in time", (passed(timedelta(days=2)),), upon=_REVOKED),
    Event("issued anew, not within the hour", (issued("proof"),), upon=_REVOKED),
    Event(
        "certificate revoked and issued anew within the hour",
        (revoked("proof"), issued("proof", after=SOON)),
    ),
    _POLICE,
    Event("certificate revoked", (revoked("proof"),), upon=_POLICE),
    _MOVED,
    Event("and back", (amended("proof", id_number=NUMBER),), upon=_MOVED),
)
_CONFLICT = (
    _CONTRADICTED,
    _RULED,
    Event("that decision revoked", (revoked("ruling"),), upon=_RULED),
    Event("decided for the other proof", (decided_for("contradiction"),), upon=_CONTRADICTED),
    Event("other proof corrected", (amended("contradiction", death_time=DIED),), upon=_CONTRADICTED),
)
_DATA = (
    Event("data comes", (issued("deciding"),), unless="deciding"),
    _DROPPED,
    Event("amended back", (amended("deciding", "deciding"),), upon=_DROPPED),
    _LOST,
    Event("issued anew, not within the hour", (issued("deciding"),), upon=_LOST),
    Event(
        "data revoked and issued anew within the hour",
        (revoked("deciding"), issued("deciding", after=SOON)),
    ),
    _PAID,
    Event("certificate revoked", (revoked("proof"),), upon=_PAID),
    Event("proof of another date of death", (issued("contradiction"),), upon=_PAID),
    Event("heirs' deed comes", (issued("deed"),), unless="deed"),
    Event("heirs' deed revoked", (revoked("deed"),)),
)
_WORK = (
    Event("applied for", (issued("application"),)),
    Event("application amended: without it", (amended("application", "without_it"),)),
    Event("application withdrawn", (revoked("application"),)),
    Event("accepted", (issued("result", "accepted"),)),
    Event("rejected", (issued("result", "rejected"),)),
    Event("completed", (issued("result", "done"),)),
    Event("the last of these three revoked", (revoked("result"),)),
)
_SOON = Event("limit: last working day but one comes", (due(),))
_OVER = Event("limit over", (due(),), upon=_SOON)
_TIME = (
    _SOON,
    _OVER,
    Event("completed all the same", (issued("result", "done"),), upon=_OVER),
)
_HANDLERS = (
    _HELD,
    Event("released", (decided("release", "MATTER_RELEASED"),), upon=_HELD),
    Event("that decision revoked", (revoked("hold"),), upon=_HELD),
    Event("that decision amended: another matter", (amended("hold", "elsewhere"),), upon=_HELD),
    _FOUND,
    Event("that decision revoked", (revoked("finding"),), upon=_FOUND),
    Event(
        "that decision revoked, then the certificate",
        (revoked("finding"), revoked("proof")),
        upon=_FOUND,
    ),
    Event("completed after all", (issued("result", "done"),), upon=_FOUND),
)
_IDENTITY = (
    _NAMED,
    Event("the stranger unlinked", (decided_on("PERSON_UNLINKED", "stranger"),), upon=_NAMED),
    Event("the certificate linked", (decided_on("PERSON_LINKED", "proof"),), upon=_NAMED),
)
EVENTS: Final = (*_DEATH, *_CONFLICT, *_DATA, *_WORK, *_TIME, *_HANDLERS, *_IDENTITY)
"""In the order of the rows: an event that comes upon another follows it."""
