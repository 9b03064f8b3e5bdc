"""Draws the form of an action for somebody who may do it; with it, its record has an id and a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from avro_schemas.typed_documents import CaseDocument
from consumers.log.copy_session import Session
from exchange.desk.access_records import Access
from exchange.desk.actions.drawn import DrawnForm, FormSubject, SubjectEntry, version_of
from exchange.desk.actions.entries import APPLICANT_NAME, subject_entry
from exchange.desk.actions.kinds import FormKind
from exchange.desk.actions.standing import what_stands
from exchange.desk.actions.table import FORMS
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.case_document import case_or_empty
from exchange.desk.desk import Desk
from exchange.desk.look import shown_of
from exchange.desk.queue import shown_name
from exchange.domain.access.may import WorkPlace
from exchange.domain.case_disclosure import recipient_of
from exchange.domain.policy import Policy
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

_SHOWN: Final = {
    **dict.fromkeys(("examine", "amend", "appoint"), (APPLICANT_NAME,)),
    "reply": ("enquiry.text",),
}
"""Action → what its form shows of the records that it is about, or may be; all are the window's."""
_DECEASED_NAME: Final = "deceased.name"


@dataclass(frozen=True, slots=True)
class DrawnSubject:
    """A form with what the case says of the record that it is about, and whose case it is.

    ``name``: of the deceased, whole for a department that was told of the case and for the window alone;
    None: nobody knows it.
    """

    form: DrawnForm
    entry: SubjectEntry | None
    name: str | None


class NothingToDoError(ExchangeError):
    """The case as it stands gives no occasion for it."""


def nothing_to_do(action: str, *told: str) -> NothingToDoError:
    """Return what is told where there is no occasion for an action; ``told``: and why there is none."""
    message = "\n  ".join((said("nothing_to_do", action=action), *told))
    return NothingToDoError(message, said("what_there_is_to_do"))


class SubjectUnclearError(ExchangeError):
    """Several are meant; ``subjects`` are those of which one is to be named, ``entries`` tell them apart.

    ``name``: whose case it is, as `DrawnSubject` has it; ``awaited``: those of which the case waits for one.
    """

    def __init__(
        self,
        action: str,
        subjects: tuple[FormSubject, ...],
        entries: tuple[SubjectEntry | None, ...] = (),
        name: str | None = None,
        awaited: Collection[FormSubject] = (),
    ) -> None:
        differing = [
            name for name in FormSubject._fields if len({getattr(one, name) for one in subjects}) > 1
        ]
        named = ["record"] if "record" in differing else differing  # it tells them apart by itself
        options = ", ".join(f"--{name}" for name in named)
        super().__init__(said("subject_unclear", action=action), said("subject_named", options=options))
        self.subjects = subjects
        self.entries = entries
        self.name = name
        self.awaited = awaited


def draw(desk: Desk, asker: Asker, action: str, case_id: str, wanted: FormSubject) -> DrawnForm:
    """Return the form of an action, once the access is noted.

    Args:
        desk: where.
        asker: for whom.
        action: as access.yaml calls it.
        case_id: of the case.
        wanted: what it is to be about, as far as that is not told by the case itself.

    Raises:
        NotAllowedError: that is not the asker's to do.
        NothingToDoError: there is no such thing to do in this case.
        SubjectUnclearError: there are several.
        ExchangeError: a part does not answer, or the access could not be noted.
    """
    return _drawn(desk, asker, action, case_id, wanted, named=False).form


def draw_subject(desk: Desk, asker: Asker, action: str, case_id: str, wanted: FormSubject) -> DrawnSubject:
    """Return the same with what people see of it: whose case it is, and the record that it is about.

    Raises:
        ExchangeError: as `draw`.
    """
    return _drawn(desk, asker, action, case_id, wanted, named=True)


def _drawn(
    desk: Desk, asker: Asker, action: str, case_id: str, wanted: FormSubject, *, named: bool
) -> DrawnSubject:
    kind, shown = FORMS[action], _SHOWN.get(action, ())
    desk.require(asker, action, asker.kept_within)
    with desk.session() as session:
        document = case_or_empty(desk, session, case_id)
        hidden = is_hidden(desk, session, asker, document)
    name = _name(desk, asker, document) if named and not hidden else None
    fields = (*shown, _DECEASED_NAME) if name else shown
    desk.note(Access(asker, action, action, (document["case_id"],), fields=fields))
    if hidden:
        raise nothing_to_do(action)
    subject = _chosen(desk, asker, kind, document, wanted, name)
    form = form_of(kind, document, subject, desk.policy, str(uuid4()), datetime.now(UTC))
    return DrawnSubject(form, subject_entry(document, subject, shown), name)


