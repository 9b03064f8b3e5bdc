"""Who looked at a case, as its family is told: pure, from the access records and the policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from consumers.read_model.look_table import Look
from exchange.domain.policy_files.family import ToldLooks
from verification.times import calendar_date


@dataclass(frozen=True, slots=True)
class FamilyLook:
    """Somebody's looks of a day (Asia/Shanghai): neither who, why, at which fields, nor how often.

    Attributes:
        day: the day.
        role: as access.yaml calls it.
        department: whose handlers it was; None where it was no department's.
        action: what for, as access.yaml calls it.
    """

    day: date
    role: str
    department: str | None
    action: str


def family_looks(looks: Iterable[Look], policy: ToldLooks | None) -> tuple[FamilyLook, ...]:
    """Return what the family is told, in the order given; nothing where the policy names nothing to tell.

    Args:
        looks: at the case.
        policy: which of them; a look whose record does not say by which role it was is not told.
    """
    if policy is None:
        return ()
    told = (
        FamilyLook(calendar_date(one.at), one.role, one.department, one.purpose)
        for one in looks
        if one.role in policy.roles and one.purpose in policy.actions
    )
    return tuple(dict.fromkeys(told))
