"""Looking at a case as it is now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from avro_schemas.typed_documents import AnnouncementDocument, CaseDocument, TaskDocument
from consumers.announcements.index import announcements_of_case
from consumers.log.copy_session import Session
from consumers.privacy.masking import masked_case, masked_fields
from consumers.read_model.case_reader import find_case
from consumers.read_model.rows import shown_fields
from consumers.read_model.task_reader import find_tasks
from exchange.desk.access_records import Access
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.persons import AskedPerson
from exchange.domain.access.may import WorkPlace
from exchange.domain.case_disclosure import ShownCase, recipient_of, shown_case
from exchange.domain.policy import Policy
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

LOOK: Final = "look"
UNMASK: Final = "unmask"


@dataclass(frozen=True, slots=True)
class LookRequest:
    """How somebody wants to look, and what for.

    Attributes:
        unmask: whether numbers are to be shown in full, which needs a reason.
        reason: why, in the asker's words.
        command: what the view calls it.
    """

    unmask: bool = False
    reason: str = ""
    command: str = "case"

    @property
    def action(self) -> str:
        """Return the action of access.yaml that it takes."""
        return UNMASK if self.unmask else LOOK


@dataclass(frozen=True, slots=True)
class LookResult:
    """A case as somebody sees it, numbers masked unless they were asked for with a reason.

    Attributes:
        case: as ``exchange.events.Case``.
        tasks: of the case, done ones included; of a department's part, what that owes.
        told: what the asker's department was told last of each of its matters; nothing for who sees all.
    """

    case: CaseDocument
    tasks: tuple[TaskDocument, ...]
    told: tuple[AnnouncementDocument, ...]


def look(desk: Desk, asker: Asker, person: AskedPerson, request: LookRequest) -> LookResult | None:
    """Return the case as it is now and as the asker may see it; None: there is none, or none for them.

    Raises:
        ExchangeError: the asker may not, the access could not be noted, or a part does not answer.
    """
    require_look(desk, asker, request)
    with desk.session() as session:
        found = _read(desk, session, asker, person)
    if found is None:
        desk.note(access_of(asker, request, (person.case_id,)))
        return None
    fields = (*shown_fields(found.case), *(name for one in found.told for name in one["draft"]))
    desk.note(access_of(asker, request, (found.case["case_id"],), fields))
    return found if request.unmask else _masked(found, desk.policy)


def require_look(desk: Desk, asker: Asker, request: LookRequest) -> None:
    """Return if somebody may look so.

    Raises:
        ExchangeError: they may not, or numbers are asked for without a reason.
    """
    desk.require(asker, LOOK, asker.kept_within)
    if request.unmask:
        desk.require(asker, UNMASK, asker.kept_within)
        if not request.reason.strip():
            raise ExchangeError(said("unmask_needs_reason"))


def access_of(
    asker: Asker, request: LookRequest, case_ids: tuple[str, ...], fields: Iterable[str] = ()
) -> Access:
    """Return the record of a look; whoever was asked for and not found has been looked up all the same."""
    names = tuple(fields)
    return Access(
        asker,
        request.action,
        request.command,
        case_ids,
        fields=names,
        unmasked=request.unmask and bool(names),
        reason=request.reason.strip() or None,
    )


def read_shown(desk: Desk, session: Session, asker: Asker, case_id: str) -> ShownCase | None:
    """Return a case as the asker may see it, unmasked; the caller notes the access. None: nothing of it."""
    document = find_case(session, desk.decode_case, case_id)
    return None if document is None else shown_of(desk, session, asker, document)


def read_by_code(desk: Desk, session: Session, asker: Asker, case_id: str) -> ShownCase | None:
    """Return the same; a code goes on opening its case after that forwards to another, which is shown."""
    within: WorkPlace = {name: one for name, one in asker.kept_within.items() if name != "case"}
    return read_shown(desk, session, replace(asker, kept_within=within), case_id)


def shown_of(desk: Desk, session: Session, asker: Asker, document: CaseDocument) -> ShownCase | None:
    """Return the same of a case that was found."""
    told = _announced(desk, session, asker, document["case_id"])
    return shown_case(document, told, asker.kept_within, desk.policy)


def _announced(desk: Desk, session: Session, asker: Asker, case_id: str) -> tuple[AnnouncementDocument, ...]:
    to = recipient_of(asker.kept_within, desk.policy)
    if to is None:
        return ()
    found = announcements_of_case(session.connection, to.name, case_id, desk.decode_announcement)
    return tuple(one.document for one in found)


def _read(desk: Desk, session: Session, asker: Asker, person: AskedPerson) -> LookResult | None:
    shown = read_shown(desk, session, asker, person.case_id)
    if shown is None:
        return None
    to = recipient_of(asker.kept_within, desk.policy)
    cases = {person.case_id, shown.case["case_id"]}
    owing = None if to is None else to.name
    tasks = find_tasks(session, owed_by=owing, case_ids=cases, done_too=True)
    own = {(one["matter"], one["instance"]) for one in shown.told}
    mine = (one for one in tasks if to is None or (one["matter"], one["instance"]) in own)
    return LookResult(shown.case, tuple(mine), shown.told)


def _masked(found: LookResult, policy: Policy) -> LookResult:
    told: list[AnnouncementDocument] = [
        {**one, "draft": masked_fields(one["draft"], policy)} for one in found.told
    ]
    return replace(found, case=masked_case(found.case, policy), told=tuple(told))
