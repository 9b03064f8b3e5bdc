"""Fifty faults at one place: a transaction is in flight, and the next batch is folded on top of it."""

from contextlib import AbstractContextManager, ExitStack

import psutil
import pytest

from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from tests.faults.answers import Answers
from tests.faults.judge import judge
from tests.faults.load import make_load
from tests.faults.mischief import Place
from tests.faults.observer import Observer
from tests.faults.own_worker import is_over, outlived, own_worker
from tests.faults.report import Row, report
from tests.running import part_of
from tests.waiting import PATIENCE_S, wait_for

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

RECORDS, RATE_PER_S = 400, 100.0
FIRST_PERSON = 700_000
TURNS = 5
TROUBLES = ("dies", "fenced", "away", "away_too_long", "stops")
MOMENTS = ("sent", "committed")
PLACES = [(what, when, turn) for what in TROUBLES for when in MOMENTS for turn in range(TURNS)]
NAME = "ahead"
"""One who comes again under its name has its partitions at once."""


@pytest.mark.parametrize(("trouble", "moment", "turn"), PLACES)
def test_what_is_in_flight_takes_effect_whole_and_what_is_ahead_of_it_after_that(
    bare: Settings, trouble: str, moment: str, turn: int, request: pytest.FixtureRequest
) -> None:
    """Whoever comes next reads again what was thrown away: nothing is lost, doubled or out of order."""
    load = make_load(bare, FIRST_PERSON + PLACES.index((trouble, moment, turn)) * RECORDS, RECORDS)
    broker = psutil.Process(part_of(bare.home, "kafka").pid)
    with ExitStack() as ends, Answers(bare) as answers:
        ends.callback(broker.resume)
        words = ("tests.faults.ahead", trouble, moment, str(broker.pid))
        first = ends.enter_context(own_worker(bare, NAME, *words))
        observer = ends.enter_context(Observer(bare, load, RATE_PER_S))
        place = Place(bare, observer)
        if trouble.startswith("away"):
            wait_for("the broker to stand still", lambda: broker.status() == psutil.STATUS_STOPPED)
            if trouble == "away":
                place.until_silence()
            else:
                wait_for("the worker to end", lambda: is_over(first))
            broker.resume()
        if trouble == "stops":
            successor = _successor(bare, f"{NAME}-successor")
            ends.enter_context(outlived(first, successor, place, answers))
        elif trouble != "away":
            wait_for("the worker to end", lambda: is_over(first))
            ends.enter_context(_successor(bare, NAME))
        place.until_sent(1.0)
        wait_until(lambda: not answers.missing(observer.acknowledged), PATIENCE_S, 0.5)
        verdict = judge(bare, observer, answers)
    report(request.node, Row(f"a batch in flight, one ahead: {trouble}, {moment}", verdict))
    assert verdict.findings[:20] == []


def _successor(settings: Settings, name: str) -> AbstractContextManager[psutil.Process]:
    return own_worker(settings, name, "tests.faults.ahead", "nothing", "sent", "0")
