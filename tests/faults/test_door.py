"""Departments hand in over HTTP and follow what they are told, while whatever stands between dies."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from exchange.domain.credentials import CredentialRequest, Holder
from exchange.runtime.credentials.desk import Issued, open_desk
from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_addresses
from life_events_client import Client
from tests.case_documents import announcement_document
from tests.faults.amounts import RECORDS, RECOVERY_LIMIT_S, TIMEOUT_S
from tests.faults.handed_in import HandedIn, hand_in, judge_door, unanswered
from tests.faults.load import number_of
from tests.faults.mischief import BROKERS, WORKERS, paused
from tests.faults.report import Row, report
from tests.faults.senders import STEPS
from tests.journeys.cable import cable_to
from tests.journeys.door import Answered, Door, cremation, line
from tests.journeys.log_tools import Tally, publish_events, topics_of
from tests.running import kill_part, wait_for_next_life
from tests.waiting import wait_for
from topics.catalogue import matters_topic

pytestmark = [pytest.mark.long, pytest.mark.timeout(TIMEOUT_S)]

FIRST_PERSON, FIRST_UNHEARD = 700_000, 790_000
"""Nobody else's."""
CLIENT = "client"
KILLED = tuple(
    name for turn in range(3) for name in ("gateway", CLIENT, WORKERS[turn % 2], BROKERS[(turn + 1) % 3])
)
assert len(KILLED) == STEPS
INTO_A_STEP = 0.3
"""When so much of a step is answered, something is killed."""
CASES_ANNOUNCED, CUTS, GATEWAY_KILLS = 100, 50, 3


