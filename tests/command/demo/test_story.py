"""The story of the demo: it is told of any city's form."""

import io
from pathlib import Path

from rich.console import Console

from exchange.command.demo.story import story
from exchange.runtime.city import City
from tests.policies import edited
from tests.second_city import CityInMemory
from topics.catalogue import CATALOGUE_PATH


def test_a_form_that_does_not_ask_for_the_place_of_death_is_told_without_it(tmp_path: Path) -> None:
    """A city may take a field off its form, or call it otherwise."""
    before, after = "death_place", "where"
    folder = edited(
        tmp_path,
        ("form.yaml", f"    {before}:\n", f"    {after}:\n"),
        ("disclosure.yaml", f"deceased.{before}", f"deceased.{after}"),
        ("annex1.yaml", f"deceased.{before}", f"deceased.{after}"),
    )
    (folder / CATALOGUE_PATH.name).write_bytes(CATALOGUE_PATH.read_bytes())
    city, out = City(folder), io.StringIO()
    assert city.findings() == ()
    lived = CityInMemory(city).live(people=1)
    Console(file=out, width=200).print(story(lived.cases[lived.showcase], city.policy))
    assert ", at ?." in out.getvalue()
