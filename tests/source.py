"""The project's own source, for tests that hold all of it to a rule: parsed once for all of them."""

import ast
from functools import cache
from pathlib import Path

import pytest

READS_SOURCE = pytest.mark.xdist_group("source")
"""Keeps in one process what reads all the source, so that it is parsed there alone."""


@cache
def tree_of(path: Path) -> ast.Module:
    """A module's tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """All that is in it, in the order of `ast.walk`."""
    return tuple(ast.walk(tree_of(path)))


def dotted(node: ast.expr) -> str:
    """A name, or what is taken from one, as it is written: `httpx.Client`; of anything else nothing."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=whole, attr=name) if of := dotted(whole):
            return f"{of}.{name}"
    return ""
