"""A case as people read it: what is established, how each matter stands and who owes what, and the form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from consumers.words import (
    ACTIONS,
    FIELD_STATES,
    MATERIAL_STATES,
    STATES,
    Language,
    Words,
    department_words,
    field_words,
    for_people,
    local_time,
    material_words,
    matter_words,
    prerequisite_words,
    record_words,
    words,
)
from exchange.domain.documents import FORM_SECTIONS, Document
from exchange.domain.policy import Policy

CASE: Final = Words("身后“一件事”", "After-death case")
ESTABLISHED: Final = Words("死亡事实已成立", "Death established")
NOT_ESTABLISHED: Final = Words("死亡事实未成立", "Death not established")
TIMES: Final = Words("时间均为北京时间 (Asia/Shanghai)", "All times Asia/Shanghai")
BY: Final = Words("依据", "by")
CORROBORATED: Final = Words("佐证", "corroborated by")
MATTERS: Final = Words("事项", "Matters")
DEPARTMENT: Final = Words("办理部门", "Department")
STATE: Final = Words("状态", "State")
OPEN: Final = Words("待办", "Still open")
OWED_BY: Final = Words("由", "owed by")
SINCE: Final = Words("自", "since")
DUE: Final = Words("办理期限", "due")
RECORDS: Final = Words("记录", "Records")
RECORDED_AT: Final = Words("登记时间", "Recorded at")
CONFLICTS: Final = Words("数据冲突", "Conflicts")
FORM: Final = Words("申请表", "Form")
FIELD: Final = Words("字段", "Field")
VALUE: Final = Words("值", "Value")
SOURCE: Final = Words("来源", "Source")
SECTIONS: Final = {
    "deceased": Words("已故人", "The deceased"),
    "applicant": Words("申请人", "The applicant"),
    "accounts": Words("账户", "Accounts"),
}
IN_FORCE: Final = Words("有效", "in force")
NOT_IN_FORCE: Final = Words("不再有效", "not in force")
HELD: Final = Words("暂存待核", "held for a handler")
DUPLICATE: Final = Words("重复", "duplicate")
BACKFILL: Final = Words("历史数据", "backfill")
_OWED: Final = frozenset({"missing", "original_to_sight"})
_STYLES: Final = {
    "READY": "green",
    "COMPLETED": "dim",
    "NOT_APPLICABLE": "dim",
    "SUSPENDED": "red",
    "WAITING": "yellow",
}


@dataclass(frozen=True)
class CaseView:
    """Renders a case document, masked or not, in one language first."""

    policy: Policy
    language: Language

    def render(self, document: Document) -> Iterator[RenderableType]:
        """Yield the parts of the view from top to bottom."""
        yield self._header(document)
        yield self._matters(document["matters"])
        if document["conflicts"]:
            yield self._conflicts(document["conflicts"])
        yield self._records(document["records"])
        yield self._form(document["form"])

    def _header(self, document: Document) -> Text:
        text = Text(f"{self._say(CASE)} {document['case_id']}\n", style="bold")
        if not document["death_established"]:
            text.append(NOT_ESTABLISHED.both(self.language), style="yellow")
        else:
            text.append(ESTABLISHED.both(self.language), style="green")
            if document["established_at"] is not None:
                text.append(f"  {local_time(document['established_at'])}")
            proofs = [
                self._record(entry)
                for entry in document["records"]
                if entry["in_force"] and entry["type"] in self.policy.death.established_by
            ]
            named = ", ".join(dict.fromkeys(proofs))
            text.append(f"\n{self._say(BY)} {named}" if proofs else "", style="not bold")
        if document["corroborated_by"]:
            named = ", ".join(record_words(name).first(self.language) for name in document["corroborated_by"])
            text.append(f"\n{self._say(CORROBORATED)} {named}", style="not bold")
        text.append(f"\n{self._say(TIMES)}", style="dim not bold")
        return text

    def _matters(self, matters: list[Document]) -> Table:
        table = self._table(MATTERS, ("#", MATTERS, DEPARTMENT, STATE, OPEN))
        for matter in matters:
            name = matter_words(matter["matter"], self.policy)
            lines = [name.first(self.language), name.first("en" if self.language == "zh" else "zh")]
            if matter["instance"] is not None:
                lines.append(for_people(matter["instance"]))
            table.add_row(
                str(matter["matter"]),
                "\n".join(lines),
                self._say(department_words(matter["department"])),
                words(STATES, matter["state"]).both(self.language),
                "\n".join(self._open(matter)),
                style=_STYLES.get(matter["state"]),
            )
        return table

    def _open(self, matter: Document) -> Iterator[str]:
        """Yield what the matter still lacks; of one that waits, applies not or is over, no materials."""
        for wanted in matter["waiting_for"]:
            owed_by = "/".join(self._say(department_words(code)) for code in wanted["owed_by"])
            since = f" {self._say(SINCE)} {local_time(wanted['since'])}" if wanted["since"] else ""
            name = self._say(prerequisite_words(wanted["prerequisite"], self.policy))
            yield f"{name} ({self._say(OWED_BY)} {owed_by}{since})"
        if matter["due"] is not None:
            yield f"{self._say(DUE)} {matter['due'].isoformat()}"
        if matter["state"] in {"READY", "APPLIED", "ACCEPTED"}:
            for material in matter["materials"]:
                if material["state"] in _OWED:
                    name = self._say(material_words(material["kind"], self.policy))
                    yield f"{name}: {self._say(words(MATERIAL_STATES, material['state']))}"

    def _conflicts(self, conflicts: list[Document]) -> Table:
        table = self._table(CONFLICTS, (FIELD, VALUE, SOURCE))
        for conflict in conflicts:
            for entry in conflict["values"]:
                source = (
                    f"{self._say(department_words(entry['department']))} {local_time(entry['recorded_at'])}"
                )
                table.add_row(
                    self._say(field_words(conflict["field"], self.policy)), for_people(entry["value"]), source
                )
        return table

    def _records(self, records: list[Document]) -> Table:
        table = self._table(RECORDS, (RECORDS, SOURCE, RECORDED_AT, STATE))
        for entry in records:
            kind = self._say(record_words(entry["type"]))
            action = self._say(words(ACTIONS, entry["action"]))
            table.add_row(
                f"{kind} {action} r{entry['revision']}",
                self._say(department_words(entry["department"])),
                local_time(entry["recorded_at"]),
                ", ".join(self._standing(entry)),
                style=None if entry["in_force"] else "dim",
            )
        return table

    def _standing(self, entry: Document) -> Iterator[str]:
        if entry["held"]:
            yield self._say(HELD)
        elif entry["duplicate_of"] is not None:
            yield self._say(DUPLICATE)
        else:
            yield self._say(IN_FORCE if entry["in_force"] else NOT_IN_FORCE)
        if entry["backfill"]:
            yield self._say(BACKFILL)

    def _form(self, form: Document) -> Table:
        table = self._table(FORM, (FIELD, VALUE, STATE, SOURCE))
        for section in FORM_SECTIONS:
            table.add_row(self._say(SECTIONS[section]), style="bold")
            for name, field in form[section].items():
                table.add_row(
                    f"  {self._say(field_words(f'{section}.{name}', self.policy))}",
                    for_people(field["value"] or ""),
                    self._say(words(FIELD_STATES, field["state"])),
                    self._source(field["source"]),
                )
        return table

    def _source(self, source: Document | None) -> str:
        if source is None:
            return ""
        department = self._say(department_words(source["department"]))
        return f"{department} {local_time(source['recorded_at'])} r{source['revision']}"

    def _record(self, entry: Document) -> str:
        kind = self._say(record_words(entry["type"]))
        return f"{kind} ({self._say(department_words(entry['department']))})"

    def _table(self, title: Words, columns: Iterable[Words | str]) -> Table:
        table = Table(
            title=title.both(self.language), title_justify="left", box=box.SIMPLE_HEAD, expand=False
        )
        for column in columns:
            table.add_column(column if isinstance(column, str) else self._say(column), overflow="fold")
        return table

    def _say(self, text: Words) -> str:
        return text.first(self.language)
