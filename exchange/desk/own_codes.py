"""Codes of an application that whoever takes applications is shown: given out and taken back, and noted."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from avro_schemas.typed_documents import CaseDocument
from exchange.desk.access_records import Access
from exchange.desk.actions.versions import versions_of
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import read_shown
from exchange.desk.persons import AskedPerson

if TYPE_CHECKING:  # whoever gives codes out has it opened
    from exchange.desk.applicant_codes import CodeDesk

APPLY: Final = "apply"


def make_code(
    desk: Desk, codes: "CodeDesk", asker: Asker, person: AskedPerson, application: str
) -> str | None:
    """Return a code for an application, beside any that it has; None: they are shown no such application.

    Raises:
        NotAllowedError: the asker takes no applications.
        ExchangeError: the access could not be noted, or a part does not answer.
    """
    document = _with_application(desk, asker, person, application)
    if document is None:
        return None
    return codes.create(application, document["case_id"], asker, datetime.now(UTC))


def revoke_codes(
    desk: Desk, codes: "CodeDesk", asker: Asker, person: AskedPerson, application: str
) -> int | None:
    """Take back all codes of an application; return how many worked until now. None, and raises: as above."""
    document = _with_application(desk, asker, person, application)
    if document is None:
        return None
    return codes.revoke([*versions_of(document, application)], asker, datetime.now(UTC))


def renewed_code(codes: "CodeDesk", asker: Asker, document: CaseDocument, application: str) -> str:
    """Return a code for an application in the place of all that it has; the caller has noted the access."""
    now = datetime.now(UTC)
    codes.revoke([*versions_of(document, application)], asker, now)
    return codes.create(application, document["case_id"], asker, now)


def _with_application(desk: Desk, asker: Asker, person: AskedPerson, application: str) -> CaseDocument | None:
    """Return the case, if the asker is shown it and it has the application, once it is noted."""
    desk.require(asker, APPLY, asker.kept_within)
    with desk.session() as session:
        shown = read_shown(desk, session, asker, person.case_id)
    case_id = person.case_id if shown is None else shown.case["case_id"]
    desk.note(Access(asker, APPLY, "codes", (case_id,)))
    known = () if shown is None else shown.case["applications"]
    return shown.case if shown and any(one["record_id"] == application for one in known) else None
