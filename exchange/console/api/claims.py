"""`/desk/v1/cases/{case_id}/…`: who has a matter in hand."""

from dataclasses import dataclass
from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta

from consumers.read_model.assignments import Assignment
from exchange.console.api.case_address import CASE, OF_CASES, CaseId, of_id
from exchange.console.console import AskerHere, ConsoleHere
from exchange.desk import claims
from exchange.desk.claims import CaseMatter


@dataclass
class MatterNamed:
    """A matter of a case, as queues list it."""

    matter: int
    instance: str | None = None


@dataclass
class MatterAssigned:
    """A matter of a case, and the account that is to have it."""

    matter: int
    to: Annotated[str, Meta(min_length=1, max_length=200)]
    instance: str | None = None


@dataclass
class MatterReleased:
    """Whether it was in the asker's hands."""

    released: bool


@post(f"{CASE}/claim", status_code=HTTP_200_OK, responses=OF_CASES, sync_to_thread=True, tags=["In hand"])
def claim(console: ConsoleHere, asker: AskerHere, case_id: CaseId, data: JSONBody[MatterNamed]) -> Assignment:
    """Take a matter in hand unless somebody has it; who has it now is answered."""
    return claims.claim(console.desk, asker, _matter(case_id, data))


@post(f"{CASE}/release", status_code=HTTP_200_OK, responses=OF_CASES, sync_to_thread=True, tags=["In hand"])
def release(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, data: JSONBody[MatterNamed]
) -> MatterReleased:
    """Put back what I have in hand."""
    return MatterReleased(claims.release(console.desk, asker, _matter(case_id, data)))


@post(f"{CASE}/assign", status_code=HTTP_200_OK, responses=OF_CASES, sync_to_thread=True, tags=["In hand"])
def assign(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, data: JSONBody[MatterAssigned]
) -> Assignment:
    """Give a matter to somebody, whoever had it before."""
    return claims.assign(console.desk, console.sign_in.find_account, asker, _matter(case_id, data), data.to)


def _matter(case_id: str, named: MatterNamed | MatterAssigned) -> CaseMatter:
    return CaseMatter(of_id(case_id).case_id, named.matter, named.instance)
