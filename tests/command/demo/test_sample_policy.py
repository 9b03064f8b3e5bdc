"""The demo has departments told once the window has examined, and its window has examined everything."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.command.demo.sample_policy import keep_sample_policy, sample_folder
from exchange.runtime.city import CATALOGUE, City, city_in
from exchange.runtime.home import Home
from producers.sample.city import sample_city
from producers.sample.clerk import SampleLine
from tests.domain.test_sample_disclosure import is_accepted
from tests.policies import edited
from tests.world import World

AT_THE_WINDOW = {"WINDOW", "ASSISTED", "HOME_VISIT"}
PEOPLE = 8


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The city that a demo runs where nobody has named another."""
    return keep_sample_policy(City(), Home(tmp_path_factory.mktemp("home")))


def test_it_is_the_shipped_policy_but_for_what_is_examined_first(city: City) -> None:
    """As shipped it is off."""
    assert city.findings() == ()
    shipped, own = City().policy, city.policy
    assert shipped.window_rule.examine_first == ()
    assert {*own.window_rule.examine_first} == AT_THE_WINDOW
    assert replace(own, window_rule=shipped.window_rule, version=shipped.version) == shipped


def test_a_city_whose_sample_says_nothing_of_it_is_shown_as_it_is(tmp_path: Path) -> None:
    """Nobody's own rules are changed by a demo of them."""
    line = (City().path_of("sample.yaml")).read_text(encoding="utf-8").splitlines()[-1]
    folder = edited(tmp_path / "own", ("sample.yaml", line, ""))
    shutil.copy(City().path_of(CATALOGUE), folder)
    own = city_in(folder)
    assert keep_sample_policy(own, Home(tmp_path / "home")) is own
    assert not sample_folder(Home(tmp_path / "home")).exists()


def held_back(city: City, lines: Iterable[SampleLine]) -> tuple[int, int]:
    """How many answers to applications are held back in the end, and how many APPLIED were announced."""
    world = World(city.policy)
    for line in lines:
        if is_accepted((line["type"], line["record"]), world, city.policy):
            world.publish((line["type"], line["record"]))
    applied = [
        one for case in world.cases.values() for matter in case["matters"] for one in matter["applications"]
    ]
    told = [one for one in world.announcements if one["transition"] == "APPLIED"]
    return sum(one["held_back"] for one in applied), len(told)


def test_departments_are_told_of_all_that_was_handed_in_since_the_window_has_examined_it(city: City) -> None:
    """Without the examinations they would hear of what came online alone."""
    lines = sample_city(city.sample, city.policy, PEOPLE).lines
    waiting, told = held_back(city, lines)
    assert waiting == 0
    unexamined = [line for line in lines if line["type"] != "examination"]
    waiting, fewer = held_back(city, unexamined)
    assert waiting > 0
    assert fewer < told
    assert held_back(City(), unexamined)[0] == 0, "as shipped"
