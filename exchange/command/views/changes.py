"""What changed in a case, told in lines for people: what belongs together is on one line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from consumers.history.changes import (
    CaseChange,
    ConflictChange,
    DeathChange,
    DeathField,
    FormChange,
    RecordChange,
)
from consumers.labels.rulings import conflict_words
from consumers.labels.words import ACTIONS, field_words, record_words, words
from exchange.command.views.case import SECTIONS
from exchange.command.views.matters import MatterLines, shown
from exchange.command.views.sheet import Sheet
from topics.labels import Labels

LABELS: Final = Labels(__file__)
STANDINGS: Final = LABELS.table("standings")
COUNTS_NOT: Final = LABELS["counts_not"]
COME: Final = LABELS["come"]
GONE: Final = LABELS["gone"]
ESTABLISHED: Final = LABELS["established"]
NOT_ESTABLISHED: Final = LABELS["not_established"]
ESTABLISHED_AT: Final = LABELS["established_at"]
CORROBORATED: Final = LABELS["corroborated"]
CONFLICT_OPEN: Final = LABELS["conflict_open"]
CONFLICT_HOLDS: Final = LABELS["conflict_holds"]
CONFLICT_OTHER: Final = LABELS["conflict_other"]
CONFLICT_OVER: Final = LABELS["conflict_over"]
FILLED: Final = LABELS["filled"]
EMPTIED: Final = LABELS["emptied"]
FORM: Final = LABELS["form"]
DISPUTED: Final = LABELS["disputed"]
NOTHING: Final = LABELS["nothing"]


class ChangeLines(Sheet):
    """Tells changes as ``consumers.history.changes`` finds them, masked or not, in one language."""

    def lines(
        self, changes: Iterable[CaseChange], *, own: str | None = None, needs: bool = True
    ) -> Iterator[str]:
        """Yield lines.

        Args:
            changes: What changed.
            own: The record that brought it about, which has been told already.
            needs: Whether to tell what matters wait for and how their materials stand.
        """
        found = list(changes)
        records = (self._record(one, own) for one in found if one["what"] == "record")
        yield from filter(None, records)
        yield from self._death({one["field"]: one for one in found if one["what"] == "death"})
        yield from (self._conflict(one) for one in found if one["what"] == "conflict")
        matters = [one for one in found if one["what"] == "matter"]
        told = MatterLines(self.policy, self.language)
        yield from told.state_lines(matters)
        if needs:
            yield from told.need_lines(matters)
        yield from self._form(one for one in found if one["what"] == "form")

    def _record(self, change: RecordChange, own: str | None) -> str | None:
        before, after = change["before"], change["after"]
        standing = GONE if after is None else words(STANDINGS, after)
        if before is None and after == "not_in_force":
            standing = COUNTS_NOT
        if change["record_id"] != own:
            action = self.say(words(ACTIONS, change["action"]))
            kind = f"{self.say(record_words(change['type'], self.policy))} {action}"
            new = f"{self.say(COME)}: " if before is None else ""
            return f"{new}{kind} ({self.department(change['department'])}): {self.say(standing)}"
        # It need not be said that a record counts, that a revocation does not, or what its receipt says.
        told = {"in_force", "held"} | ({"not_in_force"} if change["action"] == "REVOKED" else set())
        return (
            None
            if after in told
            else f"{self.say(record_words(change['type'], self.policy))}: {self.say(standing)}"
        )

    def _death(self, changes: Mapping[DeathField, DeathChange]) -> Iterator[str]:
        flag, at = changes.get("death_established"), changes.get("established_at")
        if flag:
            yield self.both(ESTABLISHED if flag["after"] else NOT_ESTABLISHED)
        elif at:
            yield f"{self.say(ESTABLISHED_AT)}: {shown(at['before'])} → {shown(at['after'])}"
        if "corroborated_by" in changes:
            names = [
                self.say(record_words(name, self.policy)) for name in changes["corroborated_by"]["after"]
            ]
            yield f"{self.say(CORROBORATED)}: {self.listed(names) or self.say(NOTHING)}"

    def _conflict(self, change: ConflictChange) -> str:
        name = conflict_words(change["rule"], self.policy) if change["rule"] else None
        what = self.say(name or field_words(change["field"], self.policy))
        if change["matter"] is not None:
            what += f" ({self.matter(change['matter'], change['instance'])})"
        if change["after"] is None:
            return f"{self.say(CONFLICT_OVER)}: {what}"
        opened = CONFLICT_HOLDS if change["decisive"] else CONFLICT_OPEN
        values = dict.fromkeys(shown(entry["value"]) for entry in change["after"])
        said = self.say(CONFLICT_OTHER if change["before"] else opened)
        return f"{said}: {what} ({' / '.join(values)})"

    def _form(self, changes: Iterable[FormChange]) -> Iterator[str]:
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for one in changes:
            section = self.say(SECTIONS[one["field"].partition(".")[0]])
            name = self.say(field_words(one["field"], self.policy))
            before, after = (side and side["value"] for side in (one["before"], one["after"]))
            if one["after"] and one["after"]["state"] == "conflict":
                found[self.say(DISPUTED)][section].append(name)
            elif before and after and before != after:
                yield f"{self.say(FORM)} {section} {name}: {shown(before)} → {shown(after)}"
            elif before != after:
                found[self.say(FILLED if after else EMPTIED)][section].append(name)
        for said, sections in found.items():
            yield f"{said}: {self.joined(f'{one} {self.listed(names)}' for one, names in sections.items())}"
