"""A case as people read it: what is established, how each matter stands and who owes what, and the form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from avro_schemas.typed_documents import (
    CaseDocument,
    FormDocument,
    MatterDocument,
    RecordEntryDocument,
    SourceDocument,
    TaskDocument,
)
from consumers.family.next_steps import NextStep, next_steps
from consumers.labels.next_steps import ASKS, acting_words, material_step_words, wanted_words
from consumers.labels.remarks import remark_words
from consumers.labels.results import limit_words, outcome_words
from consumers.labels.words import (
    ACTIONS,
    FIELD_STATES,
    RECOVERY,
    STATES,
    TIMES,
    field_words,
    for_people,
    in_lines,
    local_time,
    matter_words,
    record_words,
    way_out_words,
    words,
)
from exchange.command.views.disputes import conflict_table, decision_table
from exchange.command.views.requests import request_table
from exchange.command.views.sheet import Sheet
from exchange.command.views.tasks import owed_table
from exchange.command.views.window import WindowTables
from exchange.domain.form import FORM_SECTIONS
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
CASE: Final = LABELS["case"]
ESTABLISHED: Final = LABELS["established"]
NOT_ESTABLISHED: Final = LABELS["not_established"]
BY: Final = LABELS["by"]
CORROBORATED: Final = LABELS["corroborated"]
MATTERS: Final = LABELS["matters"]
DEPARTMENT: Final = LABELS["department"]
STATE: Final = LABELS["state"]
OPEN: Final = LABELS["open"]
OWED: Final = LABELS["owed"]
OWED_SINCE: Final = LABELS["owed_since"]
RECORDS: Final = LABELS["records"]
RECORDED_AT: Final = LABELS["recorded_at"]
RECORD_ID: Final = LABELS["record_id"]
FORM: Final = LABELS["form"]
FIELD: Final = LABELS["field"]
VALUE: Final = LABELS["value"]
SOURCE: Final = LABELS["source"]
SECTIONS: Final = LABELS.table("sections")
IN_FORCE: Final = LABELS["in_force"]
NOT_IN_FORCE: Final = LABELS["not_in_force"]
HELD: Final = LABELS["held"]
DUPLICATE: Final = LABELS["duplicate"]
BACKFILL: Final = LABELS["backfill"]
COUNTS_IN: Final = LABELS["counts_in"]
FORWARDS_TO: Final = LABELS["forwards_to"]
_STYLES: Final = {
    "READY": "green",
    "COMPLETED": "dim",
    "NOT_APPLICABLE": "dim",
    "SUSPENDED": "red",
    "WAITING": "yellow",
}


@dataclass(frozen=True)
class CaseView(Sheet):
    """Renders a case document, masked or not, in one language first, as on a day (Asia/Shanghai)."""

    day: date

    def render(self, document: CaseDocument, tasks: Sequence[TaskDocument] = ()) -> Iterator[RenderableType]:
        """Yield the parts of the view from top to bottom; `tasks` is what is still owed in the case."""
        yield self._header(document)
        if tasks:
            yield owed_table(self, tasks, of_one_case=True)
        yield self._matters(document["matters"], next_steps(document, self.policy, self.day))
        if document["requests"]:
            yield request_table(self, document)
        if document["conflicts"]:
            yield conflict_table(self, document)
        if document["decisions"]:
            yield decision_table(self, document)
        yield from WindowTables(self.policy, self.language).tables(document)
        yield self._records(document["records"])
        yield self._form(document["form"])

    def _header(self, document: CaseDocument) -> Text:
        text = Text(f"{self.say(CASE)} {document['case_id']}\n", style="bold")
        if not document["death_established"]:
            text.append(self.both(NOT_ESTABLISHED), style="yellow")
        else:
            text.append(self.both(ESTABLISHED), style="green")
            if document["established_at"] is not None:
                text.append(f"  {local_time(document['established_at'])}")
            proofs = [
                self.record(entry["type"], entry["department"])
                for entry in document["records"]
                if entry["in_force"] and entry["type"] in self.policy.death.established_by
            ]
            named = ", ".join(dict.fromkeys(proofs))
            text.append(f"\n{self.say(BY)} {named}" if proofs else "", style="not bold")
        if document["forwards_to"] is not None:
            text.append(f"\n{self.say(FORWARDS_TO)} {document['forwards_to']}", style="bold red")
        if document["corroborated_by"]:
            named = ", ".join(
                record_words(name, self.policy).first(self.language) for name in document["corroborated_by"]
            )
            text.append(f"\n{self.say(CORROBORATED)} {named}", style="not bold")
        text.append(f"\n{self.say(TIMES)}", style="dim not bold")
        return text

    def _matters(self, matters: list[MatterDocument], steps: list[list[NextStep]]) -> Table:
        table = self.table(MATTERS, ("#", MATTERS, DEPARTMENT, STATE, OPEN))
        for matter, following in zip(matters, steps, strict=True):
            name = matter_words(matter["matter"], self.policy)
            lines = [name.first(self.language), name.first("en" if self.language == "zh" else "zh")]
            if matter["instance"] is not None:
                lines.append(for_people(matter["instance"]))
            table.add_row(
                str(matter["matter"]),
                "\n".join(lines),
                self.department(matter["department"]),
                "\n".join(self._states(matter)),
                "\n".join(self._open(matter, following)),
                style="bold red" if matter["recovery"] else _STYLES.get(matter["state"]),
            )
        return table

    def _states(self, matter: MatterDocument) -> Iterator[str]:
        yield self.both(words(STATES, matter["state"]))
        if matter["recovery"]:
            yield self.both(RECOVERY)
        yield from (outcome_words(result, self.language) for result in matter["results"])
        if way_out := matter.get("way_out"):
            yield self.say(way_out_words(way_out, self.policy))

    def _open(self, matter: MatterDocument, steps: list[NextStep]) -> Iterator[str]:
        """Yield what the matter still lacks and who acts next, and how its limit stands."""
        yield from (line for step in steps if (line := self._step(step, matter["matter"])))
        yield from limit_words(matter["due"], matter["limit"], self.language)

    def _step(self, step: NextStep, matter: int) -> str | None:
        """Return a step, and who takes it; None where its state or its limit says the same."""
        if step["material"] is not None:
            return self.say(material_step_words(step, matter, self.policy))
        if step["what"] == "decide":
            return self._owed(words(STATES, "OVERDUE"), step) if step["overdue"] else None
        if step["prerequisite"] is None and step["what"] not in ASKS:
            return None
        return self._owed(ASKS.get(step["what"]) or wanted_words(step, self.policy), step)

    def _owed(self, what: Words, step: NextStep) -> str:
        who = self.listed(self.say(acting_words(code, self.policy)) for code in step["acts"])
        if step["since"] is None:
            return self.say(OWED.filled(what=what, who=who))
        return self.say(OWED_SINCE.filled(what=what, who=who, since=local_time(step["since"])))

    def _records(self, records: list[RecordEntryDocument]) -> Table:
        table = self.table(RECORDS, (RECORDS, SOURCE, RECORDED_AT, STATE))
        table.add_column(self.say(RECORD_ID), no_wrap=True)
        for entry in records:
            kind = self.say(record_words(entry["type"], self.policy))
            action = self.say(words(ACTIONS, entry["action"]))
            table.add_row(
                f"{kind} {action} r{entry['revision']}",
                self.department(entry["department"]),
                local_time(entry["recorded_at"]),
                ", ".join(self._standing(entry)),
                entry["record_id"],
                style=None if entry["in_force"] else "dim",
            )
        return table

    def _standing(self, entry: RecordEntryDocument) -> Iterator[str]:
        if entry["moved_to"] is not None:
            yield f"{self.say(COUNTS_IN)} {entry['moved_to']}"
        elif entry["held"]:
            yield self.say(HELD)
        elif entry["duplicate_of"] is not None:
            yield self.say(DUPLICATE)
        else:
            yield self.say(IN_FORCE if entry["in_force"] else NOT_IN_FORCE)
        if entry["backfill"]:
            yield self.say(BACKFILL)
        yield from dict.fromkeys(map(self.say, remark_words(entry)))

    def _form(self, form: FormDocument) -> Table:
        table = self.table(FORM, (FIELD, VALUE, STATE, SOURCE))
        for section in FORM_SECTIONS:
            table.add_row(self.say(SECTIONS[section]), style="bold")
            for name, field in form[section].items():
                table.add_row(
                    f"  {self.say(field_words(f'{section}.{name}', self.policy))}",
                    in_lines(field["value"] or ""),
                    "\n".join(map(self.say, (words(FIELD_STATES, field["state"]), *remark_words(field)))),
                    self._source(field["source"]),
                )
        return table

    def _source(self, source: SourceDocument | None) -> str:
        if source is None:
            return ""
        department = self.department(source["department"])
        return f"{department} {local_time(source['recorded_at'])} r{source['revision']}"
