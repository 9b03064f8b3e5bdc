"""A process that sends forms, as a desk does, and is killed: several threads, each with cases of its own.

What a thread is about to send is written down before, and what it was told after: so the next process goes on
with the form that was under way. The process is started with the folder that has its work, and with its name.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from exchange.desk.actions.drawn import DrawnForm, FormSubject
from exchange.desk.asker import shell
from exchange.desk.desk import Desk, open_desk
from exchange.desk.drawing import draw
from exchange.desk.publishing.outcome import form_row
from exchange.desk.publishing.publish import publish
from exchange.runtime.errors import ExchangeError
from exchange.runtime.settings import load_settings
from tests.people import id_number

THREADS: Final = 3
PATIENCE_S: Final = 1800.0
CHANGED: Final = "CHANGED"
_LOOK_S: Final = 1.0
_APPLICANT: Final = {"name": "赵小明", "id_number": id_number(sequence=75), "relation": "子女"}
_DISPUTED: Final = ("decide", FormSubject(11, kind="MATTER_HELD"), {"reason": "等待"})
"""Both processes decide this: who comes second is told so, and decides anew."""
STEPS: Final[Mapping[str, Sequence[tuple[str, FormSubject, Mapping[str, Any]]]]] = {
    "handlers": (
        ("apply", FormSubject(), {"matters": ["9"], "applicant": _APPLICANT, "channel": "WINDOW"}),
        ("examine", FormSubject(), {"originals_sighted": ["1", "2", "4"]}),
        _DISPUTED,
        ("accept", FormSubject(9), {}),
        _DISPUTED,
        ("result", FormSubject(9), {"outcome": "COMPLETED", "document_no": "天司9号"}),
        ("hand_out", FormSubject(), {"delivery": "WINDOW"}),
    ),
    "rivals": (_DISPUTED,) * 7,
}
"""By process, what is done with each case, in this order."""


class Journal:
    """What one thread has sent, and what it was told: a line before each form, and one after each time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.lines: list[dict[str, Any]] = [*read_journal(file)]

    def write(self, **line: Any) -> dict[str, Any]:
        """Write a line and return it; a process that is killed after this has written it."""
        self.lines.append(line)
        with self._file.open("a", encoding="utf-8") as journal:
            journal.write(f"{json.dumps(line, ensure_ascii=False)}\n")
        return line

    @property
    def done(self) -> int:
        """How many forms have their answer."""
        return sum(line.get("end") == "ANSWERED" for line in self.lines)

    @property
    def under_way(self) -> dict[str, Any] | None:
        """The form of which nobody was told yet what became of it for good."""
        last = self.lines[-1] if self.lines else {"end": "ANSWERED"}
        if last.get("end") in {"ANSWERED", CHANGED}:
            return None
        return next(line for line in reversed(self.lines) if "form" in line)


def read_journal(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines that there are."""
    yield from map(json.loads, file.read_text(encoding="utf-8").splitlines() if file.exists() else ())


def form_in(row: Mapping[str, Any]) -> DrawnForm:
    """Return a form as it was written down."""
    moment, subject = datetime.fromisoformat(row["recorded_at"]), FormSubject(**row["subject"])
    return DrawnForm(**{**row, "recorded_at": moment, "subject": subject, "questions": ()})


@dataclass(frozen=True)
class Sender:
    """One thread's work."""

    desk: Desk
    journal: Journal
    name: str

    def work(self, cases: Sequence[str]) -> None:
        """Do all that is to be done with each case and was not done before."""
        every = [(case_id, step) for case_id in cases for step in STEPS[self.name.partition("-")[0]]]
        for case_id, step in every[self.journal.done :]:
            end = time.monotonic() + PATIENCE_S
            while not self._is_done(case_id, *step):
                assert time.monotonic() < end, f"{self.name} has tried {step[0]} of {case_id} for too long"
                time.sleep(_LOOK_S)

    def _is_done(self, case_id: str, action: str, subject: FormSubject, answers: Mapping[str, Any]) -> bool:
        line = self.journal.under_way or self._drawn(case_id, action, subject, answers)
        if line is None:
            return False
        outcome = publish(self.desk, shell(self.name), form_in(line["form"]), line["typed"])
        assert outcome.end != "UNFIT", outcome.reasons
        assert outcome.receipt is None or outcome.is_in, outcome.receipt
        self.journal.write(record_id=line["form"]["record_id"], end=outcome.end)
        return outcome.end == "ANSWERED"

    def _drawn(
        self, case_id: str, action: str, subject: FormSubject, answers: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Draw a form and write it down; None while a part is away."""
        try:
            form = draw(self.desk, shell(self.name), action, case_id, subject)
        except ExchangeError:
            return None
        results = {one.name: [*one.choices] for one in form.questions if one.all_by_default}
        return self.journal.write(form=form_row(form), typed={**answers, **results})


def main(folder: Path, name: str) -> None:
    """Send everything; return when all of it is answered."""
    task = json.loads((folder / "task.json").read_bytes())
    with open_desk(load_settings(Path(task["home"])), THREADS) as desk, ThreadPoolExecutor(THREADS) as pool:
        running = [
            pool.submit(
                Sender(desk, Journal(folder / f"{name}-{turn}.jsonl"), f"{name}-{turn}").work,
                task["cases"][turn::THREADS],
            )
            for turn in range(THREADS)
        ]
        for failed in (one for one in wait(running, return_when=FIRST_EXCEPTION).done if one.exception()):
            traceback.print_exception(failed.exception())
            os._exit(1)  # the others would go on for as long as they have patience


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
