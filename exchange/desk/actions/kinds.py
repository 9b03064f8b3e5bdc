"""What makes a form of one action: what it may be about, what it asks, what it rests on, what it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from avro_schemas.typed_documents import CaseDocument
from exchange.desk.actions.drawn import FormQuestion, FormSubject
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy

Questions = tuple[FormQuestion, ...]


def every_one(_document: CaseDocument, _subject: FormSubject, _policy: Policy) -> bool:
    """Return that a case waits for a form about whatever it may be about."""
    return True


def nothing(_document: CaseDocument, _subject: FormSubject) -> Mapping[str, object]:
    """Return that a form rests on nothing in the case, or replaces no record of it."""
    return {}


@dataclass(frozen=True)
class FormKind:
    """The form of one action. All of it is pure, and reads the case as the read model has it.

    Attributes:
        action: as access.yaml calls it.
        record_type: of the record that it becomes; empty where it is that of the record that it takes back.
        subjects: what it may be about, in this case as it stands; none where there is nothing to do.
        place: where its subject belongs.
        questions: what it asks.
        concerns: what it rests on: if that changes before it is sent, it is not sent.
        fields: subject, answers → the record's own fields.
        once: whether its subject has one record for good, whoever sends it and when.
        replaces: of a record that replaces another, or takes it back: which one, and what stays of that.
        amends: of a record of which all stays that is not typed: that record as the log has it, what `fields`
            makes of the answers → its fields by now.
        awaited: whether the case as it stands waits for a form about a subject, or may have one all the same.
        taken_here: whether a case of no known county is that county's where somebody comes to the window.
    """

    action: str
    record_type: str
    subjects: Callable[[CaseDocument, Policy], tuple[FormSubject, ...]]
    place: Callable[[CaseDocument, FormSubject, Policy], WorkPlace]
    questions: Callable[[CaseDocument, FormSubject, Policy], Questions]
    concerns: Callable[[CaseDocument, FormSubject], Mapping[str, object]]
    fields: Callable[[FormSubject, Mapping[str, Any]], Mapping[str, object]]
    awaited: Callable[[CaseDocument, FormSubject, Policy], bool] = every_one
    taken_here: bool = False
    once: bool = False
    replaces: Callable[[CaseDocument, FormSubject], Mapping[str, object]] = nothing
    amends: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, object]] | None = None

    def becomes(self, subject: FormSubject) -> str:
        """Return the type of the record that it becomes."""
        return self.record_type or subject.kind or ""


def person_in(document: CaseDocument) -> dict[str, str | None]:
    """Return number and name of the case's person as records of it must state them; None where nobody knows.

    Of names in conflict it is one of them: what a handler decides is about the case, whatever it is called.
    """
    form = document["form"]["deceased"]
    name = form["name"]["value"] if "name" in form else None
    disputed = (
        one["values"] for one in document["conflicts"] if one["field"].endswith("name") and one["values"]
    )
    return {
        "id_number": form["id_number"]["value"] if "id_number" in form else None,
        "name": name or next((values[0]["value"] for values in disputed), None),
    }
