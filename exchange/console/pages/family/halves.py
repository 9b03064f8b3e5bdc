"""What the family's page and the hotline's have alike: what asks something of the family, and where to go."""

from typing import NamedTuple

from consumers.family.next_steps import asks_of
from consumers.family.progress import CaseProgress, MatterProgress, open_matters
from consumers.family.telling import FamilyPage, ToldSituation
from consumers.guide.text import Contact, contacts_of
from exchange.desk.desk import Desk
from exchange.domain.policy import Policy
from exchange.domain.policy_files.family import DONE


class Halves(NamedTuple):
    """The situations in which the family does something, and those in which it need not."""

    yours: list[ToldSituation]
    others: list[ToldSituation]


def halves(page: FamilyPage, view: CaseProgress) -> Halves:
    """Return the situations of a page, both in the page's order."""
    asking = {one["situation"] for one in view["matters"] if is_asked(one)}
    yours = [one for one in page.situations if one.situation in asking]
    return Halves(yours, [one for one in page.situations if one.situation not in asking])


def is_asked(matter: MatterProgress) -> bool:
    """Say whether the family has to do something in a matter."""
    return matter["situation"] != DONE and bool(asks_of(matter["next_steps"]))


def open_contacts(desk: Desk, view: CaseProgress) -> list[Contact]:
    """Return where the open matters of a case are dealt with."""
    return contacts_of(open_matters(view), desk.settings.city.guide, desk.policy)


def all_contacts(desk: Desk) -> list[Contact]:
    """Return where the matters are dealt with that anybody can apply for."""
    return contacts_of((one.matter for one in desk.policy.matters), desk.settings.city.guide, desk.policy)


def usual_papers(policy: Policy) -> list[int]:
    """Return the materials that at least half of all matters want: what nobody brings in vain."""
    wanted = [paper.kind for one in policy.matters for paper in one.materials]
    return sorted(kind for kind in {*wanted} if 2 * wanted.count(kind) >= len(policy.matters))
