"""Opening a case to work on it: the case, what there is to do in it, and the forms, in one access."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from exchange.desk.actions.drawn import DrawnForm, FormSubject
from exchange.desk.asker import Asker
from exchange.desk.case_document import case_or_empty
from exchange.desk.desk import Desk
from exchange.desk.drawing import form_of, menu_of
from exchange.desk.look import LookRequest, LookResult, look
from exchange.desk.persons import AskedPerson


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """Something that the asker may do in a case, and about what."""

    action: str
    subject: FormSubject


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case on somebody's desk.

    Attributes:
        seen: the case as they see it.
        menu: what they may do in it as it stands.
        forms: those that were asked for, drawn.
    """

    seen: LookResult
    menu: tuple[MenuEntry, ...]
    forms: tuple[DrawnForm, ...]


def open_case(
    desk: Desk, asker: Asker, person: AskedPerson, request: LookRequest, actions: Collection[str] = ()
) -> OpenedCase | None:
    """Return a case with what there is to do in it; None: there is none, or none for them.

    Args:
        desk: where.
        asker: who opens it.
        person: whose case it is.
        request: how it is looked at.
        actions: of which forms are wanted, one for each thing that there is to do.

    Raises:
        ExchangeError: as `look.look`.
    """
    seen = look(desk, asker, person, request)
    if seen is None:
        return None
    with desk.session() as session:
        document = case_or_empty(desk, session, seen.case["case_id"])
    to_do, now = menu_of(desk, asker, document), datetime.now(UTC)
    forms = (
        form_of(kind, document, subject, desk.policy, str(uuid4()), now)
        for kind, subject in to_do
        if kind.action in actions
    )
    menu = tuple(MenuEntry(kind.action, subject) for kind, subject in to_do)
    return OpenedCase(seen, menu, tuple(forms))
