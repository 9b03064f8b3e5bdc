"""One name, one type: who searches for a name finds the one thing that it means."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.docs.pages import ROOT
from tests.source import READS_SOURCE, tree_of

pytestmark = READS_SOURCE
FOLDERS = ("avro_schemas", "topics", "verification", "exchange", "producers", "consumers", "tools")
CLIENT = ROOT / "producers" / "client"
WRITTEN_TYPES = (ast.Subscript, ast.BinOp)
"""The right side of an alias: `dict[str, int]`, `str | None`."""


def type_names(tree: ast.Module) -> Iterator[str]:
    """The classes and type aliases of a module; a type variable stands for any type and is none itself."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and isinstance(node.value, WRITTEN_TYPES):
            yield from (
                at.id for at in node.targets if isinstance(at, ast.Name) and re.match("_?[A-Z].*[a-z]", at.id)
            )


@pytest.mark.parametrize("in_client", [False, True])
def test_no_type_name_is_defined_in_two_modules(in_client: bool) -> None:
    """A private one neither has the name of a public one: `Entry` and `_Entry` are one word to a reader.

    The client is read by itself, on machines that have nothing else of this: there a `Receipt` is one, too.
    """
    places = defaultdict(set)
    modules = [
        path
        for folder in FOLDERS
        for suffix in ("py", "pyi")
        for path in (ROOT / folder).rglob(f"*.{suffix}")
        if path.is_relative_to(CLIENT) == in_client
    ]
    for path in modules:
        for name in type_names(tree_of(path)):
            places[name.removeprefix("_")].add(str(path.relative_to(ROOT)))
    assert len(places) > (50 if in_client else 300), "nothing was found"
    assert {name: sorted(found) for name, found in places.items() if len(found) > 1} == {}
