"""`/desk/v1/cases/{case_id}/looks`: who looked at a case, and why; and what its family hears of it."""

from dataclasses import dataclass

from litestar import get

from consumers.family.looks import FamilyLook
from consumers.read_model.look_table import CaseLook
from exchange.console.api.case_address import CASE, OF_CASES, CaseId, found, of_id
from exchange.console.console import AskerHere, ConsoleHere
from exchange.desk import looks as desk_looks


@dataclass
class LooksShown:
    """Looks, the last first."""

    looks: list[CaseLook]


@dataclass
class FamilyLooksShown:
    """Looks as the family hears of them, the last first."""

    looks: list[FamilyLook]


@get(f"{CASE}/looks", responses=OF_CASES, sync_to_thread=True, tags=["Looks"])
def read_looks(console: ConsoleHere, asker: AskerHere, case_id: CaseId) -> LooksShown:
    """Return who looked at a case; to ask is a look as well."""
    return LooksShown(list(found(desk_looks.looks(console.desk, asker, of_id(case_id)))))


@get(f"{CASE}/looks/family", responses=OF_CASES, sync_to_thread=True, tags=["Looks"])
def read_family_looks(console: ConsoleHere, asker: AskerHere, case_id: CaseId) -> FamilyLooksShown:
    """Return what the family is told of it."""
    return FamilyLooksShown(list(found(desk_looks.looks_for_family(console.desk, asker, of_id(case_id)))))
