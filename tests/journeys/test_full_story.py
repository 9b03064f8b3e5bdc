"""The whole way on the real parts: from a death in hospital to the last result, and who received what."""

import io
import json
import subprocess
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from rich.console import Console

from exchange.runtime.settings import Settings
from tests.full_story import BANK, EVENTS, IN_THE_END, NUMBER, SLOW
from tests.journeys.live import Document, Live
from tests.received import side_by_side
from topics.catalogue import load_catalogue

Exchange = Callable[..., subprocess.CompletedProcess[str]]
REMINDERS = {"DUE_SOON", "OVERDUE"}
WAYS = {
    **{matter: ["READY", "APPLIED", "COMPLETED"] for matter in SLOW},
    7: ["READY", "APPLIED", "ACCEPTED", "COMPLETED"],
    12: ["READY", "APPLIED", "REJECTED", "APPLIED", "COMPLETED"],
}
CAUSE, PLACE, FACTORY, CARD, DEED = (
    "急性心肌梗死",
    "天水市第一人民医院",
    "天水长城开关厂",
    "6217000000000000001",
    "(2026)天公证字第31号",
)
SEEN_BY = {
    CAUSE: {"health", "police"},
    PLACE: {"health", "police"},
    FACTORY: set(),
    CARD: {"human_resources", "medical_insurance"},
    DEED: {"provident_fund", "justice", "market_regulation"},
}
"""What of the story each department may be told (按需共享); everybody but the banks hears when she died."""


@pytest.fixture(scope="module")
def live(stack: Settings) -> Live:
    """The exchange after everything has happened: what came on one day comes together."""
    live = Live(stack)
    days: dict[str, list[object]] = {}
    for event in EVENTS:
        phase = "before" if event.at < "2026-09-29T12" else event.at[:10]
        days.setdefault(phase, []).append(event.record)
    for records in days.values():
        assert set(live.publish(*records)) == {"ACCEPTED"}  # type: ignore[arg-type]
    return live


@pytest.fixture(scope="module")
def told(live: Live) -> list[Document]:
    """Everything that departments heard of the case."""
    return live.told(NUMBER)


def test_all_matters_are_done(live: Live) -> None:
    """Each by its own department, the bank's under its name."""
    states = {(one["matter"], one["instance"]): one["state"] for one in live.case(NUMBER)["matters"]}
    assert states == dict(IN_THE_END)


@pytest.mark.parametrize("matter", WAYS)
def test_each_matter_goes_from_ready_to_done(told: list[Document], matter: int) -> None:
    """The one that was rejected is applied for twice."""
    steps = (one["transition"] for one in told if one["matter"] == matter)
    assert [step for step, _ in groupby(step for step in steps if step not in REMINDERS)] == WAYS[matter]


def test_each_department_received_what_it_may_see_and_nothing_else(
    told: list[Document], capsys: pytest.CaptureFixture[str]
) -> None:
    """Printed side by side for whoever wants to check it by eye (`pytest -s`), and checked here."""
    deciding = load_catalogue().deciding
    texts = {
        name: json.dumps([one for one in told if one["department"] == name], default=str, ensure_ascii=False)
        for name in deciding
    }
    seen = {secret: {name for name in deciding if secret in texts[name]} for secret in SEEN_BY}
    paper = Console(file=io.StringIO(), width=320)
    paper.print(side_by_side(told, deciding))
    print(paper.file.getvalue())  # type: ignore[attr-defined]  # noqa: T201 - this is the point
    assert "各部门收到的内容" in capsys.readouterr().out
    assert seen == SEEN_BY


def test_banks_hear_the_date_of_death_and_never_the_hour(told: list[Document]) -> None:
    """Fact, identity and date only."""
    banks = [one for one in told if one["department"] == "financial_regulation"]
    assert {one["instance"] for one in banks} == {BANK}
    assert all("22:10" not in json.dumps(one["draft"], default=str, ensure_ascii=False) for one in banks)


def test_the_family_reads_what_became_of_it_all(live: Live, exchange: Exchange, tmp_path: Path) -> None:
    """One page of progress, and the form as it was handed in."""
    home = str(live.settings.home)
    page = exchange("progress", live.case_id(NUMBER), "--lang", "zh", "--home", home)
    assert (page.returncode, "共11项，已办结11项" in page.stdout) == (0, True), page.stdout + page.stderr
    paper = tmp_path / "form.pdf"
    printed = exchange("form", live.case_id(NUMBER), "--pdf", str(paper), "--home", home)
    assert (printed.returncode, paper.read_bytes()[:5]) == (0, b"%PDF-"), printed.stderr
