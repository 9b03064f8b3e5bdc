"""What the faults came to, as a table at the end of the run and in `faults.md`."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # the table alone needs nothing of the real parts
    from tests.faults.judge import Verdict

ROW = "fault"
"""The property of a test's report that holds its row: so it comes from whichever process ran the test."""
HEAD = (
    "| fault | acknowledged | lost | twice | out of order | wrong | answered ACCEPTED / DUPLICATE / HELD / "
    "REJECTED / undecodable | receipts repeated | longest gap, s | longest wait, s |"
)
KINDS = ("ACCEPTED", "DUPLICATE", "HELD", "REJECTED", "UNDECODABLE")


@dataclass(frozen=True)
class Row:
    """One fault and what was found."""

    fault: str
    verdict: "Verdict"

    def __str__(self) -> str:
        found = self.verdict
        cells = (
            self.fault,
            f"{found.acknowledged:,}",
            *(len(one) for one in (found.lost, found.twice, found.disordered, found.wrong)),
            " / ".join(f"{found.answers[kind]:,}" for kind in KINDS),
            found.repeated,
            f"{found.longest_gap_s:.1f}",
            f"{found.longest_wait_s:.1f}",
        )
        return "| " + " | ".join(map(str, cells)) + " |"


def report(test: pytest.Item, row: Row) -> None:
    """Add a row to what is reported of a test."""
    test.user_properties.append((ROW, str(row)))


def table(reports: Iterable[pytest.TestReport]) -> list[str]:
    """Return the table's lines; none where no fault was done."""
    rows = [str(value) for one in reports for name, value in one.user_properties if name == ROW]
    if not rows:
        return []
    lines = [HEAD, "|---" * 10 + "|", *rows]
    if path := os.environ.get("EXCHANGE_FAULT_REPORT"):
        Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines
