"""What the join counts of a batch, and that it counts nobody."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from exchange.folding.cloud_events import CORRELATION
from exchange.folding.memory_states import MemoryStates
from exchange.runtime.home import Home
from exchange.runtime.join.delivery import DeliveryFailedError, FencedError
from exchange.runtime.join.meters import CAUSES, Meters
from exchange.runtime.metrics import STOP_CAUSES
from exchange.runtime.monitor import Monitor, stops_of
from tests.cases import given
from tests.made_log import CATALOGUE, Log, Message, new_step
from tests.people import LI_XIULAN
from verification.reasons import catalogue as reasons

NAMES = ("李秀兰", LI_XIULAN)


class Counted:
    """Meters, and the page that they make."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.home.create()
        self.monitor = Monitor("joiner")
        self.meters = Meters(self.monitor, self.home, CATALOGUE)
        self.states = MemoryStates()
        self.step = new_step()

    def take(self, *messages: Message) -> None:
        """Take a batch and count it."""
        batch = self.step.run(messages, self.states)
        self.states.apply(batch)
        self.meters.batch_done(batch, len(messages), 0.02, time.time())

    def page(self) -> str:
        """What is served."""
        return generate_latest(self.monitor.registry).decode()


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    """Meters at zero."""
    return Counted(tmp_path / "home")


def now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def test_records_are_counted_by_type_and_outcome_and_reasons_by_code(counted: Counted) -> None:
    """An operator sees what comes in and what of it is turned away, and why."""
    log = Log()
    certificate = log.message(given("death_certificate"), at_ms=now_ms())
    again = log.message(given("death_certificate"), at_ms=now_ms())
    broken = log.append("records.cremation", certificate.partition(), b"x", b"no framing", now_ms())
    elsewhere = log.message(given("social_insurance"), key="another", at_ms=now_ms())
    counted.take(certificate, again, broken, elsewhere)
    page = counted.page()
    for line in (
        'exchange_records_total{outcome="ACCEPTED",type="death_certificate"} 1.0',
        'exchange_records_total{outcome="DUPLICATE",type="death_certificate"} 1.0',
        'exchange_records_total{outcome="UNDECODABLE",type="cremation"} 1.0',
        'exchange_records_total{outcome="REJECTED",type="social_insurance"} 1.0',
        'exchange_reasons_total{code="not_framed"} 1.0',
        'exchange_reasons_total{code="key_differs"} 1.0',
        'exchange_quarantined_total{department="civil_affairs"} 1.0',
        'exchange_quarantined_total{department="human_resources"} 1.0',
        "exchange_batch_records_sum 4.0",
        "exchange_outcome_seconds_count 4.0",
    ):
        assert line in page
    assert not any(name in page for name in NAMES)


def test_announcements_are_counted_by_department_with_how_long_they_took(counted: Counted) -> None:
    """They count from the log's append time of what caused them: what a department feels."""
    counted.take(Log().message(given("death_certificate"), at_ms=now_ms() - 2000))
    page = counted.page()
    told = [line for line in page.splitlines() if line.startswith("exchange_announcements_total{")]
    assert told
    assert sum(float(line.split()[-1]) for line in told) > 0
    assert 'exchange_announced_seconds_bucket{le="1.0"} 0.0' in page
    assert 'exchange_announced_seconds_bucket{le="30.0"} 0.0' not in page


def test_a_reason_that_has_not_come_yet_is_counted_as_none(counted: Counted) -> None:
    """An alarm at an increase would miss the first one, if there were nothing before it."""
    page = counted.page()
    assert all(f'exchange_reasons_total{{code="{code}"}} 0.0' in page for code in reasons())


def test_why_a_worker_stops_outlives_it(counted: Counted) -> None:
    """Its own counters begin anew with its next life, before anybody has read them."""
    for problem in (FencedError("x"), FencedError("x"), DeliveryFailedError("x"), KeyError("x")):
        with pytest.raises(type(problem)), counted.meters.noting_stops():
            raise problem
    later = Home(counted.home.root)
    assert stops_of(later, "joiner") == {"fenced": 2, "undelivered": 1, "rules_fail": 0, "other": 1}
    assert {*CAUSES.values(), "other"} == set(STOP_CAUSES)


def test_while_it_restores_it_says_how_much_is_left(counted: Counted) -> None:
    """Minutes may pass after a disk was lost; it is seen to move."""
    counted.meters.restores(1200)
    assert counted.monitor.readyz() == (False, {"ready": False, "reason": "restoring", "left": 1200})
    assert "exchange_states_to_restore 1200.0" in counted.page()
    counted.meters.restores(0)
    assert "exchange_states_to_restore 0.0" in counted.page()


def test_everything_that_a_record_brings_about_names_its_receipt(counted: Counted) -> None:
    """One id leads from the receipt to the case, the announcements and the tasks."""
    message = Log().message(given("death_certificate"), at_ms=now_ms())
    batch = counted.step.run([message], counted.states)
    place = f"{message.topic()}/{message.partition()}/{message.offset()}"
    assert {output.topic.partition(".")[0] for output in batch.outputs} >= {"receipts", "matters", "cases"}
    for output in batch.outputs:
        assert dict(output.headers)[CORRELATION] == place.encode()
