"""Looking at a case as it was known then, and at how it came about: both are read from the log.

Whoever sees a department's part of a case sees none of this: what the others said is in it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from avro_schemas.typed_documents import CaseDocument, TaskDocument
from consumers.history.changes import CaseChange, changed_fields, masked_changes
from consumers.history.events import CaseEvent, masked_event
from consumers.history.past import AsOf, CasePast
from consumers.privacy.masking import masked_case
from consumers.read_model.rows import shown_fields
from exchange.desk.access_records import distinct
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.desk import Desk
from exchange.desk.look import LookRequest, access_of, require_look
from exchange.desk.persons import AskedPerson
from exchange.domain.case_disclosure import recipient_of, shown_case
from exchange.domain.policy import Policy
from exchange.runtime.sentences import said


@dataclass(frozen=True, slots=True)
class PastCase:
    """What was known at a moment, numbers masked unless they were asked for with a reason.

    Attributes:
        moment: the moment.
        case: the case then; None if nothing was known.
        tasks: what was owed then, or had been done by then.
        changed: what is different now.
        known_since: when the log took what was known first; None if there is no case.
    """

    moment: datetime
    case: CaseDocument | None
    tasks: tuple[TaskDocument, ...] = ()
    changed: tuple[CaseChange, ...] = ()
    known_since: datetime | None = None


def look_as_of(
    desk: Desk, past: CasePast, asker: Asker, person: AskedPerson, moment: datetime, request: LookRequest
) -> PastCase:
    """Return the case as it was known at a moment, and what has changed since.

    Raises:
        ExchangeError: as `look.look`.
    """
    _require_whole(desk, asker, request)
    found = past.as_of(person.asked, person.case_id, moment)
    shown = found.case and shown_case(found.case, (), asker.kept_within, desk.policy)
    if not shown:
        desk.note(access_of(asker, request, (person.case_id,)))
        return PastCase(moment, None, known_since=found.known_since)
    fields = {*shown_fields(shown.case), *changed_fields(found.changed_since)}
    desk.note(access_of(asker, request, (shown.case["case_id"],), fields))
    seen = _seen(found, shown.case)
    return seen if request.unmask else _masked(seen, shown.case, desk.policy)


def look_back(
    desk: Desk, past: CasePast, asker: Asker, person: AskedPerson, request: LookRequest
) -> list[CaseEvent]:
    """Return everything that happened to the case and to those to which it has moved, in the log's order.

    Raises:
        ExchangeError: as `look.look`.
    """
    _require_whole(desk, asker, request)
    window = timedelta(minutes=desk.policy.periods.correction_minutes)
    events = past.history(person.asked, person.case_id, window)
    changed = changed_fields(chain.from_iterable(event.changes for event in events))
    shown = distinct(event.case_id for event in events)
    desk.note(access_of(asker, request, shown or (person.case_id,), changed))
    return events if request.unmask else [masked_event(event, desk.policy) for event in events]


def _require_whole(desk: Desk, asker: Asker, request: LookRequest) -> None:
    require_look(desk, asker, request)
    if recipient_of(asker.kept_within, desk.policy) is not None or "county" in asker.kept_within:
        raise NotAllowedError(said("past_whole"), said("who_may"))


def _seen(found: AsOf, case: CaseDocument) -> PastCase:
    return PastCase(found.moment, case, found.tasks, tuple(found.changed_since), found.known_since)


def _masked(seen: PastCase, case: CaseDocument, policy: Policy) -> PastCase:
    return replace(seen, case=masked_case(case, policy), changed=tuple(masked_changes(seen.changed, policy)))
