"""A case's history as a story: what came, what that changed, and who was told, each with its time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from avro_schemas.typed_documents import AnnouncementDocument, TaskDocument
from consumers.history.events import About, CaseEvent
from consumers.labels.results import detail_words
from consumers.labels.rulings import DECISION_KINDS, TASK_KINDS, conflict_words
from consumers.labels.words import ACTIONS, STATES, for_people, local_time, record_words, words
from exchange.command.views.changes import ChangeLines
from exchange.command.views.sheet import Sheet
from topics.labels import Labels

LABELS: Final = Labels(__file__)
TITLE: Final = LABELS["title"]
TIMES: Final = LABELS["times"]
STATUSES: Final = LABELS.table("statuses")
MOVES: Final = LABELS.table("moves")
TIME_PASSED: Final = LABELS["time_passed"]
TOLD: Final = LABELS["told"]
CORRECTION: Final = LABELS["correction"]
CORRECTED_BY: Final = LABELS["corrected_by"]
CORRECTS: Final = LABELS["corrects"]
NO_SECOND_DEATH: Final = LABELS["no_second_death"]
TASKS: Final = LABELS.table("tasks")
DUE: Final = LABELS["due"]
REMINDER: Final = LABELS["reminder"]
MATTER: Final = LABELS["matter"]
_SAID: Final = frozenset({"decision", "result", "application", "acknowledgement"})
"""These are said, not issued."""
_STYLES: Final = {"REJECTED": "red", "HELD": "yellow", "DUPLICATE": "dim"}


class HistoryView(Sheet):
    """Renders events, masked or not, in one language."""

    def render(self, events: Sequence[CaseEvent]) -> Iterator[RenderableType]:
        """Yield the parts of the story from top to bottom."""
        cases = list(dict.fromkeys(event.case_id for event in events))
        yield Text(f"{self.both(TITLE)} {' → '.join(cases)}", style="bold")
        yield Text(self.both(TIMES), style="dim")
        announced = {one["id"]: one for event in events for one in event.told}
        table = Table.grid(padding=(0, 2), pad_edge=False)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for event in events:
            mark = f"\n{event.case_id[:8]}" if len(cases) > 1 else ""
            headline = Text(self._headline(event, announced), style=_style(event))
            story = (Padding(Text(line), (0, 0, 0, 2)) for line in self._story(event))
            table.add_row(local_time(event.at) + mark, Group(headline, *story))
        yield table

    def lines_of(self, event: CaseEvent) -> Iterator[Text]:
        """Yield one event as lines that stand alone: time, case, what came, and what came of it."""
        announced = {one["id"]: one for one in event.told}
        head = f"{local_time(event.at)}  {event.case_id[:8]:<8}  {self._headline(event, announced)}"
        yield Text(head, style=_style(event))
        yield from (Text(f"    {line}") for line in self._story(event))

    def _story(self, event: CaseEvent) -> Iterator[str]:
        for reason in event.receipt["reasons"] if event.receipt else ():
            yield for_people(reason["message" if self.language == "zh" else "message_en"])
        if event.corrected_by or event.corrects:
            of_death = event.about["type"] in self.policy.death.established_by
            said = self.say(CORRECTS if event.corrects else CORRECTED_BY)
            yield said + (self.say(NO_SECOND_DEATH) if of_death else "")
        changes = ChangeLines(self.policy, self.language)
        yield from changes.lines(event.changes, own=event.about.get("record_id"), needs=False)
        yield from self._told(event.told)
        yield from self._tasks(event.tasks)

    def _headline(self, event: CaseEvent, announced: Mapping[str, AnnouncementDocument]) -> str:
        about = event.about
        if event.kind == "time":
            return self.say(TIME_PASSED)
        if event.kind == "move":
            return f"{self.say(words(MOVES, about['kind'] or ''))} ({about['from_case_id']})"
        parts = [
            f"{self.department(about['department'])}: {self.say(record_words(about['type'], self.policy))}"
        ]
        if about["action"] and (about["type"] not in _SAID or about["action"] != "ISSUED"):
            parts.append(f"{self.say(words(ACTIONS, about['action']))} r{about['revision']}")
        status = self.say(words(STATUSES, event.receipt["status"])) if event.receipt else ""
        if event.receipt and event.receipt["status"] != "REJECTED":
            parts += self._details(about, announced)
        mark = f"[{self.say(CORRECTION)}] " if event.corrects or event.corrected_by else ""
        return f"{mark}{' '.join(parts)} — {status}"

    def _details(self, about: About, announced: Mapping[str, AnnouncementDocument]) -> Iterator[str]:
        """Yield what a decision, a result, an application or an acknowledgement is about."""
        signed = announced.get(about.get("announcement_id", ""))
        if about["type"] == "decision":
            yield f"{self.say(words(DECISION_KINDS, about.get('kind') or ''))}"
        if about.get("matter"):
            yield self.matter(about["matter"], about.get("instance"))
        if about.get("matters"):
            yield f"{self.say(MATTER)} {self.listed(map(str, about['matters']))}"
        if about.get("outcome"):
            yield self.say(words(STATES, about["outcome"]))
        if signed:
            yield f"{signed['matter']} {self.say(words(STATES, signed['transition']))}"
        if about["type"] == "result":
            details = (about.get("amount_fen"), about.get("document_no"), about.get("reason"))
            yield from detail_words(*details, self.language)
            return
        said = [for_people(one) for one in (about.get("handler"), about.get("reason")) if one]
        if said:
            yield f"({self.listed(said)})"

    def _told(self, announcements: Iterable[AnnouncementDocument]) -> Iterator[str]:
        """Yield who was told, department by department, one line for each thing told."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for one in sorted(announcements, key=_place):
            what = self.both(words(STATES, one["transition"]))
            if one["reminds_of"]:
                what = self.say(REMINDER)
            if one["correction"]:
                what += f" [{self.say(CORRECTION)}]"
            found[what][one["department"]].append(_number(one))
        for what, departments in found.items():
            yield f"{self.say(TOLD)} {what}: {self._by_department(departments)}"

    def _tasks(self, tasks: Iterable[TaskDocument]) -> Iterator[str]:
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for task in sorted(tasks, key=_place):
            state, kind = words(TASKS, task["state"]), words(TASK_KINDS, task["kind"])
            what = f"{self.say(state)} {self.say(kind)}"
            if task["kind"] == "RESOLVE_CONFLICT":
                what += f" ({self.say(conflict_words(task['subject'], self.policy))})"
            if task["due"] and task["state"] == "OPEN":
                what += f" ({self.say(DUE)} {local_time(task['due'])})"
            found[what][task["owed_by"]].append(_number(task))
        for what, departments in found.items():
            yield f"{what}: {self._by_department(departments)}"

    def _by_department(self, found: dict[str, list[str]]) -> str:
        return self.joined(
            f"{self.department(code)} ({self.listed(dict.fromkeys(numbers))})"
            if any(numbers)
            else self.department(code)
            for code, numbers in found.items()
        )


def _style(event: CaseEvent) -> str:
    if event.corrects or event.corrected_by:
        return "bold cyan"
    return _STYLES.get(event.receipt["status"] if event.receipt else "", "bold")


def _place(one: AnnouncementDocument | TaskDocument) -> tuple[int, str]:
    return (one["matter"] or 0, one["instance"] or "")


def _number(one: AnnouncementDocument | TaskDocument) -> str:
    if one["matter"] is None:
        return ""
    return f"{one['matter']} {for_people(one['instance'])}" if one["instance"] else str(one["matter"])
