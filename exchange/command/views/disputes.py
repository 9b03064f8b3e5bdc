"""Where records of a case disagree, and what handlers decided about it, as people read it."""

from collections.abc import Iterator
from typing import Final

from rich.table import Table

from avro_schemas.typed_documents import (
    CaseDocument,
    ConflictDocument,
    DecisionEntryDocument,
    RecordEntryDocument,
)
from consumers.labels.rulings import DECISION_KINDS, STANDINGS, conflict_words
from consumers.labels.words import field_words, for_people, in_lines, local_time, words
from exchange.command.views.sheet import Sheet
from topics.labels import Labels

LABELS: Final = Labels(__file__)
CONFLICTS: Final = LABELS["conflicts"]
RULE: Final = LABELS["rule"]
VALUE: Final = LABELS["value"]
SOURCE: Final = LABELS["source"]
RECORDED_AT: Final = LABELS["recorded_at"]
DECISIVE: Final = LABELS["decisive"]
NOT_DECISIVE: Final = LABELS["not_decisive"]
DECISIONS: Final = LABELS["decisions"]
HANDLER: Final = LABELS["handler"]
REASON: Final = LABELS["reason"]
STANDING: Final = LABELS["standing"]
IN_FAVOUR_OF: Final = LABELS["in_favour_of"]
_STYLES: Final = {"REOPENED": "bold red", "OVERTAKEN": "dim"}


def conflict_table(sheet: Sheet, document: CaseDocument) -> Table:
    """Return every conflict with its rule, whether it holds matters, and all values side by side."""
    table = sheet.table(CONFLICTS, (RULE, VALUE, RECORDED_AT))
    table.add_column(sheet.say(SOURCE), no_wrap=True)
    records = {entry["record_id"]: entry for entry in document["records"]}
    for conflict in document["conflicts"]:
        about = "\n".join(_rule(sheet, conflict))
        style = "red" if conflict["decisive"] else None
        for at, entry in enumerate(conflict["values"]):
            known = records.get(entry["record_id"])
            source = _record(sheet, known) if known else sheet.department(entry["department"])
            table.add_row(
                "" if at else about,
                in_lines(entry["value"]),
                local_time(entry["recorded_at"]),
                f"{source}\n{entry['record_id']}",
                style=style,
            )
    return table


def decision_table(sheet: Sheet, document: CaseDocument) -> Table:
    """Return every decision: what, by whom, why, when, and whether it still stands."""
    table = sheet.table(DECISIONS, (STANDING, HANDLER, REASON, RECORDED_AT))
    table.add_column(sheet.say(DECISIONS), no_wrap=True)
    records = {entry["record_id"]: entry for entry in document["records"]}
    for decision in document["decisions"]:
        table.add_row(
            sheet.both(words(STANDINGS, decision["standing"])),
            for_people(decision["handler"]),
            in_lines(decision["reason"]),
            local_time(decision["recorded_at"]),
            "\n".join(_decided(sheet, decision, records)),
            style=_STYLES.get(decision["standing"]),
        )
    return table


def _rule(sheet: Sheet, conflict: ConflictDocument) -> Iterator[str]:
    if conflict["rule"]:
        yield sheet.say(conflict_words(conflict["rule"], sheet.policy))
    yield sheet.say(field_words(conflict["field"], sheet.policy))
    if conflict["matter"] is not None:
        yield sheet.matter(conflict["matter"], conflict["instance"])
    yield sheet.say(DECISIVE if conflict["decisive"] else NOT_DECISIVE)


def _record(sheet: Sheet, entry: RecordEntryDocument) -> str:
    return sheet.record(entry["type"], entry["department"])


def _decided(
    sheet: Sheet, decision: DecisionEntryDocument, records: dict[str, RecordEntryDocument]
) -> Iterator[str]:
    """Yield the kind, the decision's own id, which revoking it needs, and what it is about."""
    yield sheet.both(words(DECISION_KINDS, decision["kind"]))
    yield decision["record_id"]
    if decision["matter"] is not None:
        yield sheet.matter(decision["matter"], decision["instance"])
    chosen = decision["in_favour_of"]
    if chosen is not None:
        named = f" {_record(sheet, records[chosen])}" if chosen in records else ""
        yield f"{sheet.say(IN_FAVOUR_OF)}:{named}"
        yield chosen
