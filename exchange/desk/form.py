"""The application form of annex 1, filled in as far as a case allows; it carries numbers in full."""

from dataclasses import dataclass

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument
from consumers.printed_form.application_choice import choose_application
from consumers.printed_form.filled import FilledForm, fill
from consumers.read_model.rows import application_fields, shown_fields
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.desk import Desk
from exchange.desk.look import LookRequest, access_of, read_shown, require_look
from exchange.desk.persons import AskedPerson
from exchange.domain.case_disclosure import recipient_of
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said


@dataclass(frozen=True, slots=True)
class CaseForm:
    """A case's form, and for which application it is filled in; None if nobody has applied."""

    filled: FilledForm
    application: str | None


def fill_form(
    desk: Desk, asker: Asker, person: AskedPerson, application: str, reason: str
) -> CaseForm | None:
    """Return the form of one application; None if there is no such case.

    Args:
        desk: where.
        asker: who asks.
        person: about whom.
        application: its record id, or how that begins; empty for the latest in force.
        reason: why, in the asker's words.

    Raises:
        ExchangeError: the asker may not, there is no such application, the access could not be noted, or a
            part does not answer.
    """
    request = LookRequest(unmask=True, reason=reason, command="form")
    require_whole(desk, asker, request)
    with desk.session() as session:
        shown = read_shown(desk, session, asker, person.case_id)
    if shown is None:
        desk.note(access_of(asker, request, (person.case_id,)))
        return None
    document = shown.case
    chosen = chosen_application(desk, asker, request, document, application)
    desk.note(access_of(asker, request, (document["case_id"],), _fields(document, chosen)))
    filled = fill(document, chosen, desk.settings.city.layout, desk.policy)
    return CaseForm(filled, chosen and chosen["record_id"])


def require_whole(desk: Desk, asker: Asker, request: LookRequest) -> None:
    """Return if somebody may see a whole case, and not a department's part alone.

    Raises:
        NotAllowedError: they may not.
    """
    require_look(desk, asker, request)
    if recipient_of(asker.kept_within, desk.policy) is not None:
        whole = said("notice_whole") if request.command == "notice" else said("form_whole")
        raise NotAllowedError(whole, said("who_may"))


def chosen_application(
    desk: Desk, asker: Asker, request: LookRequest, document: CaseDocument, wanted: str
) -> ApplicationEntryDocument | None:
    """Return the application; asking for one that is not there also leaves an access record."""
    try:
        return choose_application(document, wanted)
    except ExchangeError:
        desk.note(access_of(asker, request, (document["case_id"],)))
        raise


def _fields(document: CaseDocument, application: ApplicationEntryDocument | None) -> tuple[str, ...]:
    return (*shown_fields(document), *(application_fields(application) if application else ()))
