"""What people read of conflicts, decisions, recoveries and of what is owed."""

from io import StringIO

import pytest
from rich.console import Console, RenderableType

from avro_schemas.catalogue import schema
from consumers.labels.rulings import DECISION_KINDS, HOLDS, STANDINGS, TASK_KINDS, TASK_STATES
from exchange.command.views.case import CaseView
from exchange.command.views.sheet import Sheet
from exchange.command.views.tasks import owed_table
from exchange.domain.policy import load_policy
from tests.case_documents import (
    BANK,
    ESTABLISHED_AT,
    case_document,
    conflict,
    decision,
    matter,
    record,
    task_document,
)
from topics.labels import Language, Words
from verification.acceptance_rules import FAULTS

POLICY = load_policy()
DATES = ("2026-01-03", "2026-01-04")


def printed(*parts: RenderableType) -> str:
    """What a terminal shows; no line of it is broken."""
    out = StringIO()
    console = Console(file=out, width=250, markup=False, highlight=False)
    for part in parts:
        console.print(part)
    return out.getvalue()


def case(language: Language = "zh", **more: object) -> str:
    """A case's view, without what is owed."""
    return printed(*CaseView(POLICY, language, ESTABLISHED_AT.date()).render(case_document(**more)))


def owed(*tasks: dict[str, object], language: Language = "zh") -> str:
    """A list of tasks."""
    return printed(owed_table(Sheet(POLICY, language), tasks))


def symbols(event: str, *path: str) -> set[str]:
    """The codes of a schema's enum, except the one that stands for all newer ones."""
    found = schema(event)
    for name in path:
        kind = next(field["type"] for field in found["fields"] if field["name"] == name)
        found = kind["items"] if kind["type"] == "array" else kind
    return set(found["symbols"]) - {"UNKNOWN"}


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (TASK_KINDS, symbols("task", "kind")),
        (TASK_STATES, symbols("task", "state")),
        (STANDINGS, symbols("case", "decisions", "standing")),
        (DECISION_KINDS, symbols("decision", "kind")),
    ],
)
def test_every_code_that_a_schema_knows_has_words(table: dict[str, Words], codes: set[str]) -> None:
    """Nobody has to read a code."""
    assert table.keys() == codes
    assert all(said.zh and said.en for said in table.values())


def test_a_conflict_is_told_by_its_rule_with_all_values_sources_and_times() -> None:
    """A handler weighs both sides, and has at hand what a decision must name."""
    text = case(conflicts=[conflict("deceased.death_time", *DATES, rule="death_date_differs", decisive=True)])
    for wanted in ("死亡日期不一致", "核定前暂停办理", *DATES, "市卫生健康委", "2026-01-05 10:30:00"):
        assert wanted in text
    other = case("en", conflicts=[conflict("cremation.cremation_time", *DATES, rule="cremation_differs")])
    assert "Dates of cremation differ" in other
    assert "affects no matter" in other
    assert "火化时间" in case(conflicts=[conflict("cremation.cremation_time", *DATES)])


def test_the_source_of_a_conflicting_value_is_the_record_that_has_it() -> None:
    """Two records of one department are told apart."""
    torn = conflict("deceased.death_time", *DATES, rule="death_date_differs", decisive=True)
    text = case(conflicts=[torn], records=[record("r", "death_certificate", "health")])
    conflicts = text.partition("数据冲突")[2].partition("记录 ·")[0]
    assert conflicts.count("死亡证明 (市卫生健康委)") == 2


def test_a_decision_says_what_by_whom_why_and_whether_it_stands() -> None:
    """Whoever comes next knows what was decided, and what must be decided again."""
    text = case(
        decisions=[
            decision("MATTER_HELD", matter=10, instance=BANK),
            decision("CONFLICT_RESOLVED", "REOPENED", in_favour_of="certificate-1"),
            decision("PERSON_UNLINKED", "OVERTAKEN", in_favour_of="elsewhere"),
        ]
    )
    for wanted in (
        *("暂停办理 · matter held", f"10 小额存款支取（{BANK}）", "窗口 03 张敏", "家属提供村委会证明"),
        *("有效 · in force", "须重新核定 · to be decided again", "已被后续核定取代"),
        *("采信或认定: 死亡证明 (市卫生健康委)", "certificate-1", "elsewhere", "decision-1"),
    ):
        assert wanted in text


