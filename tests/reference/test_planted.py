"""The machine finds what it is there to find: every bug of a list, put into the engine on purpose."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.consumers.past_world import PastWorld
from tests.reference.machine import Exchange
from tests.reference.planted import BUGS, Bug

LOOKS = settings(
    max_examples=1000,  # most bugs take a few; what a rare turn alone shows takes more
    stateful_step_count=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


class Planted(Exchange):
    """The machine on an engine with a bug in it."""

    new_world = PastWorld


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each breaks a rule of the specification; the model knows the rule and the machine comes by."""
    bug.put(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Planted, settings=LOOKS)
