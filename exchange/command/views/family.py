"""The progress of a case as a family reads it, in one language: plain lines that fit on a telephone."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Final

from avro_schemas.typed_documents import EnquiryEntryDocument, MaterialRequestDocument
from consumers.family.deadlines import FamilyDeadline
from consumers.family.next_steps import NextStep, asks_of, makes_the_proof, waits_for_the_proof
from consumers.family.progress import CaseProgress, MatterProgress
from consumers.guide.text import Contact
from consumers.labels.next_steps import owed_words, wanted_words
from consumers.labels.results import answer_words, detail_words
from consumers.labels.words import (
    TIMES,
    city_words,
    day_words,
    for_people,
    material_words,
)
from exchange.command.views.guide import part_lines
from exchange.command.views.requests import reasons, requested_words
from exchange.command.views.sheet import Sheet
from exchange.domain.policy_files.family import BRING, DONE, FamilyPolicy
from topics.labels import Labels, Words
from verification.times import calendar_date

LABELS: Final = Labels(__file__)
HEADLINE: Final = LABELS["headline"]
DECEASED: Final = LABELS["deceased"]
DEATH: Final = LABELS.table("death")
DEADLINES: Final = LABELS["deadlines"]
CONTACTS: Final = LABELS["contacts"]
HEADING: Final = LABELS["heading"]
DEADLINE: Final = LABELS["deadline"]
ONE_MATTER: Final = LABELS["one_matter"]
SEVERAL_MATTERS: Final = LABELS["several_matters"]
UNTIL: Final = LABELS["until"]
PASSED: Final = LABELS["passed"]
SINCE: Final = LABELS["since"]
DECIDED_ON: Final = LABELS["decided_on"]
DAYS_LEFT: Final = LABELS["days_left"]
TO_CORRECT: Final = LABELS["to_correct"]
OVERDUE: Final = LABELS["overdue"]
EXAMINED: Final = LABELS["examined"]
HANDED_OVER: Final = LABELS.table("handed_over")
POSTAL_NO: Final = LABELS["postal_no"]
ENQUIRY: Final = LABELS["enquiry"]
REPLY: Final = LABELS["reply"]
BY_DATA: Final = LABELS["by_data"]
BY_DECISION: Final = LABELS["by_decision"]
PROOF: Final = LABELS["proof"]
BRING_ALONG: Final = LABELS["bring_along"]
ORIGINAL: Final = LABELS["original"]
NEEDED_FOR: Final = LABELS["needed_for"]
TOLD: Final = {"name_bank": LABELS["name_bank"], "choose": LABELS["choose"]}
"""What is asked of the family in its own line, not by the heading alone."""
OTHERS: Final = {what: LABELS[what] for what in ("send", "check", "identify", "rule")}
"""What others do before the matter goes on."""
_COMMA: Final = LABELS["comma"]
_BREAK: Final = LABELS["break"]


class ProgressPage(Sheet):
    """Tells a view of ``consumers.family.progress``."""

    def lines(self, view: CaseProgress, policy: FamilyPolicy, contacts: Iterable[Contact]) -> Iterator[str]:
        """Yield the page: the headline, situation by situation, the deadlines set by law, where to go."""
        headline = self.say(HEADLINE.filled(all=view["matters_count"], done=view["done"]))
        name = self.say(DECEASED.filled(name=for_people(view["name"]))) if view["name"] else ""
        yield headline + name
        if view["death"]:
            yield self.say(DEATH[view["death"]])
        if view["examined_at"]:
            yield self._day(EXAMINED, calendar_date(view["examined_at"]))
        known = {one.situation: one for one in policy.situations}
        for situation, matters in groupby(view["matters"], key=lambda one: one["situation"]):
            yield ""
            heading, following = known[situation].heading, known[situation].next
            yield self.say(HEADING.filled(heading=city_words(heading), next=city_words(following)))
            for one in matters:
                yield f"  {self._matter(one, policy, death=bool(view['death']))}"
                yield from (f"    · {line}" for line in self._asks(one))
            if situation == BRING:
                yield from (f"    · {self._material(one)}" for one in view["bring"])
        yield from self._deadlines(view["deadlines"])
        yield from self._enquiries(view["enquiries"])
        yield from self._contacts(contacts)
        yield ""
        yield self.say(TIMES)

    def _contacts(self, contacts: Iterable[Contact]) -> Iterator[str]:
        for one in contacts:
            yield ""
            about = self._numbers(one.matters)
            yield self.say(HEADING.filled(heading=CONTACTS, next=about)).rstrip()
            yield from (f"  {line}" for part in one.parts for line in part_lines(self, part))

    def _deadlines(self, deadlines: list[FamilyDeadline]) -> Iterator[str]:
        if deadlines:
            yield ""
            yield self.say(HEADING.filled(heading=DEADLINES, next="")).rstrip()
        for one in deadlines:
            about = self._numbers(one["matters"])
            about = about[:1].upper() + about[1:]
            said = [self.say(DEADLINE.filled(matters=about, text=one["text"][self.language]))]
            if one["until"]:
                said.append(self._day(UNTIL, one["until"]))
            if one["passed"]:
                said.append(self.say(PASSED))
            yield f"  {self.say(_BREAK).join(said)}"

    def _enquiries(self, enquiries: list[EnquiryEntryDocument]) -> Iterator[str]:
        for one in enquiries:
            said = ENQUIRY.filled(
                day=day_words(calendar_date(one["recorded_at"]), self.language), text=for_people(one["text"])
            )
            yield self.say(said)
            if one["reply"]:
                yield self.say(REPLY.filled(reply=for_people(one["reply"])))

    def _matter(self, one: MatterProgress, policy: FamilyPolicy, *, death: bool) -> str:
        said = [self.matter(one["matter"], one["instance"])]
        waits = [] if one["situation"] == DONE else list(self._waits(one, death=death))
        said += waits or [self.department(one["department"])]
        if one["since"]:
            past = DECIDED_ON if one["state"] in {"COMPLETED", "REJECTED"} else SINCE
            said.append(self._day(past, calendar_date(one["since"])))
        if one["due"]:
            said.append(self._day(UNTIL, one["due"]))
        if one["days_left"] is not None:
            said.append(self.say(DAYS_LEFT.filled(days=one["days_left"])))
        if one["overdue"]:
            said.append(self.say(city_words(policy.overdue) if policy.overdue else OVERDUE))
        if handed := one["handed_over"]:
            said.append(self._day(HANDED_OVER[handed["delivery"]], calendar_date(handed["at"])))
            if handed["postal_no"]:
                said.append(self.say(POSTAL_NO.filled(number=for_people(handed["postal_no"]))))
        to_correct = "correct" in asks_of(one["next_steps"]) and one["reason"]
        if to_correct:
            said.append(self.say(TO_CORRECT.filled(what=for_people(to_correct))))
        reason = None if to_correct else one["reason"]
        details = detail_words(one["amount_fen"], one["document_no"], reason, self.language)
        answer = answer_words(one["answer"], self.language)
        return self.say(_BREAK).join((*said, *details, *answer))

    def _waits(self, one: MatterProgress, *, death: bool) -> Iterator[str]:
        """Yield what others owe; that all wait for the death is told at the head of the page."""
        for step in one["next_steps"]:
            if step["what"] in OTHERS and not (death and waits_for_the_proof(step, self.policy)):
                codes = self.say(_COMMA).join(self.department(code) for code in step["acts"])
                wanted = wanted_words(step, self.policy)
                yield self.say(OTHERS[step["what"]].filled(departments=codes, wanted=wanted))
                if step["since"]:
                    yield self._day(SINCE, calendar_date(step["since"]))

    def _asks(self, one: MatterProgress) -> Iterator[str]:
        asks = asks_of(one["next_steps"])
        if "apply" in asks and makes_the_proof(one["matter"], self.policy):
            yield self.say(PROOF)
        yield from (self.say(said) for ask, said in TOLD.items() if ask in asks)
        along = [
            self._along(step, one["matter"]) for step in one["next_steps"] if step["what"] == "bring_along"
        ]
        if along:
            yield self.say(BRING_ALONG.filled(materials=self.say(_COMMA).join(along)))
        if one["ruled_out"] and one["ruled_out"]["departments"]:
            label = BY_DECISION if one["ruled_out"]["decided"] else BY_DATA
            codes = self.say(_COMMA).join(map(self.department, one["ruled_out"]["departments"]))
            yield self.say(label.filled(departments=codes))
        if one["way_out"]:
            yield one["way_out"][self.language]
        yield from (note[self.language] for note in one["notes"])

    def _along(self, step: NextStep, matter: int) -> str:
        material = material_words(step["material"] or 0, self.policy, (matter,))
        return self.say(ORIGINAL.filled(material=material) if step["original"] else material)

    def _material(self, one: MaterialRequestDocument) -> str:
        return self.say(
            NEEDED_FOR.filled(
                material=requested_words(one, self.policy),
                state=owed_words(one["state"], one.get("standing")),
                matters=self._numbers(need["matter"] for need in one["needs"]),
                why=self.say(_BREAK).join(reasons(self, one)),
            )
        )

    def _numbers(self, numbers: Iterable[int]) -> str:
        """Return matters by their numbers as a sentence has them."""
        *others, last = map(str, numbers)
        if not others:
            return self.say(ONE_MATTER.filled(number=last))
        return self.say(SEVERAL_MATTERS.filled(numbers=self.say(_COMMA).join(others), last=last))

    def _day(self, label: Words, day: date) -> str:
        return self.say(label.filled(day=day_words(day, self.language)))