def test_a_case_without_decisions_or_tasks_says_nothing_of_them() -> None:
    """Most cases have neither."""
    text = case()
    assert "核定 · Decisions" not in text
    assert "待办 · Owed" not in text


def test_a_completed_matter_that_must_be_recovered_says_so() -> None:
    """It is never undone silently."""
    text = case(matters=[matter(4, "human_resources", "COMPLETED", recovery=True)])
    assert "已办结 · completed" in text
    assert "须追回 · to be recovered" in text


def test_a_matter_that_a_handler_holds_waits_for_the_release() -> None:
    """Whom to call: the window."""
    held = {"prerequisite": "release", "owed_by": ["service_centre"], "since": None}
    text = case(matters=[matter(3, "police", "SUSPENDED", waiting_for=[held])])
    assert "恢复办理的核定（市政务服务中心）" in text


def test_a_record_that_counts_elsewhere_and_a_case_that_moved_say_where() -> None:
    """Nobody wonders why a record has no effect here."""
    gone = record("certificate-1", "death_certificate", "health", in_force=False, moved_to="f" * 32)
    text = case(records=[gone], forwards_to="f" * 32)
    assert f"已转至办件 {'f' * 32}" in text
    assert f"本办件已转至 {'f' * 32}" in text


def test_what_is_owed_in_a_case_stands_above_its_matters() -> None:
    """The first thing to do is the first thing to read."""
    text = printed(
        *CaseView(POLICY, "zh", ESTABLISHED_AT.date()).render(case_document(), [task_document(state="LATE")])
    )
    assert text.index("待办 · Owed") < text.index("事项 · Matters")
    assert "逾期 · late" in text
    assert text.count("0" * 31 + "1") == 1


def test_a_task_says_who_owes_what_about_what_since_when_and_until_when() -> None:
    """In words, and in Tianshui's time."""
    text = owed(task_document(matter=10, instance=BANK, owed_by="financial_regulation"))
    for wanted in (
        *("待办 · open", "签收通知", "acknowledge the announcement", "天水金融监管分局"),
        *(f"10 小额存款支取（{BANK}）", "2026-01-05 10:30:00", "2026-01-06 10:30:00"),
        *("0" * 31 + "1", "announcement-1", "时间均为北京时间"),
    ):
        assert wanted in text


def test_tasks_of_handlers_name_the_rule_the_doubt_or_the_decision() -> None:
    """A code says nothing to the window."""
    nothing = {"matter": None, "due": None, "owed_by": "service_centre"}
    text = owed(
        task_document(kind="RESOLVE_CONFLICT", subject="death_date_differs", **nothing),
        task_document(kind="IDENTIFY_PERSON", subject="name_differs", **nothing),
        task_document(kind="REVIEW_DECISION", subject="decision-1", **nothing),
        task_document(kind="RECOVER", subject="", **nothing),
        task_document(kind="IDENTIFY_PERSON", subject="newer_doubt", **nothing),
        language="en",
    )
    for wanted in (
        "Dates of death differ",
        "Names differ",
        "decision-1",
        "newer_doubt",
        "identify the person",
    ):
        assert wanted in text


def test_every_reason_for_which_a_person_is_in_doubt_has_words() -> None:
    """Nobody has to read a code."""
    assert HOLDS.keys() == {
        *("name_differs", "birth_date_differs", "sex_differs", "person_without_number", "unlinked"),
        *FAULTS,
        "amendments_differ",
    }


def test_what_a_terminal_would_obey_is_not_passed_on_from_a_decision() -> None:
    """A reason is a text that somebody typed."""
    assert "\x1b" not in case(decisions=[decision("MATTER_HELD", reason="\x1b[2J", handler="\x1b]0;")])
