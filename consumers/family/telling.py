"""What a family's page says, in one language: the same sentences at the window, at 12345 and at home.

Shape: a view of `consumers.family.progress` → `FamilyPage`, plain text; each view of it lays that out alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from avro_schemas.typed_documents import EnquiryEntryDocument, MaterialRequestDocument
from consumers.family.deadlines import FamilyDeadline
from consumers.family.next_steps import NextStep, asks_of, makes_the_proof, waits_for_the_proof
from consumers.family.progress import CaseProgress, FamilyAppointment, MatterProgress
from consumers.labels.namer import Namer
from consumers.labels.next_steps import owed_words, wanted_words
from consumers.labels.requests import reason_words, requested_words
from consumers.labels.results import answer_words, detail_words
from consumers.labels.words import city_words, day_words, for_people, material_words
from exchange.domain.policy_files.family import BRING, DONE, FamilyPolicy
from topics.labels import Labels, Words
from verification.times import SHANGHAI, calendar_date

LABELS: Final = Labels(__file__)
HEADLINE: Final = LABELS["headline"]
DEATH: Final = LABELS.table("death")
UNTIL: Final = LABELS["until"]
SINCE: Final = LABELS["since"]
DECIDED_ON: Final = LABELS["decided_on"]
DAYS_LEFT: Final = LABELS["days_left"]
APPOINTMENTS: Final = LABELS.table("appointments")
"""Channel of an appointment, or NONE → what the family is told of it."""
HANDED_OVER: Final = LABELS.table("handed_over")
DELIVERY: Final = LABELS.table("delivery")
TOLD: Final = {"name_bank": LABELS["name_bank"], "choose": LABELS["choose"]}
"""What is asked of the family in its own line, not by the heading alone."""
OTHERS: Final = {what: LABELS[what] for what in ("send", "check", "identify", "rule")}
"""What others do before the matter goes on."""


class ToldMatter(NamedTuple):
    """A matter: who has it since when and until when, and below it what is asked of the family."""

    matter: int
    name: str
    stands: str
    asks: tuple[str, ...]


class ToldMaterial(NamedTuple):
    """A material to bring: how it stands, for which matters, and on what ground."""

    name: str
    state: str
    matters: tuple[int, ...]
    why: str


class ToldSituation(NamedTuple):
    """The matters that mean the same to the family; `bring` is what they still need."""

    situation: str
    heading: str
    next: str
    matters: tuple[ToldMatter, ...]
    bring: tuple[ToldMaterial, ...]


class ToldDeadline(NamedTuple):
    """What the law has the family do in these matters, and by when."""

    matters: tuple[int, ...]
    text: str


class ToldApplication(NamedTuple):
    """One application by itself: when it was made and how its results go out, and its own matters."""

    heading: str
    matters: tuple[ToldMatter, ...]


class FamilyPage(NamedTuple):
    """A family's page: how many matters are done, what is to be known first, situation by situation.

    `applications`: each of the applicant's by itself, where there are several.
    """

    headline: str
    name: str | None
    notices: tuple[str, ...]
    situations: tuple[ToldSituation, ...]
    deadlines: tuple[ToldDeadline, ...]
    applications: tuple[ToldApplication, ...]
    enquiries: tuple[str, ...]
    appointments: tuple[str, ...]


def told_page(view: CaseProgress, policy: FamilyPolicy, names: Namer) -> FamilyPage:
    """Return what the page of a view says.

    Args:
        view: As ``progress_of`` gives it, which has left out what its reader may not see.
        policy: The words for each situation.
        names: Namer things in the reader's language.
    """
    return _Teller(policy, names).page(view)


@dataclass(frozen=True)
class _Teller:
    policy: FamilyPolicy
    names: Namer

    def page(self, view: CaseProgress) -> FamilyPage:
        return FamilyPage(
            self._say(HEADLINE.filled(all=view["matters_count"], done=view["done"])),
            for_people(view["name"]) if view["name"] else None,
            tuple(self._notices(view)),
            tuple(self._situations(view)),
            tuple(map(self._deadline, view["deadlines"])),
            tuple(self._applications(view)),
            tuple(text for one in view["enquiries"] for text in self._enquiry(one)),
            tuple(map(self._appointment, view["appointments"])),
        )

    def _notices(self, view: CaseProgress) -> Iterator[str]:
        if view["death"]:
            yield self._say(DEATH[view["death"]])
        if view["examined_at"]:
            yield self._day(LABELS["examined"], calendar_date(view["examined_at"]))

    def _situations(self, view: CaseProgress) -> Iterator[ToldSituation]:
        known = {one.situation: one for one in self.policy.situations}
        death = bool(view["death"])
        for code, matters in groupby(view["matters"], key=lambda one: one["situation"]):
            yield ToldSituation(
                code,
                self._say(city_words(known[code].heading)),
                self._say(city_words(known[code].next)),
                tuple(self._matter(one, death=death) for one in matters),
                tuple(map(self._material, view["bring"])) if code == BRING else (),
            )

    def _deadline(self, one: FamilyDeadline) -> ToldDeadline:
        said = [one["text"][self.names.language]]
        if one["until"]:
            said.append(self._day(UNTIL, one["until"]))
        if one["passed"]:
            said.append(self._say(LABELS["passed"]))
        return ToldDeadline(tuple(one["matters"]), self._in_row(said))

    def _appointment(self, one: FamilyAppointment) -> str:
        here = one["at"].astimezone(SHANGHAI)
        told = {"day": day_words(here.date(), self.names.language), "time": f"{here:%H:%M}"}
        how = APPOINTMENTS[one["channel"] or "NONE"]
        return self._say(how.filled(place=for_people(one["place"]), **told))

    def _applications(self, view: CaseProgress) -> Iterator[ToldApplication]:
        several, death = len(view["applications"]) > 1, bool(view["death"])
        for one in view["applications"] if several else ():
            said = [self._day(LABELS["application"], calendar_date(one["recorded_at"]))]
            if delivery := DELIVERY.get(one["delivery"] or ""):
                said.append(self._say(delivery))
            told = tuple(self._matter(matter, death=death) for matter in one["matters"])
            yield ToldApplication(self._in_row(said), told)

    def _enquiry(self, one: EnquiryEntryDocument) -> Iterator[str]:
        day = day_words(calendar_date(one["recorded_at"]), self.names.language)
        yield self._say(LABELS["enquiry"].filled(day=day, text=for_people(one["text"])))
        if one["reply"]:
            yield self._say(LABELS["reply"].filled(reply=for_people(one["reply"])))

    def _matter(self, one: MatterProgress, *, death: bool) -> ToldMatter:
        name = self.names.matter(one["matter"], one["instance"])
        stands = self._in_row(self._stands(one, death=death))
        return ToldMatter(one["matter"], name, stands, tuple(self._asks(one)))

    def _stands(self, one: MatterProgress, *, death: bool) -> Iterator[str]:
        waits = [] if one["situation"] == DONE else list(self._waits(one, death=death))
        yield from waits or [self.names.department(one["department"])]
        yield from self._times(one)
        to_correct = "correct" in asks_of(one["next_steps"]) and one["reason"]
        if to_correct:
            yield self._say(LABELS["to_correct"].filled(what=for_people(to_correct)))
        reason = None if to_correct else one["reason"]
        yield from detail_words(one["amount_fen"], one["document_no"], reason, self.names.language)
        yield from answer_words(one["answer"], self.names.language)

    def _times(self, one: MatterProgress) -> Iterator[str]:
        if one["since"]:
            past = DECIDED_ON if one["state"] in {"COMPLETED", "REJECTED"} else SINCE
            yield self._day(past, calendar_date(one["since"]))
        if one["due"]:
            yield self._day(UNTIL, one["due"])
        if one["days_left"] is not None:
            yield self._say(DAYS_LEFT.filled(days=one["days_left"]))
        if one["overdue"]:
            overdue = self.policy.overdue
            yield self._say(city_words(overdue) if overdue else LABELS["overdue"])
        if handed := one["handed_over"]:
            yield self._day(HANDED_OVER[handed["delivery"]], calendar_date(handed["at"]))
            if handed["postal_no"]:
                yield self._say(LABELS["postal_no"].filled(number=for_people(handed["postal_no"])))

    def _waits(self, one: MatterProgress, *, death: bool) -> Iterator[str]:
        """Yield what others owe; that all wait for the death is told at the head of the page."""
        for step in one["next_steps"]:
            if step["what"] in OTHERS and not (death and waits_for_the_proof(step, self.names.policy)):
                codes = self._listed(map(self.names.department, step["acts"]))
                wanted = wanted_words(step, self.names.policy)
                yield self._say(OTHERS[step["what"]].filled(departments=codes, wanted=wanted))
                if step["since"]:
                    yield self._day(SINCE, calendar_date(step["since"]))

    def _asks(self, one: MatterProgress) -> Iterator[str]:
        asks = asks_of(one["next_steps"])
        if "apply" in asks and makes_the_proof(one["matter"], self.names.policy):
            yield self._say(LABELS["proof"])
        yield from (self._say(said) for ask, said in TOLD.items() if ask in asks)
        along = [
            self._along(step, one["matter"]) for step in one["next_steps"] if step["what"] == "bring_along"
        ]
        if along:
            yield self._say(LABELS["bring_along"].filled(materials=self._listed(along)))
        if one["ruled_out"] and one["ruled_out"]["departments"]:
            label = LABELS["by_decision"] if one["ruled_out"]["decided"] else LABELS["by_data"]
            codes = self._listed(map(self.names.department, one["ruled_out"]["departments"]))
            yield self._say(label.filled(departments=codes))
        if one["way_out"]:
            yield one["way_out"][self.names.language]
        yield from (note[self.names.language] for note in one["notes"])

    def _along(self, step: NextStep, matter: int) -> str:
        material = material_words(step["material"] or 0, self.names.policy, (matter,))
        return self._say(LABELS["original"].filled(material=material) if step["original"] else material)

    def _material(self, one: MaterialRequestDocument) -> ToldMaterial:
        policy = self.names.policy
        return ToldMaterial(
            self._say(requested_words(one, policy)),
            self._say(owed_words(one["state"], one.get("standing"))),
            tuple(need["matter"] for need in one["needs"]),
            self._in_row(map(self._say, reason_words(one, policy))),
        )

    def _say(self, text: Words) -> str:
        return self.names.say(text)

    def _day(self, label: Words, day: date) -> str:
        return self._say(label.filled(day=day_words(day, self.names.language)))

    def _listed(self, parts: Iterable[str]) -> str:
        return self._say(LABELS["comma"]).join(parts)

    def _in_row(self, parts: Iterable[str]) -> str:
        return self._say(LABELS["break"]).join(parts)
