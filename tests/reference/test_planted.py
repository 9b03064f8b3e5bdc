"""The machine finds what it is there to find: every bug of a list, put into the engine on purpose."""

from contextlib import nullcontext
from dataclasses import replace
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from exchange.folding.outputs import Output
from tests.consumers.history.past_world import PastWorld
from tests.examples import HISTORIES, share
from tests.reference.machine import Exchange
from tests.reference.planted import announcements, limits, matters, pasts, persons, records, sharing, tasks
from tests.reference.planted.bug import Bug, play

MODULES: tuple[ModuleType, ...] = (records, persons, matters, limits, announcements, sharing, tasks, pasts)
BUGS = tuple(bug for module in MODULES for bug in vars(module).values() if isinstance(bug, Bug))

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
LOOKS_FOR_SHORTEST = settings(LOOKS, phases=[Phase.generate, Phase.shrink])


class RuleFailedError(Exception):
    """A bug that is none: it does not fit the engine any more, so a rule failed on it."""


class PlantedWorld(PastWorld):
    """A world in which the rules may say what is wrong, and must say something."""

    def _keep(self, output: Output) -> None:
        super()._keep(output)
        if output.topic.startswith("quarantine.") and "rule_failed" in str(self.quarantined[-1]):
            raise RuleFailedError(output.topic)


class Planted(Exchange):
    """The machine on an engine with a bug in it."""

    new_world = PlantedWorld


each_bug = pytest.mark.parametrize("bug", share(BUGS), ids=lambda bug: bug.name)


@each_bug
def test_a_planted_bug_is_found(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each breaks a rule of the specification; the model knows the rule."""
    bug.put(monkeypatch)
    with pytest.raises(AssertionError):
        play(bug.history, Planted())


@each_bug
def test_it_is_the_bug_that_is_found(bug: Bug) -> None:
    """Without it the engine goes through the same history, and agrees with the model at every step."""
    play(bug.history, Planted())


def test_no_bug_is_put_into_how_the_engine_works_inside() -> None:
    """This is its own affair: no bug keeps it from being taken apart."""
    assert [bug.name for bug in BUGS if bug.right.__name__.startswith("_")] == []


def test_a_bug_that_no_longer_fits_the_engine_is_not_taken_for_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a rule fails on is quarantined, and the case differs from the model's whatever the bug was."""
    replace(BUGS[0], wrong=lambda: None).put(monkeypatch)
    with pytest.raises(RuleFailedError):
        play(BUGS[0].history, Planted())


@pytest.mark.parametrize("bug", BUGS if HISTORIES else (), ids=lambda bug: bug.name)
def test_the_machine_comes_by_a_planted_bug(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """A night looks for each among histories that nobody has thought of.

    Of a bug without a history this fails, and the failure says the shortest.
    """
    bug.put(monkeypatch)
    with pytest.raises(AssertionError) if bug.history else nullcontext():
        run_state_machine_as_test(Planted, settings=LOOKS if bug.history else LOOKS_FOR_SHORTEST)
