"""A city's files and record types are loaded in one place, and passed down: a city may have its own."""

import ast
from pathlib import Path

from tests.source import READS_SOURCE, nodes_of

pytestmark = READS_SOURCE
ROOT = Path(__file__).parents[2]
TREES = ("avro_schemas", "topics", "verification", "exchange", "producers", "consumers", "tools")
LOADERS = {
    "load_catalogue",
    "load_policy",
    "load_access",
    "load_layout",
    "load_file",
    "load_sample_places",
}
ALLOWED = {"exchange/runtime/city.py", "exchange/domain/policy.py", "exchange/domain/policy_files/beside.py"}
"""The one loader; a policy reads the catalogue whose departments it speaks of; and one checks all."""


def test_nobody_else_loads() -> None:
    """A city has a folder of its own only while all are given what one loader has read."""
    loading = {
        str(path.relative_to(ROOT))
        for tree in TREES
        for path in (ROOT / tree).rglob("*.py")
        if LOADERS & set(_named(path))
    }
    assert loading - {"topics/catalogue.py"} == ALLOWED


def test_nobody_asks_for_the_shipped_record_types_alone() -> None:
    """Who asked the package instead of the city would not know a type of its own."""
    asking = {
        str(path.relative_to(ROOT))
        for tree in TREES
        for path in (ROOT / tree).rglob("*.py")
        if {"record_types", "load_schemas"} & set(_imported(path))
    }
    assert asking == {
        "avro_schemas/own_types.py",  # what is taken
        "exchange/domain/identity/links.py",  # those that say nothing of a person are ours
        "tools/pages/client_records.py",  # what is written down for the client
        "tools/pages/typed_documents.py",  # a stub of this package
        "topics/catalogue.py",  # the loader
    }


def _named(path: Path) -> list[str]:
    """Return what a module imports or calls, by its own name."""
    return _imported(path) + [node.attr for node in nodes_of(path) if isinstance(node, ast.Attribute)]


def _imported(path: Path) -> list[str]:
    nodes = (node for node in nodes_of(path) if isinstance(node, ast.ImportFrom))
    return [alias.name for node in nodes for alias in node.names]
