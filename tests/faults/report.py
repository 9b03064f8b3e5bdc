"""What the faults came to, as a table at the end of the run and in `faults.md`."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.judge import Verdict

ROWS = pytest.StashKey[list["Row"]]()
HEAD = (
    "| fault | acknowledged | lost | twice | out of order | wrong | answered ACCEPTED / DUPLICATE / HELD / "
    "REJECTED / undecodable | receipts repeated | longest gap, s | longest wait, s |"
)
KINDS = ("ACCEPTED", "DUPLICATE", "HELD", "REJECTED", "UNDECODABLE")


@dataclass(frozen=True)
class Row:
    """One fault and what was found."""

    fault: str
    verdict: Verdict

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


def report(config: pytest.Config, row: Row) -> None:
    """Add a row."""
    config.stash.setdefault(ROWS, []).append(row)


def table(config: pytest.Config) -> list[str]:
    """Return the table's lines; none where no fault was done."""
    rows = config.stash.get(ROWS, [])
    if not rows:
        return []
    lines = [HEAD, "|---" * 10 + "|", *map(str, rows)]
    if path := os.environ.get("EXCHANGE_FAULT_REPORT"):
        Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines
