"""`/desk/v1/…/applications/{application}/codes`: the code on a 收件凭证, made and taken back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from litestar import delete, post
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from exchange.console.api.case_address import CASE, OF_CASES, CaseId, of_id
from exchange.console.console import AskerHere, ConsoleHere

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
    case, now = of_id(case_id).case_id, datetime.now(UTC)
    return CodeMade(console.codes.create(str(application), case, asker.kept_within, asker, now))


@delete(CODES, status_code=HTTP_200_OK, responses=OF_CASES, sync_to_thread=True, tags=["Codes"])
def revoke_codes(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, application: FromPath[UUID]
) -> CodesRevoked:
    """Take back all codes of an application, as when a receipt was lost."""
    of_id(case_id)
    now = datetime.now(UTC)
    return CodesRevoked(console.codes.revoke(str(application), asker.kept_within, asker, now))
