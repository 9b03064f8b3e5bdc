"""The notice of all that an applicant has to put right (一次性告知书), made of a case."""

from datetime import UTC, datetime

from consumers.printed_form.notice import CorrectionNotice, notice_of
from exchange.desk.asker import Asker
from exchange.desk.case_document import NoSuchCaseError
from exchange.desk.desk import Desk
from exchange.desk.form import chosen_application, require_whole
from exchange.desk.look import LookRequest, access_of, read_shown
from exchange.desk.persons import AskedPerson
from exchange.runtime.sentences import said
from verification.times import calendar_date


def make_notice(
    desk: Desk, asker: Asker, person: AskedPerson, application: str, reason: str
) -> CorrectionNotice | None:
    """Return what one application has to put right; None if that is nothing.

    Raises:
        ExchangeError: the asker may not, there is no such case or application, the access could not be
            noted, or a part does not answer.
    """
    request = LookRequest(reason=reason, command="notice")
    require_whole(desk, asker, request)
    with desk.session() as session:
        shown = read_shown(desk, session, asker, person.case_id)
    if shown is None:
        desk.note(access_of(asker, request, (person.case_id,)))
        raise NoSuchCaseError(said("no_such_case"))
    chosen = chosen_application(desk, asker, request, shown.case, application)
    day = calendar_date(datetime.now(UTC))
    found = notice_of(shown.case, chosen, desk.policy, day) if chosen else None
    desk.note(access_of(asker, request, (shown.case["case_id"],), _shown(found) if found else ()))
    return found


def _shown(found: CorrectionNotice) -> tuple[str, ...]:
    held = {
        "applicant.name": found["applicant"],
        "deceased.name": found["deceased"],
        "examinations.to_correct": found["to_correct"],
        "results.to_correct": [line for one in found["matters"] for line in one["to_correct"]],
    }
    return tuple(name for name, value in held.items() if value)
