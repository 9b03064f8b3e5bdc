"""Who looked at a case, at what, and why."""

from dataclasses import replace
from typing import Final

from consumers.family.looks import FamilyLook, family_looks
from consumers.privacy.masking import masked_text
from consumers.read_model.look_reader import find_looks
from consumers.read_model.look_table import CaseLook
from exchange.desk.access_records import Access
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import read_by_code
from exchange.desk.persons import AskedPerson

READ_LOOKS: Final = "read_looks"
READ_FAMILY_LOOKS: Final = "read_family_looks"


def looks(desk: Desk, asker: Asker, person: AskedPerson) -> tuple[CaseLook, ...] | None:
    """Return the looks at a case, the last first, long numbers in reasons masked; None: no such case.

    Whoever is kept within a department is told of its own people's looks alone.

    Raises:
        ExchangeError: the asker may not, the access could not be noted, or a part does not answer.
    """
    found = _noted(desk, asker, person, READ_LOOKS, "looks")
    return None if found is None else tuple(map(_masked, found))


def looks_for_family(desk: Desk, asker: Asker, person: AskedPerson) -> tuple[FamilyLook, ...] | None:
    """Return what the family is told of the looks at its case; None: no such case.

    Raises:
        ExchangeError: as `looks`.
    """
    found = _noted(desk, asker, person, READ_FAMILY_LOOKS, "looks --family")
    return None if found is None else family_looks(found, desk.settings.city.family.looks)


def _noted(desk: Desk, asker: Asker, person: AskedPerson, action: str, command: str) -> list[CaseLook] | None:
    """Return the looks once it is noted that somebody asks for them; the asking is one, for the next."""
    # Of the case as asked for: a code goes on opening it after its number was corrected, and it forwards.
    desk.require(asker, action, {**asker.kept_within, "case": person.case_id})
    with desk.session() as session:
        shown = read_by_code(desk, session, asker, person.case_id)
        current = person.case_id if shown is None else shown.case["case_id"]
        department = asker.kept_within.get("department")
        found = find_looks(session, {person.case_id, current}, department)
    desk.note(Access(asker, action, command, (current,)))
    return None if shown is None else found


def _masked(look: CaseLook) -> CaseLook:
    return replace(look, reason=look.reason and masked_text(look.reason))
