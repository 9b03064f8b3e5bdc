"""The demo's tables: what became of the records, where each department stands, what was turned away."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from avro_schemas.typed_documents import CaseDocument, MatterDocument, MatterStateSymbol
from consumers.labels.words import STATES, department_words, prerequisite_words
from exchange.command.demo.checks import STATUSES
from exchange.command.demo.publishing import PublishedCity
from exchange.domain.policy import Policy
from producers.receipts import Receipt
from topics.catalogue import Catalogue
from topics.labels import Labels

LABELS: Final = Labels(__file__)
_MOST_WAITED_FOR = 3
_GOING_ON: Final[tuple[MatterStateSymbol, ...]] = ("APPLIED", "ACCEPTED", "REJECTED")
_COUNTED = ("records", "cases", "ready", "under_way", "done")


def totals(lines: int, published: PublishedCity, cases: Mapping[str, CaseDocument]) -> Text:
    """How many records came to what, and how many people they are about."""
    counts = Counter(receipt.status for receipt in published.receipts)
    established = [case for case in cases.values() if case["death_established"]]
    conflicts = sum(bool(case["conflicts"]) for case in cases.values())
    duplicates = sum(bool(r["duplicate_of"]) for case in cases.values() for r in case["records"])
    told = ", ".join(f"{status} {counts[status]}" for status in STATUSES)
    text = Text(f"\n{LABELS['happened'].both('zh')}\n", style="bold")
    records, receipts = LABELS["records"], LABELS["receipts"]
    named = {name: said.both("zh", " ") for name, said in LABELS.table("totals").items()}
    body = (
        f"  {lines} {records.zh}，{len(published.receipts)} {receipts.zh} "
        f"{records.en} and {receipts.en}: {told}; {published.seconds:.1f} s\n"
        f"  {len(cases)} {named['people']}; {named['established']}: {len(established)}; "
        f"{named['conflicts']}: {conflicts}; {named['duplicates']}: {duplicates}"
    )
    return text.append(body, style="not bold")


def department_table(
    published: PublishedCity, cases: Mapping[str, CaseDocument], catalogue: Catalogue, policy: Policy
) -> Table:
    """One row per department that decides matters: what it handed in, what lies before it, what it waits for.

    Only deaths count: of the living nobody waits for anything.
    """
    columns = LABELS.table("columns")
    table = _table(LABELS["departments"].both("zh"), columns["department"].both("zh", "\n"))
    for counted in _COUNTED:
        table.add_column(columns[counted].both("zh", "\n"), justify="right")
    table.add_column(columns["waiting"].both("zh", "\n"), overflow="fold")
    handed_in = _handed_in(published, catalogue)
    for code in catalogue.deciding:
        matters = [
            (case["case_id"], matter)
            for case in cases.values()
            if case["death_established"]
            for matter in case["matters"]
            if matter["department"] == code and matter["state"] != "NOT_APPLICABLE"
        ]
        states = Counter(matter["state"] for _, matter in matters)
        name = department_words(code, policy)
        table.add_row(
            name.both("zh", "\n"),
            str(handed_in[code]),
            str(len({case_id for case_id, _ in matters})),
            str(states["READY"]),
            str(sum(states[state] for state in _GOING_ON)),
            str(states["COMPLETED"]),
            "\n".join(_waited_for([matter for _, matter in matters], policy)) or "–",
        )
    return table


def reason_tables(published: PublishedCity) -> Iterator[Table]:
    """Rejected and held records by reason, each with a sentence as its department got it."""
    for status, title in LABELS.table("refused").items():
        found: dict[str, list[Receipt]] = {}
        for receipt in published.receipts:
            if receipt.status == status:
                found.setdefault(receipt.reasons[0].code, []).append(receipt)
        table = _table(
            f"{title.both('zh')}: {sum(map(len, found.values()))}", LABELS["reason"].both("zh", " ")
        )
        table.add_column("", justify="right")
        table.add_column(LABELS["example"].both("zh", " "), overflow="fold")
        for code, receipts in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
            example = receipts[0].reasons[0]
            table.add_row(code, str(len(receipts)), f"{example.message_zh}\n{example.message_en}")
        yield table


def _handed_in(published: PublishedCity, catalogue: Catalogue) -> Counter[str]:
    """How many records each department published, whatever became of them."""
    owners = catalogue.owners
    return Counter(
        owners.get(line["type"]) or str(line["record"].get("department")) for line in published.lines
    )


def _waited_for(matters: list[MatterDocument], policy: Policy) -> Iterator[str]:
    """What is waited for most, with who owes it and how often."""
    wanted = Counter(
        (entry["prerequisite"], tuple(entry["owed_by"]))
        for matter in matters
        if matter["state"] == "WAITING"
        for entry in matter["waiting_for"]
    )
    for (prerequisite, owed_by), count in wanted.most_common(_MOST_WAITED_FOR):
        name = prerequisite_words(prerequisite, policy)
        owing = "、".join(department_words(code, policy).zh for code in owed_by)
        yield f"{count} × {name.both('zh', ' ')} ← {owing}"
    if suspended := sum(matter["state"] == "SUSPENDED" for matter in matters):
        yield f"{suspended} × {STATES['SUSPENDED'].both('zh', ' ')}"


def _table(title: str, first: str) -> Table:
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.add_column(first, no_wrap=True)
    return table
