"""The family's page: what is done, what waits for whom, what to bring, where, whom to call, until when."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from consumers.family.looks import FamilyLook
from consumers.family.next_steps import asks_of
from consumers.family.progress import CaseProgress, MatterProgress
from consumers.family.telling import FamilyPage, ToldSituation, told_page
from consumers.guide.text import Contact
from consumers.labels.access import ACTIONS, ROLES
from consumers.labels.words import day_words, words
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.domain.policy_files.family import DONE, FamilyPolicy
from topics.labels import Labels

LABELS: Final = Labels(__file__)
COUNTS: Final = LABELS.table("counts")
_DIGITS: Final = frozenset("0123456789+")


class ToldFamily(NamedTuple):
    """What a family's page is made of.

    Attributes:
        view: its case, as the reader may know it.
        contacts: where its open matters are dealt with.
        looks: who looked at the case, the last first.
    """

    view: CaseProgress
    contacts: Sequence[Contact]
    looks: Sequence[FamilyLook]


class Halves(NamedTuple):
    """The situations in which the family does something, and those in which it need not."""

    yours: list[ToldSituation]
    others: list[ToldSituation]


def halves(page: FamilyPage, view: CaseProgress) -> Halves:
    """Return the situations of a page, both in the page's order."""
    asking = {one["situation"] for one in view["matters"] if _is_asked(one)}
    yours = [one for one in page.situations if one.situation in asking]
    return Halves(yours, [one for one in page.situations if one.situation not in asking])


def counts_of(view: CaseProgress) -> dict[str, int]:
    """Return how many matters need the family, go on by themselves and are done: together all that arise."""
    arising = [one for one in view["matters"] if one["state"] != "NOT_APPLICABLE"]
    asked = sum(_is_asked(one) for one in arising)
    return dict(zip(COUNTS, (asked, len(arising) - asked - view["done"], view["done"]), strict=True))


def _is_asked(matter: MatterProgress) -> bool:
    return matter["situation"] != DONE and bool(asks_of(matter["next_steps"]))


def number_to_call(contacts: Sequence[Contact]) -> str | None:
    """Return the first telephone number that the contacts name; None where the city has not said one."""
    said = (part.lines[0].zh for one in contacts for part in one.parts if part.part == "telephone")
    return next((number for number in said if set(number) <= _DIGITS), None)


def progress_page(frame: Frame, told: ToldFamily, policy: FamilyPolicy) -> str:
    """Return the page."""
    page = told_page(told.view, policy, frame.naming)
    return render(
        "family/progress",
        frame,
        page=page,
        halves=halves(page, told.view),
        counts=counts_of(told.view),
        count_words=COUNTS,
        contacts=told.contacts,
        several=len(told.contacts) > 1,
        telephone=number_to_call(told.contacts),
        looks=told.looks,
        day=day_words(frame.today, frame.naming.language),
        role_words=lambda role: words(ROLES, role),
        action_words=lambda action: words(ACTIONS, action),
    )
