"""With a safeguard taken out the same trouble is found out: the suite can fail."""

from contextlib import AbstractContextManager, ExitStack

import psutil
import pytest

from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from tests.faults.answers import Answers
from tests.faults.judge import Verdict, judge
from tests.faults.load import make_load
from tests.faults.mischief import Place
from tests.faults.observer import Observer
from tests.faults.own_worker import is_over, outlived, own_worker
from tests.waiting import wait_for

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

RECORDS, RATE_PER_S = 1_200, 600.0
"""More in a second than a worker takes, so that records wait and batches grow."""
FIRST_PERSON = 300_000
CASES = [
    ("fence", "stops", "lost"),
    ("order", "dies", "lost"),
    ("memory", "dies_late", "twice"),
]


@pytest.mark.parametrize(("safeguard", "trouble", "kind"), CASES)
def test_what_a_safeguard_keeps_away_is_found_without_it(
    bare: Settings, safeguard: str, trouble: str, kind: str
) -> None:
    """Once with it, and all is well; once without it, and the judge says what went wrong."""
    turn = [case[0] for case in CASES].index(safeguard)
    assert _troubled(bare, "none", trouble, 2 * turn).findings == []
    assert getattr(_troubled(bare, safeguard, trouble, 2 * turn + 1), kind) != []


def _troubled(settings: Settings, safeguard: str, trouble: str, turn: int) -> Verdict:
    """Let a worker meet trouble under load, and another one go on after it; return what came of it."""
    load = make_load(settings, FIRST_PERSON + turn * RECORDS, RECORDS)
    with ExitStack() as ends, Answers(settings) as answers:
        name = f"{safeguard}-{turn}"
        first = ends.enter_context(_worker(settings, safeguard, trouble, name))
        observer = ends.enter_context(Observer(settings, load, RATE_PER_S))
        place = Place(settings, observer)
        if trouble == "stops":
            successor = _worker(settings, safeguard, "", f"{name}-successor")
            ends.enter_context(outlived(first, successor, place, answers))
        else:
            wait_for("the worker to end", lambda: is_over(first))
            ends.enter_context(_worker(settings, safeguard, "", name))
        place.until_sent(1.0)
        wait_until(lambda: not answers.missing(observer.acknowledged), 60, 0.5)
        return judge(settings, observer, answers)


def _worker(
    settings: Settings, safeguard: str, trouble: str, name: str
) -> AbstractContextManager[psutil.Process]:
    return own_worker(settings, name, "tests.faults.unsafe", safeguard, trouble)
