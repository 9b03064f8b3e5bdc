"""What happens, as data: a step publishes one made-up record, or lets time pass."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

SOON: Final = timedelta(minutes=20)
"""Within the hour in which a newly issued document is a correction (`periods.yaml`)."""
LATER: Final = timedelta(hours=2)
"""After that hour, and before anybody is late with an acknowledgement."""

GivenRecord = tuple[str, Mapping[str, Any]]
"""Record type, and the record as a department hands it in."""
Roles = Mapping[str, GivenRecord]
"""What was published, by the name under which a step finds it again."""


@dataclass(frozen=True, slots=True)
class TransitionStep:
    """One thing that happens, a while after the previous one.

    Attributes:
        action: PASSED is time alone; DUE is as much time as brings the next word about a limit.
        role: The name under which the record is found again; what is revoked loses it.
        made_as: Which of the matter's records is issued.
        fields: What differs from that record; a function is asked for the value when the step is taken.
        after: How long after the previous step.
    """

    action: Literal["ISSUED", "AMENDED", "REVOKED", "PASSED", "DUE"]
    role: str = ""
    made_as: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    after: timedelta = LATER


Steps = tuple[TransitionStep, ...]


def issued(role: str, made_as: str = "", after: timedelta = LATER, **fields: Any) -> TransitionStep:
    """A new record."""
    return TransitionStep("ISSUED", role, made_as or role, fields, after)


def amended(role: str, made_as: str = "", **fields: Any) -> TransitionStep:
    """The record of this role, corrected; ``made_as`` names what it says now, if much of it differs."""
    return TransitionStep("AMENDED", role, made_as, fields)


def revoked(role: str) -> TransitionStep:
    """The record of this role, taken back."""
    return TransitionStep("REVOKED", role)


def passed(time: timedelta) -> TransitionStep:
    """Nothing but time."""
    return TransitionStep("PASSED", after=time)


def due() -> TransitionStep:
    """Nothing but time, until there is more to say about a limit."""
    return TransitionStep("DUE")


def decided(role: str, kind: str, **fields: Any) -> TransitionStep:
    """A handler's decision, found again under this role."""
    return issued(role, "decision", kind=kind, **fields)


def decided_on(kind: str, about: str) -> TransitionStep:
    """A handler's decision about the record of a role, found again as the ruling."""
    return decided("ruling", kind, matter=None, in_favour_of=id_of(about))


def decided_for(about: str) -> TransitionStep:
    """A conflict resolved in favour of the record of a role."""
    return decided_on("CONFLICT_RESOLVED", about)


def signed(role: str) -> TransitionStep:
    """A department acknowledges what it was told."""
    return issued("receipt", "acknowledgement", announcement_id=id_of(role), department=department_of(role))


def id_of(role: str) -> Callable[[Roles], str]:
    """The id that the record of a role has by then."""
    return lambda roles: str(roles[role][1]["record_id"])


def department_of(role: str) -> Callable[[Roles], str]:
    """The department whose word the record of a role is."""
    return lambda roles: str(roles[role][1]["department"])
