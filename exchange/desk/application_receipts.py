"""The window takes an application, and gives out its receipt (收件凭证), with a code to follow it by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument
from consumers.printed_form.notice import CorrectionNotice
from exchange.desk.actions.applications import ORIGINALS
from exchange.desk.actions.drawn import DrawnForm, FormSubject
from exchange.desk.asker import Asker
from exchange.desk.case_document import empty_case
from exchange.desk.desk import Desk
from exchange.desk.drawing import NothingToDoError, draw
from exchange.desk.look import LOOK, LookRequest, look
from exchange.desk.notice import make_notice
from exchange.desk.opened import open_case
from exchange.desk.own_codes import renewed_code
from exchange.desk.persons import AskedPerson
from exchange.desk.publishing.outcome import FormOutcome
from exchange.desk.publishing.publish import publish
from exchange.domain.access.may import may
from producers.receipts import DUPLICATE

if TYPE_CHECKING:  # whoever prints has it opened
    from exchange.desk.applicant_codes import CodeDesk

APPLY: Final = "apply"
EXAMINE: Final = "examine"
TO_CORRECT: Final = "to_correct"
"""What the window asks the applicant to put right: an answer of the examination, not of the application."""
_SEEN: Final = ("materials", ORIGINALS)


@dataclass(frozen=True, slots=True)
class ApplicationReceipt:
    """What the family takes home.

    Attributes:
        case: as the asker sees it, numbers masked.
        application: of which it is.
        code: by which the applicant signs in, and nobody can be told it again; None: it has one already.
        notice: what is to be put right; None: nothing is.
    """

    case: CaseDocument
    application: ApplicationEntryDocument
    code: str | None = field(repr=False)
    notice: CorrectionNotice | None


def open_application(desk: Desk, asker: Asker, person: AskedPerson) -> tuple[CaseDocument, DrawnForm]:
    """Return the case as the asker sees it, numbers masked, and the form of an application, in one access.

    Of somebody unknown, and to who takes applications and may look at no case, an empty one.

    Raises:
        NotAllowedError: the asker takes no applications, or none of this case.
        ExchangeError: the access could not be noted, or a part does not answer.
    """
    desk.require(asker, APPLY, asker.kept_within)
    looks = may(desk.settings.city.access, asker.role, LOOK, asker.kept_within, asker.kept_within)
    request = LookRequest(command=APPLY)
    opened = open_case(desk, asker, person, request, (APPLY,)) if looks else None
    if opened is not None and opened.forms:
        return opened.seen.case, opened.forms[0]
    return empty_case(person.case_id), draw(desk, asker, APPLY, person.case_id, FormSubject())


def take_application(desk: Desk, asker: Asker, form: DrawnForm, answers: Mapping[str, Any]) -> FormOutcome:
    """Publish an application, and its examination where that comes first; return how the former ended.

    What becomes of the examination, the case shows; a form sent again makes none.

    Args:
        desk: where.
        asker: who takes it.
        form: as it was drawn.
        answers: of the application, and `to_correct` of its examination.

    Raises:
        NotAllowedError: it is not the asker's to do.
    """
    own = {name: value for name, value in answers.items() if name != TO_CORRECT}
    outcome = publish(desk, asker, form, own)
    is_new = outcome.is_in and outcome.receipt is not None and outcome.receipt.status != DUPLICATE
    if is_new and own.get("channel") in desk.policy.window_rule.examine_first:
        _examine(desk, asker, form, answers)
    return outcome


def _examine(desk: Desk, asker: Asker, form: DrawnForm, answers: Mapping[str, Any]) -> None:
    """Publish what the window saw of the materials when it took the application, and what it asks for."""
    try:
        drawn = draw(desk, asker, EXAMINE, form.case_id, FormSubject(application=form.record_id))
    except NothingToDoError:  # the application is not in force
        return
    seen = {name: [_kind_of(one) for one in answers.get(name, ())] for name in _SEEN}
    publish(desk, asker, drawn, {**seen, TO_CORRECT: answers.get(TO_CORRECT)})


def _kind_of(material: Any) -> Any:
    return material["kind"] if isinstance(material, Mapping) else material


def give_receipt(
    desk: Desk, codes: "CodeDesk | None", asker: Asker, person: AskedPerson, application: str
) -> ApplicationReceipt | None:
    """Return the receipt of an application; None: no such application.

    Args:
        desk: where.
        codes: make it a code in the place of all that it has, as one may be lost; None: it keeps what it has.
        asker: who gives it out.
        person: whose case it is.
        application: its record id.

    Raises:
        NotAllowedError: the asker takes no applications.
        ExchangeError: the access could not be noted, or a part does not answer.
    """
    desk.require(asker, APPLY, asker.kept_within)
    seen = look(desk, asker, person, LookRequest(command="receipt"))
    known = () if seen is None else seen.case["applications"]
    entry = next((one for one in known if one["record_id"] == application), None)
    if seen is None or entry is None:
        return None
    notice = make_notice(desk, asker, person, application, "")
    code = None if codes is None else renewed_code(codes, asker, seen.case, application)
    return ApplicationReceipt(seen.case, entry, code, notice)
