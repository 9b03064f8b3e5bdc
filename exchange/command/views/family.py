"""The progress of a case as a family reads it, in one language: plain lines that fit on a telephone."""

from collections.abc import Iterable, Iterator
from typing import Final

from consumers.family.progress import CaseProgress
from consumers.family.telling import ToldApplication, ToldDeadline, ToldMaterial, ToldMatter, told_page
from consumers.guide.text import Contact
from consumers.labels.words import TIMES
from exchange.command.views.guide import part_lines
from exchange.command.views.sheet import Sheet
from exchange.domain.policy_files.family import FamilyPolicy
from topics.labels import Labels

LABELS: Final = Labels(__file__)
DECEASED: Final = LABELS["deceased"]
DEADLINES: Final = LABELS["deadlines"]
CONTACTS: Final = LABELS["contacts"]
HEADING: Final = LABELS["heading"]
DEADLINE: Final = LABELS["deadline"]
ONE_MATTER: Final = LABELS["one_matter"]
SEVERAL_MATTERS: Final = LABELS["several_matters"]
NEEDED_FOR: Final = LABELS["needed_for"]
_COMMA: Final = LABELS["comma"]
_BREAK: Final = LABELS["break"]


class ProgressPage(Sheet):
    """Lays the page of `consumers.family.telling` out."""

    def lines(self, view: CaseProgress, policy: FamilyPolicy, contacts: Iterable[Contact]) -> Iterator[str]:
        """Yield the page: the headline, situation by situation, the deadlines set by law, where to go."""
        page = told_page(view, policy, self)
        yield page.headline + (self.say(DECEASED.filled(name=page.name)) if page.name else "")
        yield from page.notices
        for one in page.situations:
            yield ""
            yield self.say(HEADING.filled(heading=one.heading, next=one.next))
            for matter in one.matters:
                yield from self._matter(matter)
            yield from (f"    · {self._material(material)}" for material in one.bring)
        yield from self._applications(page.applications)
        yield from self._deadlines(page.deadlines)
        yield from page.enquiries
        yield from page.appointments
        yield from self._contacts(contacts)
        yield ""
        yield self.say(TIMES)

    def _contacts(self, contacts: Iterable[Contact]) -> Iterator[str]:
        for one in contacts:
            yield ""
            about = self._numbers(one.matters)
            yield self.say(HEADING.filled(heading=CONTACTS, next=about)).rstrip()
            yield from (f"  {line}" for part in one.parts for line in part_lines(self, part))

    def _applications(self, applications: Iterable[ToldApplication]) -> Iterator[str]:
        for one in applications:
            yield ""
            yield self.say(HEADING.filled(heading=one.heading, next="")).rstrip()
            for matter in one.matters:
                yield from self._matter(matter)

    def _deadlines(self, deadlines: Iterable[ToldDeadline]) -> Iterator[str]:
        if deadlines:
            yield ""
            yield self.say(HEADING.filled(heading=DEADLINES, next="")).rstrip()
        for one in deadlines:
            about = self._numbers(one.matters)
            about = about[:1].upper() + about[1:]
            yield f"  {self.say(DEADLINE.filled(matters=about, text=one.text))}"

    def _matter(self, one: ToldMatter) -> Iterator[str]:
        yield f"  {self.say(_BREAK).join((one.name, one.stands))}"
        yield from (f"    · {line}" for line in one.asks)

    def _material(self, one: ToldMaterial) -> str:
        numbers = self._numbers(one.matters)
        said = NEEDED_FOR.filled(material=one.name, state=one.state, matters=numbers, why=one.why)
        return self.say(said)

    def _numbers(self, numbers: Iterable[int]) -> str:
        """Return matters by their numbers as a sentence has them."""
        *others, last = map(str, numbers)
        if not others:
            return self.say(ONE_MATTER.filled(number=last))
        return self.say(SEVERAL_MATTERS.filled(numbers=self.say(_COMMA).join(others), last=last))
