"""Handlers send forms from two processes, while whatever stands between them and the log dies."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest

from consumers.read_model.assignments import Assignments
from exchange.desk.asker import shell
from exchange.desk.claims import CaseMatter, claim
from exchange.desk.desk import Desk, open_desk
from exchange.desk.publishing.publish import publish
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.waiting import wait_until
from producers.publisher import Publisher
from tests.case_reading import CaseReader
from tests.faults.amounts import RECORDS, RECOVERY_LIMIT_S, TIMEOUT_S, VERIFIED_WITHIN_S
from tests.faults.desk_senders import CHANGED, STEPS, THREADS, form_in, read_journal
from tests.faults.judge import Verdict
from tests.faults.load import KINDS, number_of
from tests.faults.mischief import BROKERS, WORKERS
from tests.faults.report import Row, report
from tests.journeys.log_tools import read_all, topics_of
from tests.running import kill_part, run_exchange, wait_for_next_life
from tests.waiting import wait_for
from topics.catalogue import CASES

pytestmark = [pytest.mark.long, pytest.mark.timeout(TIMEOUT_S)]

FIRST_PERSON: Final = 600_000
"""Nobody else's."""
FORMS_EACH: Final = sum(map(len, STEPS.values()))
PEOPLE: Final = -(-RECORDS // FORMS_EACH)
KILLED: Final = tuple(
    name
    for turn, senders in enumerate((*STEPS, "handlers"))
    for name in ("projector", "postgres", senders, BROKERS[turn], WORKERS[turn % 2])
)
AT_HAND: Final = 20
"""So many matters somebody has in hand; so many forms are sent once more at the end."""


def test_whatever_dies_each_form_is_one_record_or_was_said_not_to_have_gone(
    three: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """And sent again it is DUPLICATE; what handlers have in hand, they keep."""
    with open_desk(load_settings(three.home), 2) as desk:
        numbers = [number_of(FIRST_PERSON + n) for n in range(PEOPLE)]
        cases = {desk.case_ids.of_key(number): number for number in numbers}
        _die(desk, cases)
        in_hand = [CaseMatter(case_id, 9, None) for case_id in [*cases][:AT_HAND]]
        for matter in in_hand:
            claim(desk, shell("张敏"), matter)
        task = {"home": str(three.home), "cases": [*cases]}
        (tmp_path / "task.json").write_text(json.dumps(task), encoding="utf-8")
        with _Handlers(tmp_path) as handlers:
            for at, name in enumerate(KILLED, 1):
                handlers.until_answered(at / (len(KILLED) + 1))
                if name in STEPS:
                    handlers.kill(name)
                else:
                    wait_for_next_life(three.home, kill_part(three.home, name))
            handlers.finish()
        verdict = _judge(three, tmp_path, cases)
        report(request.node, Row("projector, database, desk, broker, worker killed (-9), 3 times", verdict))
        assert verdict.findings[:20] == []
        for line in [*_answered(tmp_path).values()][:AT_HAND]:
            wait_for("DUPLICATE", lambda line=line: _sent_again(desk, line) == "DUPLICATE", every_s=1)
        with psycopg.connect(three.postgres) as connection:
            assert connection.execute("SELECT * FROM work.under_way").fetchall() == []
        held = [
            Assignments(desk.database).claim(one.case_id, one.matter, one.instance, "王芳") for one in in_hand
        ]
        assert {one.assignee for one in held} == {"张敏"}
    verified = run_exchange("verify", "--home", str(three.home), limit_s=VERIFIED_WITHIN_S)
    assert verified.returncode == 0, verified.stderr


def _die(desk: Desk, cases: dict[str, str]) -> None:
    """Let everybody have died, in the read model, too."""
    death = {"recorded_at": "2026-03-02T09:00:00+08:00", "name": "张三", **KINDS["death_certificate"]}
    with Publisher(desk.settings) as publisher:
        records = (
            {"type": "death_certificate", "record": {"record_id": str(uuid4()), "id_number": number, **death}}
            for number in cases.values()
        )
        assert {one.status for one in publisher.publish(records)} == {"ACCEPTED"}
    reader = CaseReader(desk.settings)
    wait_for("the cases", lambda: all(map(reader.find, cases)), every_s=1)


class _Handlers:
    """The processes that send forms, each started again when it is killed; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "_Handlers":
        for name in STEPS:
            self._start(name)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()

    def kill(self, name: str) -> None:
        """Kill one at whatever it is just doing, and start it again."""
        self._running[name].kill()
        self._running[name].wait()
        self._start(name)

    def until_answered(self, share: float) -> None:
        """Return when this much of all forms has its answer."""
        wanted = int(PEOPLE * FORMS_EACH * share)
        answered = lambda: len(_answered(self._folder))  # noqa: E731
        assert wait_until(lambda: answered() >= wanted or self._ended(), RECOVERY_LIMIT_S, 0.2)
        assert answered() >= wanted, self._said()

    def finish(self) -> None:
        """Return when they have sent everything."""
        for process in self._running.values():
            assert process.wait(RECOVERY_LIMIT_S) == 0, self._said()

    def _start(self, name: str) -> None:
        command = [sys.executable, "-m", "tests.faults.desk_senders", str(self._folder), name]
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(command, stdout=log, stderr=log)

    def _ended(self) -> bool:
        return any(process.poll() for process in self._running.values())

    def _said(self) -> str:
        return "\n".join(log.read_text(encoding="utf-8") for log in self._folder.glob("*.log"))


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    for name in STEPS:
        for turn in range(THREADS):
            yield from read_journal(folder / f"{name}-{turn}.jsonl")


def _answered(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the forms that have their answer, by their records' ids, as they were written down."""
    forms, found = {}, {}
    for line in _lines(folder):
        if "form" in line:
            forms[line["form"]["record_id"]] = line
        elif line["end"] == "ANSWERED":
            found[line["record_id"]] = forms[line["record_id"]]
    return found


def _judge(settings: Settings, folder: Path, cases: dict[str, str]) -> Verdict:
    """Hold what the handlers were told against what is in the log."""
    answered = _answered(folder)
    gone = {line["record_id"] for line in _lines(folder) if line.get("end") == CHANGED}
    verdict = Verdict(len(answered))
    statuses: dict[str, list[str]] = defaultdict(list)
    told: set[str] = set()
    for _, _, one in read_all(settings, topics_of("receipts")):
        if one["receipt_id"] in told:
            verdict.repeated += 1
        else:
            statuses[one["record_id"]].append(one["status"])
        told.add(one["receipt_id"])
    last = {case_id: case for _, case_id, case in read_all(settings, [CASES], cases)}
    kept = Counter((case_id, one["record_id"]) for case_id, case in last.items() for one in case["records"])
    for record_id, line in answered.items():
        verdict.answers.update(statuses[record_id])
        if "ACCEPTED" not in statuses[record_id] or not kept[line["form"]["case_id"], record_id]:
            verdict.lost.append(f"answered, and not there: {line['form']['action']} {record_id}")
        if statuses[record_id].count("ACCEPTED") > 1 or kept[line["form"]["case_id"], record_id] > 1:
            verdict.twice.append(f"{line['form']['action']} {record_id}: {statuses[record_id]}")
    verdict.wrong += [f"said not to have gone: {one} {statuses[one]}" for one in gone if statuses[one]]
    if len(answered) != PEOPLE * FORMS_EACH:
        verdict.wrong.append(f"{len(answered)} forms are answered, not {PEOPLE * FORMS_EACH}")
    return verdict


def _sent_again(desk: Desk, line: dict[str, Any]) -> str | None:
    receipt = publish(desk, shell("handlers-0"), form_in(line["form"]), line["typed"]).receipt
    return receipt and receipt.status
