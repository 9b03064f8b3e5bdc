"""A department confirms that it has seen what it was told (签收)."""

from collections.abc import Mapping
from typing import Any, Final

from avro_schemas.typed_documents import CaseDocument
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.kinds import FormKind, Questions, nothing
from exchange.desk.actions.places import place_of_matter
from exchange.desk.actions.questions import question
from exchange.desk.actions.results import matter_of
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy

TYPE: Final = "acknowledgement"


def _no_menu(_document: CaseDocument, _policy: Policy) -> tuple[FormSubject, ...]:
    """Return nothing: what a department was told stands in its announcements, not in the case."""
    return ()


def _place(document: CaseDocument, subject: FormSubject, policy: Policy) -> WorkPlace:
    """Return where the matter belongs, for the department that was told: another may decide it by now."""
    matter = matter_of(document, subject)
    found = {} if matter is None else place_of_matter(document, matter, policy)
    return {"case": document["case_id"], **found, "department": subject.department or ""}


def _questions(_document: CaseDocument, _subject: FormSubject, policy: Policy) -> Questions:
    """Ask for the person who was meant when it was told: the case may have another number by now."""
    return tuple(question(TYPE, name, policy) for name in ("id_number", "name"))


def _fields(subject: FormSubject, typed: Mapping[str, Any]) -> Mapping[str, object]:
    return {**typed, "announcement_id": subject.announcement}


# It was told, whatever has come of that: it rests on nothing in the case.
ACKNOWLEDGE: Final = FormKind("acknowledge", TYPE, _no_menu, _place, _questions, nothing, _fields, once=True)
