"""What became of a case's matters, in lines for people: each says what happened, and to which matters."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from avro_schemas.typed_documents import (
    LimitDocument,
    MaterialStateDocument,
    ResultEntryDocument,
    WaitingForDocument,
)
from consumers.history.changes import MatterChange
from consumers.labels.results import LIMIT, limit_words, outcome_words, told
from consumers.labels.words import (
    MATERIAL_STATES,
    RECOVERY,
    STATES,
    for_people,
    local_time,
    material_words,
    prerequisite_words,
    words,
)
from exchange.command.views.sheet import Sheet
from topics.labels import Labels

LABELS: Final = Labels(__file__)
RECOVERY_OVER: Final = LABELS["recovery_over"]
WAITS_FOR: Final = LABELS["waits_for"]
WAITS_NOT: Final = LABELS["waits_not"]
MATTERS: Final = LABELS["matters"]
NEW: Final = LABELS["new"]


class MatterLines(Sheet):
    """Tells changes of matters as ``consumers.history.changes`` finds them, in one language."""

    def state_lines(self, changes: Iterable[MatterChange]) -> Iterator[str]:
        """Yield the states that matters have entered, passing over those in which they began."""
        found: dict[str, list[str]] = defaultdict(list)
        for one in changes:
            for what in self._entered(one):
                found[what].append(self.matter(one["matter"], one["instance"]))
        yield from (f"{what}: {self.joined(matters)}" for what, matters in found.items())

    def need_lines(self, changes: Iterable[MatterChange]) -> Iterator[str]:
        """Yield what matters need now: what they wait for, their materials, limits and results."""
        found: dict[str, list[str]] = defaultdict(list)
        for one in changes:
            instance = f" ({for_people(one['instance'])})" if one["instance"] else ""
            for what in self._needs(one):
                found[what].append(f"{one['matter']}{instance}")
        yield from (f"{self.say(MATTERS)} {self.listed(matters)}: {what}" for what, matters in found.items())

    def _entered(self, change: MatterChange) -> Iterator[str]:
        before, after = change["before"], change["after"]
        if change["field"] == "recovery":
            yield self.both(RECOVERY if after else RECOVERY_OVER)
        elif (
            change["field"] == "state"
            and after
            and (before is not None or after not in {"WAITING", "NOT_APPLICABLE"})
        ):
            then = self.say(words(STATES, before) if before else NEW)
            yield f"{then} → {self.both(words(STATES, after))}"

    def _needs(self, change: MatterChange) -> Iterator[str]:
        if change["field"] == "waiting_for":
            waiting: list[WaitingForDocument] = change["after"]
            names = (prerequisite_words(one["prerequisite"], self.policy) for one in waiting)
            wanted = self.listed(map(self.say, names))
            yield f"{self.say(WAITS_FOR)} {wanted}" if wanted else self.say(WAITS_NOT)
        elif change["field"] == "materials":
            yield from self._materials(change["before"], change["after"])
        else:
            yield from self._progress(change)

    def _materials(
        self, before: list[MaterialStateDocument], after: list[MaterialStateDocument]
    ) -> Iterator[str]:
        states: dict[int, str] = {one["kind"]: one["state"] for one in before}
        for one in after:
            if states.get(one["kind"]) != one["state"]:
                name = self.say(material_words(one["kind"], self.policy))
                then = self.say(words(MATERIAL_STATES, states.get(one["kind"], "")))
                yield f"{name} {then} → {self.say(words(MATERIAL_STATES, one['state']))}"

    def _progress(self, change: MatterChange) -> Iterator[str]:
        """Yield a new last day, a paused limit, and new results."""
        if change["field"] == "due" and change["after"]:
            yield told(LIMIT, shown(change["after"]), self.language)
        elif change["field"] == "limit":
            yield from self._limit(change["before"], change["after"])
        elif change["field"] == "results":
            yield from self._results(change["before"], change["after"])

    def _limit(self, before: LimitDocument | None, after: LimitDocument | None) -> Iterator[str]:
        if after and after["state"] != "RUNNING" and (not before or before["state"] != after["state"]):
            yield from limit_words(None, after, self.language)

    def _results(self, before: list[ResultEntryDocument], after: list[ResultEntryDocument]) -> Iterator[str]:
        known = [one["record_id"] for one in before]
        yield from (outcome_words(one, self.language) for one in after if one["record_id"] not in known)


def shown(value: Any) -> str:
    """Return a value as a terminal may show it; a dash if there is none."""
    if value is None:
        return "–"
    return local_time(value) if hasattr(value, "tzinfo") else for_people(str(value))
