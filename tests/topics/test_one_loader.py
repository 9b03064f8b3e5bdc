"""A city's files are loaded in one place, and passed down from there: a city may have its own."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
TREES = ("avro_schemas", "topics", "verification", "exchange", "producers", "consumers", "tools")
LOADERS = {
    "load_catalogue",
    "load_policy",
    "load_layout",
    "load_family_policy",
    "load_statistics_policy",
    "load_webhook_policy",
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


def _named(path: Path) -> list[str]:
    """Return what a module imports or calls, by its own name."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    imported = [alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names]
    return imported + [node.attr for node in nodes if isinstance(node, ast.Attribute)]
