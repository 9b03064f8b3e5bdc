"""How a family's matters stand, for the portal, the hotline and the applicant's own code."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument
from consumers.family.progress import CaseProgress, progress_of, seen_fields
from consumers.printed_form.application_choice import choose_application
from consumers.read_model.case_reader import find_case
from exchange.desk.access_records import Access
from exchange.desk.asker import SHELL, Asker, NotAllowedError
from exchange.desk.desk import Desk
from exchange.desk.persons import AskedPerson
from exchange.domain.policy_files.family import Audience
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from verification.times import calendar_date

READ_PROGRESS: Final = "read_progress"


@dataclass(frozen=True, slots=True)
class ProgressRequest:
    """For whom the page is, and by which application.

    Attributes:
        audience: who reads it.
        application: its record id, or how that begins; empty for the latest in force.
        reason: why, in the asker's words.
    """

    audience: Audience
    application: str = ""
    reason: str = ""


def read_progress(
    desk: Desk, asker: Asker, person: AskedPerson, request: ProgressRequest
) -> CaseProgress | None:
    """Return how the matters stand, as that reader may know it; None if there is no such case.

    Raises:
        ExchangeError: the asker may not, there is no such application, the access could not be noted, or a
            part does not answer.
    """
    _require(desk, asker, person.case_id, request.audience)
    with desk.session() as session:
        document = find_case(session, desk.decode_case, person.case_id)
    if document is None:
        desk.note(_access(asker, request, person.case_id))
        return None
    _require(desk, asker, document["case_id"], request.audience)
    application = _chosen(desk, asker, document, request)
    city, day = desk.settings.city, calendar_date(datetime.now(UTC))
    view = progress_of(document, application, request.audience, city.family, city.policy, day)
    desk.note(_access(asker, request, document["case_id"], seen_fields(view)))
    return view


def _require(desk: Desk, asker: Asker, case_id: str, audience: Audience) -> None:
    desk.require(asker, READ_PROGRESS, {**asker.kept_within, "case": case_id})
    if asker.role not in {*audience.roles, SHELL}:
        raise NotAllowedError(said("audience_of_role", role=asker.role), said("who_may"))


def _chosen(
    desk: Desk, asker: Asker, document: CaseDocument, request: ProgressRequest
) -> ApplicationEntryDocument | None:
    """Return the application; asking for one that is not there also leaves an access record."""
    try:
        return choose_application(document, request.application)
    except ExchangeError:
        desk.note(_access(asker, request, document["case_id"]))
        raise


def _access(asker: Asker, request: ProgressRequest, case_id: str, fields: tuple[str, ...] = ()) -> Access:
    reason = ": ".join(filter(None, (request.audience.audience, request.reason.strip())))
    return Access(asker, READ_PROGRESS, "progress", (case_id,), fields=fields, reason=reason)
