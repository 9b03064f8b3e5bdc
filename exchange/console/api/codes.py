"""`/desk/v1/…/applications/{application}/codes`: the code on a 收件凭证, made and taken back."""

from dataclasses import dataclass
from uuid import UUID

from litestar import delete, post
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from exchange.console.api.case_address import CASE, OF_CASES, CaseId, found, of_id
from exchange.console.console import AskerHere, ConsoleHere
from exchange.desk import own_codes

CODES = f"{CASE}/applications/{{application:uuid}}/codes"


@dataclass
class CodeMade:
    """A code, which nobody can ever be told again: with it the applicant signs in."""

    code: str


@dataclass
class CodesRevoked:
    """How many codes worked until now."""

    revoked: int


@post(CODES, responses=OF_CASES, sync_to_thread=True, tags=["Codes"])
def make_code(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, application: FromPath[UUID]
) -> CodeMade:
    """Make a code for an application, beside any that it has."""
    return CodeMade(
        found(own_codes.make_code(console.desk, console.codes, asker, of_id(case_id), str(application)))
    )


@delete(CODES, status_code=HTTP_200_OK, responses=OF_CASES, sync_to_thread=True, tags=["Codes"])
def revoke_codes(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, application: FromPath[UUID]
) -> CodesRevoked:
    """Take back all codes of an application, as when a receipt was lost."""
    person = of_id(case_id)
    return CodesRevoked(
        found(own_codes.revoke_codes(console.desk, console.codes, asker, person, str(application)))
    )
