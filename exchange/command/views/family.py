"""The progress of a case as a family reads it, in one language: plain lines that fit on a telephone."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from avro_schemas.typed_documents import MaterialRequestDocument, WaitingForDocument
from consumers.family.progress import CaseProgress, MatterProgress
from consumers.labels.results import answer_words, detail_words
from consumers.labels.words import (
    MATERIAL_STATES,
    TIMES,
    city_words,
    for_people,
    local_time,
    material_words,
    prerequisite_words,
    words,
)
from exchange.command.views.requests import reasons
from exchange.command.views.sheet import Sheet
from exchange.domain.policy_files.family import BRING, DONE, FamilyPolicy
from topics.labels import Labels

LABELS: Final = Labels(__file__)
HEADLINE: Final = LABELS["headline"]
DECEASED: Final = LABELS["deceased"]
NOT_YET: Final = LABELS["not_yet"]
SINCE: Final = LABELS["since"]
DUE: Final = LABELS["due"]
FOR: Final = LABELS["for"]
_COMMA: Final = LABELS["comma"]
_BREAK: Final = LABELS["break"]


class ProgressPage(Sheet):
    """Tells a view of ``consumers.family.progress``."""

    def lines(self, view: CaseProgress, policy: FamilyPolicy) -> Iterator[str]:
        """Yield the page: the headline, then situation by situation."""
        headline = self.say(HEADLINE).format(all=view["matters_count"], done=view["done"])
        name = f" ({self.say(DECEASED)} {for_people(view['name'])})" if view["name"] else ""
        yield headline + name
        if not view["death_established"]:
            yield self.say(NOT_YET)
        known = {one.situation: one for one in policy.situations}
        for name, matters in groupby(view["matters"], key=lambda one: one["situation"]):
            yield ""
            yield f"【{self.say(city_words(known[name].heading))}】{self.say(city_words(known[name].next))}"
            yield from (f"  {self._matter(one)}" for one in matters)
            if name == BRING:
                yield from (f"  → {self._material(one)}" for one in view["bring"])
        yield ""
        yield self.say(TIMES)

    def _matter(self, one: MatterProgress) -> str:
        said = [self.matter(one["matter"], one["instance"])]
        if one["waits_for"] and one["situation"] != DONE:
            said += [self._wait(wait) for wait in one["waits_for"]]
        else:
            said.append(self.department(one["department"]))
        if one["since"]:
            said.append(f"{self.say(SINCE)} {local_time(one['since'])}")
        if one["due"]:
            said.append(f"{self.say(DUE)} {one['due']}")
        details = detail_words(one["amount_fen"], one["document_no"], one["reason"], self.language)
        answer = answer_words(one["answer"], self.language)
        return self.say(_BREAK).join((*said, *details, *answer))

    def _wait(self, wait: WaitingForDocument) -> str:
        owed_by = self.say(_COMMA).join(self.department(code) for code in wait["owed_by"])
        since = f" {self.say(SINCE)} {local_time(wait['since'])}" if wait["since"] else ""
        return f"{self.say(prerequisite_words(wait['prerequisite'], self.policy))} ← {owed_by}{since}"

    def _material(self, one: MaterialRequestDocument) -> str:
        name = self.say(material_words(one["kind"], self.policy))
        state = self.say(words(MATERIAL_STATES, one["state"]))
        matters = self.say(_COMMA).join(str(need["matter"]) for need in one["needs"])
        why = self.say(_BREAK).join(reasons(self, one))
        return f"{name}: {state} ({self.say(FOR)} {matters}; {why})"