def test_whatever_dies_what_departments_hand_in_has_one_verdict(
    three: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """By a batch, singly and by the outbox at once: none is lost, repeats are DUPLICATE, the order stays."""
    handed_in = hand_in(FIRST_PERSON, RECORDS)
    _prepare(three, handed_in, tmp_path)
    total = sum(map(len, handed_in.lines.values()))
    with closing(Tally(three, topics_of("receipts"))) as receipts, _Senders(tmp_path) as senders:
        before = receipts.count()
        for step, name in enumerate(KILLED):
            _release(tmp_path, step + 1)
            wanted = before + total * (step + INTO_A_STEP) / STEPS
            senders.wait_for("receipts", lambda wanted=wanted: receipts.count() >= wanted)
            if name == CLIENT:
                senders.kill()
            else:
                wait_for_next_life(three.home, kill_part(three.home, name))
        senders.finish()
    wait_for("all receipts", lambda: not unanswered(three, handed_in), every_s=2, limit_s=RECOVERY_LIMIT_S)
    verdict = judge_door(three, handed_in)
    report(request.node, Row("gateway, client, worker, broker killed (-9), three times each", verdict))
    assert verdict.findings[:20] == []


def _prepare(settings: Settings, handed_in: HandedIn, folder: Path) -> None:
    departments = sorted({department for department, _ in handed_in.lines})
    issued = {department: _issue(settings, department) for department in departments}
    secrets = {name: (one.credential.credential_id, one.client_secret) for name, one in issued.items()}
    task = {"url": read_addresses(Home(settings.home))["gateway"], "credentials": secrets}
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    for (department, way), lines in handed_in.lines.items():
        written = "".join(f"{json.dumps(line)}\n" for line in lines)
        (folder / f"{department}-{way}.jsonl").write_text(written, encoding="utf-8")
    _release(folder, 0)


def _issue(settings: Settings, department: str) -> Issued:
    request = CredentialRequest("faults", datetime.now(UTC), "admin", "tests")
    issued = open_desk(settings).create(Holder(department), request)
    form = {"grant_type": "client_credentials", "client_id": issued.credential.credential_id}
    url = f"{read_addresses(Home(settings.home))['gateway']}/oauth/token"
    signed = {**form, "client_secret": issued.client_secret}
    wait_for("a token", lambda: httpx2.post(url, data=signed, timeout=60).is_success)
    return issued


def _release(folder: Path, steps: int) -> None:
    new = folder / "released.new"
    new.write_text(str(steps), encoding="ascii")
    new.replace(folder / "released")


class _Senders:
    """The departments' process, started again when it is killed; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> "_Senders":
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def kill(self) -> None:
        """Kill it at whatever it is just doing, and start it again."""
        self._process.kill()
        self._process.wait()
        self._start()

    def finish(self) -> None:
        """Return when it has handed in everything, and has every receipt."""
        assert self._process.wait(RECOVERY_LIMIT_S) == 0, self._said()

    def wait_for(self, what: str, condition: object) -> None:
        """Wait for something to come of what it does."""

        def holds() -> bool:
            assert self._process.poll() is None, self._said()
            return bool(condition())  # type: ignore[operator]

        wait_for(what, holds, every_s=0.2, limit_s=RECOVERY_LIMIT_S, seen=self._said)

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.faults.senders", str(self._folder)]
        with (self._folder / "said").open("ab") as said:
            self._process = subprocess.Popen(command, stdout=said, stderr=said)

    def _said(self) -> str:
        return (self._folder / "said").read_text(encoding="utf-8")[-4000:]


def test_while_no_broker_answers_nothing_is_said_to_be_taken_and_then_the_same_goes_through(
    stack: Settings,
) -> None:
    """Singly, under a key, by a batch or refused: 503 and when to come again, and one verdict in the end."""
    batch_id, key = str(uuid4()), {"Idempotency-Key": str(uuid4())}
    single, keyed, in_batch = (cremation(number_of(FIRST_UNHEARD + turn)) for turn in range(3))
    with Door(stack, Holder("civil_affairs")) as door, ThreadPoolExecutor() as pool:
        ways = {
            lambda: door.publish("cremation", single): 202,
            lambda: door.publish("cremation", keyed, **key): 202,
            lambda: door.put(batch_id, line(in_batch)): 202,
            lambda: door.publish("cremation", cremation("1")): 422,
        }

        def answers() -> list[Answered]:
            return list(pool.map(lambda hand_in: hand_in(), ways))

        with paused(stack, "kafka"):
            away = answers()
        assert [(one.status_code, one.json()["code"]) for one in away] == [(503, "part_away")] * len(ways)
        assert all(int(one.headers["retry-after"]) > 0 for one in away)
        wait_for("all to be taken", lambda: [one.status_code for one in answers()] == [*ways.values()])
        for record in (single, keyed, in_batch):
            assert door.publish("cremation", record, "?wait=60").json()["status"] == "DUPLICATE"
            found = door.get(f"/v1/receipts/{record['record_id']}")["receipts"]
            assert Counter(one["status"] for one in found)["ACCEPTED"] == 1


@pytest.mark.leaves("forgeries")
def test_who_follows_over_a_stream_cut_again_and_again_has_each_announcement_once(
    stack: Settings, tmp_path: Path
) -> None:
    """In the order of each case; the connection is cut fifty times, and the gateway killed in between."""
    department, count = "police", max(2 * RECORDS, CUTS)
    issued = _issue(stack, department)
    cases = [uuid4().hex for _ in range(CASES_ANNOUNCED)]
    announced = [(str(uuid4()), cases[number % CASES_ANNOUNCED]) for number in range(count)]
    documents = [announcement_document(*one, department=department) for one in announced]
    publish_events(stack, matters_topic(department), "announcement", documents)
    wanted = {one for one, _ in announced}
    with cable_to(read_addresses(Home(stack.home))["gateway"]) as cable:
        secrets = (issued.credential.credential_id, issued.client_secret)
        with Client(cable.url, *secrets, store=tmp_path / "follower", patience_s=RECOVERY_LIMIT_S) as client:
            told = (one for one in client.announcements() if one.id in wanted)
            heard = []
            for cut in range(CUTS):
                heard += islice(told, count // CUTS)
                cable.cut()
                if cut % (CUTS // GATEWAY_KILLS) == 1:
                    kill_part(stack.home, "gateway")
                cable.mend()
            heard += islice(told, count - len(heard))
    assert cable.cuts >= CUTS
    assert len(heard) == len({one.id for one in heard}) == count
    assert _by_case((one.id, one.case_id) for one in heard) == _by_case(announced)


def _by_case(announced: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for announcement_id, case_id in announced:
        found[case_id].append(announcement_id)
    return found
