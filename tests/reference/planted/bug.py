"""A bug, how it is put into the engine, and a history that shows it."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.reference.histories import Made
from tests.reference.machine import Exchange

PRODUCT = ("verification", "exchange", "consumers")
"""Where a bug is put in: in tests and in the model the right functions stay."""


@dataclass(frozen=True)
class Step:
    """One of the machine's rules, and what was chosen for it."""

    rule: str
    chosen: Mapping[str, Any]


History = tuple[Step, ...]


@dataclass(frozen=True)
class Bug:
    """One planted bug.

    Attributes:
        name: what the engine does wrong, as a sentence.
        rule: the rule that it breaks, in the words of the specification.
        right: the public function that it takes the place of.
        wrong: the function with the bug.
        history: the machine's steps that show it.
    """

    name: str
    rule: str
    right: Callable[..., Any]
    wrong: Callable[..., Any]
    history: History

    def put(self, patch: pytest.MonkeyPatch) -> None:
        """Put the wrong function wherever the product has the right one."""
        for owner, name in list(_places_of(self.right)):
            patch.setattr(owner, name, self.wrong)


def planted(
    name: str, *, rule: str, instead_of: Callable[..., Any], history: History
) -> Callable[[Callable[..., Any]], Bug]:
    """Make a bug of a function; see `Bug`."""
    return lambda wrong: Bug(name, rule, instead_of, wrong, history)


def begin(*scene: Made) -> Step:
    """What has happened to the first person already."""
    return Step("begin", {"scene": scene})


def step(rule: str, **chosen: Any) -> Step:
    """One of the machine's rules by its name; what is not chosen is as it mostly is."""
    return Step(rule, chosen)


def play(history: History, machine: Exchange) -> None:
    """Let the steps happen, as the machine would, and hold the engine against the model after each.

    Raises:
        AssertionError: the engine does not do what the model says.
    """
    for one in history:
        getattr(machine, one.rule)(**one.chosen)
        machine.agrees_with_model()
    machine.teardown()


def _places_of(function: Callable[..., Any]) -> Iterator[tuple[Any, str]]:
    """Every module and class of the product that has the function, with the name under which it does."""
    modules = [m for name, m in sys.modules.items() if name.partition(".")[0] in PRODUCT]
    classes = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    for owner in dict.fromkeys([*modules, *classes]):
        yield from ((owner, name) for name, value in vars(owner).items() if value is function)