def _name(desk: Desk, asker: Asker, document: CaseDocument) -> str | None:
    """Return the name of the deceased as somebody may read it to whom the case is not hidden."""
    field = document["form"]["deceased"].get("name")
    return shown_name(desk, asker, field and field["value"], asker.kept_within.get("department"))


def is_hidden(desk: Desk, session: Session, asker: Asker, document: CaseDocument) -> bool:
    """Say whether there is a case is not even told: a department that was told nothing of it asks."""
    if recipient_of(asker.kept_within, desk.policy) is None:
        return False
    return shown_of(desk, session, asker, document) is None


def menu_of(desk: Desk, asker: Asker, document: CaseDocument) -> tuple[tuple[FormKind, FormSubject], ...]:
    """Return what somebody may do in a case as it stands, and about what; what was announced is apart."""
    return tuple(
        (kind, subject)
        for kind in FORMS.values()
        for subject in kind.subjects(document, desk.policy)
        if _is_allowed(desk, asker, kind, document, subject)
    )


def form_of(
    kind: FormKind,
    document: CaseDocument,
    subject: FormSubject,
    policy: Policy,
    record_id: str,
    recorded_at: datetime,
) -> DrawnForm:
    """Return the form about one subject, with that id and time for its record."""
    return DrawnForm(
        kind.action,
        document["case_id"],
        record_id,
        recorded_at,
        version_of(kind.concerns(document, subject)),
        subject,
        kind.questions(document, subject, policy),
    )


def place_for(
    asker: Asker, kind: FormKind, document: CaseDocument, subject: FormSubject, policy: Policy
) -> WorkPlace:
    """Return where the subject of a form belongs, for who asks."""
    place = kind.place(document, subject, policy)
    county = asker.kept_within.get("county")
    return {"county": county, **place} if kind.taken_here and county else place


def _chosen(
    desk: Desk, asker: Asker, kind: FormKind, document: CaseDocument, wanted: FormSubject, name: str | None
) -> FormSubject:
    fitting = [one for one in kind.subjects(document, desk.policy) if _fits(one, wanted)]
    if not fitting:
        raise nothing_to_do(kind.action, *_what_stands(desk, asker, kind, document, wanted))
    allowed = tuple(one for one in fitting if _is_allowed(desk, asker, kind, document, one))
    if not allowed:
        desk.require(asker, kind.action, place_for(asker, kind, document, fitting[0], desk.policy))
    if wanted in allowed:
        return wanted
    if len(allowed) > 1:
        shown = _SHOWN.get(kind.action, ())
        entries = tuple(subject_entry(document, one, shown) for one in allowed)
        awaited = frozenset(one for one in allowed if kind.awaited(document, one, desk.policy))
        raise SubjectUnclearError(kind.action, allowed, entries, name, awaited)
    return allowed[0]


def _what_stands(
    desk: Desk, asker: Asker, kind: FormKind, document: CaseDocument, wanted: FormSubject
) -> tuple[str, ...]:
    """Return what stands in the one matter that is meant, if the asker may act in it."""
    every = (FormSubject(one["matter"], one["instance"]) for one in document["matters"])
    meant = [one for one in every if _fits(one._replace(application=wanted.application), wanted)]
    meant = [one for one in meant if _is_allowed(desk, asker, kind, document, one)]
    if len(meant) != 1:
        return ()
    return tuple(f"{one.zh}\n  {one.en}" for one in what_stands(kind.action, document, meant[0], desk.policy))


def _fits(subject: FormSubject, wanted: FormSubject) -> bool:
    return all(given in {None, own} for own, given in zip(subject, wanted, strict=True))


def _is_allowed(
    desk: Desk, asker: Asker, kind: FormKind, document: CaseDocument, subject: FormSubject
) -> bool:
    try:
        desk.require(asker, kind.action, place_for(asker, kind, document, subject, desk.policy))
    except NotAllowedError:
        return False
    return True
