"""What people are told besides reasons: each sentence in two languages, and none that nobody says."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from exchange.domain.accounts import AccountRefusal
from exchange.domain.credentials import CredentialRefusal
from exchange.runtime.sentences import said, sentences
from producers.reading.csv_rows import SEPARATORS
from tests.cells import each_cell
from tests.source import READS_SOURCE, dotted, nodes_of

pytestmark = READS_SOURCE
ROOT = Path(__file__).parents[2]
TREES = ("producers", "consumers", "exchange")
SPEAKERS = [path for tree in TREES for path in sorted((ROOT / tree).rglob("*.py"))]
DETAILS = re.compile(r"\{(\w+)\}")


# What says why the exchange does not start, and what a backup says. A part speaks to operators.
STARTS = [
    *(ROOT / "exchange/command/stack").glob("*.py"),
    *(ROOT / "exchange/runtime/stack").glob("*.py"),
    *(
        ROOT / "exchange/runtime" / f"{name}.py"
        for name in ("home", "home_path", "proxies", "webhook_endpoint")
    ),
]
IN_ENGLISH = {"code_cache.py", "run.py"}


def told_in_one_language(path):
    """The lines that raise an error in words of their own."""
    for call in nodes_of(path):
        if isinstance(call, ast.Call) and dotted(call.func) in {"ExchangeError", "typer.BadParameter"}:
            words = [part for part in call.args if isinstance(part, ast.Constant | ast.JoinedStr)]
            yield from (part.lineno for part in words)


def named():
    """The texts in the calls of `said`."""
    calls = (node for path in SPEAKERS for node in nodes_of(path))
    for call in calls:
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "said":
            texts = (node for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant))
            yield from (node.value for node in texts)


def test_every_sentence_is_said_and_every_one_that_is_said_is_there():
    """A slip in a name is found here, and not by a clerk."""
    separators = {f"separated_by_{name}" for separator, name in SEPARATORS.items() if separator != ","}
    told = separators | {*get_args(CredentialRefusal), *get_args(AccountRefusal)}
    assert set(named()) - {"separated_by_"} | told == set(sentences())


@each_cell("name", sorted(sentences()))
def test_every_sentence_tells_the_same_in_two_languages(name):
    """A clerk reads Chinese, a programmer perhaps English."""
    chinese, english = sentences()[name]["zh"], sentences()[name]["en"]
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert english.replace("…", "").isascii()
    assert set(DETAILS.findall(chinese)) == set(DETAILS.findall(english)) - {"line_s"}
    told = said(name, **{detail: "{x}" for detail in DETAILS.findall(chinese)})
    assert told.count("\n  ") == 1


@each_cell("path", [path for path in sorted(STARTS) if path.name not in IN_ENGLISH], ids=str)
def test_why_the_exchange_does_not_start_is_told_in_two_languages(path):
    """Whoever starts it for an office may read only one of them."""
    assert list(told_in_one_language(path)) == []


def test_a_detail_is_told_as_it_is():
    """A file may be called anything."""
    assert "{name} {0}" in said("file_is_folder", name="{name} {0}")


def test_an_unknown_sentence_is_a_fault_of_the_program():
    """Nobody invents one on the way."""
    with pytest.raises(KeyError):
        said("no_such_sentence")
