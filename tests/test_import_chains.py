"""A reader who follows imports from any module comes to the end soon, and never back to where they began."""

from collections.abc import Iterable, Mapping, Set
from functools import cache
from graphlib import TopologicalSorter

import grimp  # comes with import-linter, which has no contract for this

from tests.cells import each_cell

PACKAGES = (
    "avro_schemas",
    "topics",
    "verification",
    "exchange",
    "producers",
    "consumers",
    "life_events_client",
)
FOLDERS = (
    "avro_schemas",
    "topics",
    "verification",
    "exchange.domain",
    "exchange.folding",
    "exchange.runtime",
    "exchange.desk",
    "exchange.serving",
    "exchange.gateway",
    "exchange.console",
    "exchange.command",
    "producers",
    "consumers",
    "tools",
    "life_events_client",
)
LONGEST_WITHIN, LONGEST = 9, 20
"""In modules, the first and the last among them."""

Imports = Mapping[str, Set[str]]


@each_cell("folder", FOLDERS)
def test_chains_within_a_folder_are_short(folder: str) -> None:
    chain = longest_chain(within(imports(), folder))
    assert 0 < len(chain) <= LONGEST_WITHIN, " > ".join(chain)


def test_chains_over_all_packages_are_short() -> None:
    installed = {name: found for name, found in imports().items() if name.partition(".")[0] in PACKAGES}
    chain = longest_chain(installed)
    assert 0 < len(chain) <= LONGEST, " > ".join(chain)


def test_the_longest_chain_is_found() -> None:
    assert longest_chain({"a": {"b", "d"}, "b": {"c"}, "c": {"d"}, "d": set()}) == ("a", "b", "c", "d")
    assert longest_chain(within({"a.x": {"b.y"}, "a.y": {"a.x"}, "b.y": set()}, "a")) == ("a.y", "a.x")


@cache
def imports() -> Imports:
    """Module → the modules of ours that it imports, wherever in it that is written."""
    graph = grimp.build_graph(*PACKAGES, "tools", "life_events_client", cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def within(of: Imports, folder: str) -> Imports:
    """Only what stands in a folder and is imported there."""
    inside = {module for module in of if module == folder or module.startswith(f"{folder}.")}
    return {module: of[module] & inside for module in inside}


def longest_chain(of: Imports) -> tuple[str, ...]:
    """The longest way along imports.

    Raises:
        graphlib.CycleError: some of the modules import one another.
    """
    below: dict[str, tuple[str, ...]] = {}
    for module in TopologicalSorter(of).static_order():
        below[module] = (module, *_longest(below[imported] for imported in of[module]))
    return _longest(below.values())


def _longest(chains: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return max(chains, key=len, default=())
