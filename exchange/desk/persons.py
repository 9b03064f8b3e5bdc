"""Whom somebody asks about."""

from dataclasses import dataclass, field

from consumers.read_model.case_reader import case_id_of
from exchange.folding.case_ids import CaseIds


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """A person as somebody asks about them: the number or case id as given, and the case that it means."""

    asked: str = field(repr=False)
    case_id: str

    @property
    def by_number(self) -> bool:
        """Say whether it was a person's number, and no case id, which says nothing of the person."""
        return self.asked.strip().lower() != self.case_id


def asked_person(case_ids: CaseIds, text: str) -> AskedPerson | None:
    """Return whom a number, in 18 digits or 15, or a case id means; None if the text is neither."""
    case_id = case_id_of(text, case_ids)
    return None if case_id is None else AskedPerson(text, case_id)
