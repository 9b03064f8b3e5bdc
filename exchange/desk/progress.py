"""How a family's matters stand, for the portal, the hotline and the applicant's own code."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument
from consumers.family.progress import CaseProgress, progress_of, seen_fields
from consumers.printed_form.application_choice import choose_application
from exchange.desk.access_records import Access
from exchange.desk.actions.versions import versions_of
from exchange.desk.asker import APPLICANT, SHELL, Asker, NotAllowedError, not_allowed
from exchange.desk.desk import Desk
from exchange.desk.look import read_by_code
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
        application: its record id, or how that begins; empty for an applicant's own, or the latest in force.
        reason: why, in the asker's words.
    """

    audience: Audience
    application: str = ""
    reason: str = ""


def read_progress(
    desk: Desk, asker: Asker, person: AskedPerson, request: ProgressRequest
) -> CaseProgress | None:
    """Return how the matters stand, as that reader may know it; None: there is none, or none for them.

    Raises:
        ExchangeError: the asker may not, there is no such application, the access could not be noted, or a
            part does not answer.
    """
    # Of the case as asked for: a code goes on opening it after its number was corrected, and it forwards.
    _require(desk, asker, person.case_id, request.audience)
    with desk.session() as session:
        shown = read_by_code(desk, session, asker, person.case_id)
    if shown is None:
        desk.note(_access(asker, request, person.case_id))
        return None
    document = shown.case
    application = _chosen(desk, asker, document, request)
    city, day = desk.settings.city, calendar_date(datetime.now(UTC))
    view = progress_of(document, application, request.audience, city.family, city.policy, day)
    desk.note(_access(asker, request, document["case_id"], seen_fields(view)))
    return view


def audience_of(desk: Desk, asker: Asker, name: str) -> Audience:
    """Return the audience of this name, as which somebody asks.

    Raises:
        NotAllowedError: their role does not, or the city knows no such audience.
    """
    found = desk.settings.city.family.audience(name)
    if found is None or asker.role not in {*found.roles, SHELL}:
        raise NotAllowedError(said("audience_of_role"), said("who_may"))
    return found


def _require(desk: Desk, asker: Asker, case_id: str, audience: Audience) -> None:
    desk.require(asker, READ_PROGRESS, {**asker.kept_within, "case": case_id})
    audience_of(desk, asker, audience.audience)


def _chosen(
    desk: Desk, asker: Asker, document: CaseDocument, request: ProgressRequest
) -> ApplicationEntryDocument | None:
    """Return the application; asking for one that is not there also leaves an access record."""
    try:
        if asker.role == APPLICANT:
            return _own(asker, document, request.application)
        return choose_application(document, request.application)
    except ExchangeError:
        desk.note(_access(asker, request, document["case_id"]))
        raise


def _own(asker: Asker, document: CaseDocument, wanted: str) -> ApplicationEntryDocument:
    """Return the application whose code the asker has, as last amended; of others not even ids are told."""
    for one in document["applications"]:
        versions = [*versions_of(document, one["record_id"])]
        if asker.application in versions and any(version.startswith(wanted) for version in versions):
            return one
    raise not_allowed(asker.role, READ_PROGRESS)


def _access(asker: Asker, request: ProgressRequest, case_id: str, fields: tuple[str, ...] = ()) -> Access:
    reason = ": ".join(filter(None, (request.audience.audience, request.reason.strip())))
    return Access(asker, READ_PROGRESS, "progress", (case_id,), fields=fields, reason=reason)
