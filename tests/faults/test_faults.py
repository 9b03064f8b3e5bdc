"""Whatever dies, stands still or is away while records come in: what was acknowledged takes effect, once.

An observer outside the exchange writes down what the brokers acknowledged, and afterwards judges by the log
alone. The two commonest faults are done in every `make test`, all of them in `make faults`.
"""

import subprocess
from collections.abc import Iterator

import libfaketime
import pytest

from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from tests.faults.amounts import FEW, MOST_PER_S, RECORDS, RECOVERY_LIMIT_S, TIMEOUT_S
from tests.faults.answers import Answers
from tests.faults.judge import judge
from tests.faults.load import make_load
from tests.faults.mischief import COMMONEST, ON_A_SMALL_MACHINE, ON_THREE_BROKERS, Fault, Place, clock_of
from tests.faults.observer import Observer
from tests.faults.report import Row, report
from tests.running import running_exchange

DISK_MB = 1200 + RECORDS // 25
FIRST_OF_COMMONEST = 500_000
"""Their people are nobody else's."""

pytestmark = pytest.mark.timeout(TIMEOUT_S)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """An exchange whose data lie on a disk that can be filled, and whose clock can be stepped."""
    home = tmp_path_factory.mktemp("small") / "home"
    (home / "data").mkdir(parents=True)
    clock_of(home).write_text("+0", encoding="ascii")
    _, stepping = libfaketime.get_reload_information()
    disk = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", str(home / "data")]
    if subprocess.run(disk, check=False).returncode:
        pytest.skip("no right to mount a disk here")
    try:
        environment = {**stepping, "FAKETIME_TIMESTAMP_FILE": str(clock_of(home))}
        with running_exchange(home=home, environment=environment) as settings:
            yield settings
    finally:
        subprocess.run(["umount", "--lazy", str(home / "data")], check=True)


def named(faults: tuple[Fault, ...]) -> pytest.MarkDecorator:
    """Each fault by its name, with its place among its like."""
    return pytest.mark.parametrize(
        ("turn", "fault"), list(enumerate(faults)), ids=[fault.do.__name__ for fault in faults]
    )


@named(COMMONEST)
def test_a_worker_or_a_broker_killed_takes_nothing_acknowledged_with_it(
    three: Settings, turn: int, fault: Fault, request: pytest.FixtureRequest
) -> None:
    """Each record has one answer, its place in one case, and each department what stands."""
    assert _done(three, fault, FIRST_OF_COMMONEST + turn * FEW, FEW, request) == []


@pytest.mark.long
@named(ON_THREE_BROKERS)
def test_nothing_acknowledged_is_lost_or_done_twice(
    three: Settings, turn: int, fault: Fault, request: pytest.FixtureRequest
) -> None:
    """The same of all that may go wrong in a machine room."""
    assert _done(three, fault, turn * RECORDS, RECORDS, request) == []


@pytest.mark.long
@named(ON_A_SMALL_MACHINE)
def test_nothing_is_lost_on_a_small_machine_either(
    small: Settings, turn: int, fault: Fault, request: pytest.FixtureRequest
) -> None:
    """With room again, all go on from where they stopped; the log's time is the brokers' own."""
    assert _done(small, fault, turn * RECORDS, RECORDS, request) == []


def _done(
    settings: Settings, fault: Fault, first_person: int, records: int, request: pytest.FixtureRequest
) -> list[str]:
    """Do one fault under load, wait until all is answered, and return what must not be."""
    load = make_load(settings, first_person, records)
    rate = min(MOST_PER_S, len(load.messages) / fault.load_s)
    with Answers(settings) as answers:
        with Observer(settings, load, rate) as observer:
            fault.do(Place(settings, observer))
        assert observer.failed == []
        wait_until(lambda: not answers.missing(observer.acknowledged), RECOVERY_LIMIT_S, 0.5)
        verdict = judge(settings, observer, answers)
    report(request.node, Row(fault.name, verdict))
    return verdict.findings[:20]
