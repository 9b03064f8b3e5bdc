"""The tutorial and the programs of the how-tos, done for real, as a reader would do them."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from exchange.domain.policy import load_policy
from exchange.runtime.settings import Settings
from tests.docs.pages import DOCS, blocks
from tests.running import run_exchange
from tests.waiting import PATIENCE_S, wait_for

TUTORIAL = DOCS / "tutorials" / "first-death.md"


class Walk:
    """A reader in a folder of their own, with the exchange that runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[tuple[str, list[str]]] = []

    def follow(self, page: Path) -> None:
        """Save each record under the name that the next command uses, and type every command of ours."""
        saved = ""
        for block in blocks(page):
            if block.info == "json record":
                saved = block.text
            elif block.info == "sh":
                for line in block.lines:
                    self.type(line, saved)

    def type(self, line: str, saved: str) -> None:
        """Type one line; what starts and stops the exchange is the fixture's."""
        words = shlex.split(line)
        if words[0] != "exchange":
            return
        if words[1] == "publish" and not (self.folder / words[2]).exists():
            (self.folder / words[2]).write_text(saved, encoding="utf-8")
        done = run_exchange(*words[1:])
        assert done.returncode == 0, (words, done.stderr)
        self.said.append((line, done.stdout.splitlines()))

    def run(self, program: str) -> str:
        """Run a program in the folder; it must end well, and has printed this."""
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def lines(self, beginning: str) -> list[str]:
        """What the last command with this beginning printed."""
        return [lines for line, lines in self.said if line.startswith(beginning)][-1]


@pytest.fixture
def walk(stack: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """A reader whose commands use the running stack."""
    monkeypatch.setenv("EXCHANGE_HOME", str(stack.home))
    monkeypatch.chdir(tmp_path)
    return Walk(tmp_path)


def test_the_tutorial_does_what_it_says(walk: Walk) -> None:
    """Somebody new sees, at the first try, what the page promises."""
    walk.follow(TUTORIAL)
    answers = [lines for said, lines in walk.said if "--as health" in said]
    receipts = [json.loads(line) for lines in answers for line in lines]
    assert [receipt["status"] for receipt in receipts] == ["ACCEPTED", "DUPLICATE"]
    case_id = receipts[0]["case_id"]
    told = {
        department: [
            announcement
            for announcement in map(
                json.loads, walk.lines(f"exchange follow {department} --from-start --until-idle 1 --json")
            )
            if announcement["case_id"] == case_id
        ]
        for department in ("human_resources", "police")
    }
    assert [(one["matter"], one["transition"]) for one in told["human_resources"]] == [
        (4, "READY"),
        (5, "READY"),
    ]
    for department, announcements in told.items():
        assert all(set(one["draft"]) <= load_policy().grants[department] for one in announcements)
    assert "further.death_cause" in told["police"][0]["draft"]
    masked, shown = (lines for said, lines in walk.said if said.startswith("exchange case"))
    assert "620503194907150462" not in "".join(masked)
    assert "620503194907150462" in "".join(shown)


def test_the_programs_on_the_pages_run(walk: Walk) -> None:
    """A department's and an auditor's programmer begin with something that works."""
    published = walk.run(program("department"))
    assert "ACCEPTED" in published or "DUPLICATE" in published
    look = ("case", "620503194907150462", "--actor", "审计 赵强")
    wait_for("the case", lambda: run_exchange(*look).returncode == 0)
    assert "审计 赵强 case" in walk.run(program("auditor"))


def program(role: str) -> str:
    """The program on a how-to page."""
    return blocks(DOCS / "how-to" / f"{role}.md", "python")[0].text
