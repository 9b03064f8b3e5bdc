"""The catalogue of reasons: complete, bilingual, and without anybody's data."""

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cells import each_cell
from tests.source import READS_SOURCE, nodes_of
from tools.pages.reasons import render
from topics.yaml_text import read_yaml
from verification.reasons import HELD, REFUSED, UNDECODABLE, WARNING, catalogue, mask, reason

pytestmark = READS_SOURCE
FOREIGN_FILES = files("producers").joinpath("reading", "foreign_files.yaml").read_text(encoding="utf-8")
ROOT = Path(__file__).parents[2]
PACKAGES = ("verification", "exchange", "producers", "consumers")
# Calls whose first text is a code.
CALLS = {"reason", "UnfitValueError", "_refused", "refused"}


def _nodes():
    paths = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return [node for path in paths for node in nodes_of(path)]


def _texts(nodes):
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _named_codes(nodes):
    for node in nodes:
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS and node.args:
            code = node.args[0]
            if isinstance(code, ast.Constant):
                yield code.value


def test_every_code_is_used_and_every_used_code_is_in_the_catalogue():
    """A code that nobody raises misleads; one that is not explained helps nobody."""
    nodes = _nodes()
    in_data = {kind["code"] for kind in read_yaml(FOREIGN_FILES)}
    assert set(catalogue()) <= _texts(nodes) | in_data
    assert {*_named_codes(nodes), *in_data} <= set(catalogue())


@each_cell("code", sorted(catalogue()))
def test_every_reason_is_told_in_two_languages_with_its_source(code):
    """A clerk reads Chinese, a programmer perhaps English."""
    entry = catalogue()[code]
    assert re.fullmatch(r"[a-z][a-z0-9_]+", code)
    assert entry.kind in (REFUSED, HELD, WARNING, UNDECODABLE)
    assert re.search(r"[\u4e00-\u9fff]", entry.zh)
    assert entry.en.isascii()
    assert entry.source
    told = reason(code, "some_field", "620503195001010118")
    assert "620503195001010118" not in told.message_zh + told.message_en
    assert "{" not in told.message_zh + told.message_en


@pytest.mark.parametrize(
    ("lines", "said"),
    [(3, "In line 3 "), ("3", "In line 3 "), ("3-6", "In lines 3-6 "), ("1, 4", "In lines 1, 4 ")],
)
def test_one_line_and_several_are_told_each_in_good_english(lines, said):
    """And in Chinese, where there is no difference."""
    told = reason("rows_in_cell", lines=lines)
    assert told.message_en.startswith(said)
    assert told.message_zh.startswith(f"第 {lines} 行")
    assert "这几行" not in told.message_zh


def test_an_unknown_code_is_a_fault_of_the_program():
    """Nobody invents reasons on the way."""
    with pytest.raises(KeyError):
        reason("no_such_reason")


@each_cell(
    ("value", "shown"),
    [
        ("620503195001010118", "620***18"),
        ("1950-01-01", "1***1"),
        ("李秀兰", "***"),
        ("", "***"),
        (None, "***"),
        (True, "***"),
        ({"name": "李秀兰"}, "***"),
        ("\ud800" * 20, "???***??"),
        ("{field}{value}{0}", "{fi***0}"),
    ],
)
def test_values_are_masked(value, shown):
    """At most three characters from the front and two from the end, and nothing of a short value."""
    assert mask(value) == shown


def test_a_number_too_long_to_be_written_is_masked_whole():
    """Python itself refuses to write it."""
    assert mask(10**5000) == "***"


@given(st.text(min_size=1) | st.integers() | st.floats())
def test_no_mask_holds_the_whole_value(value):
    """Whatever it is."""
    assert len(mask(value)) <= 8
    assert str(value) not in mask(value) or set(str(value)) == {"*"}


def test_the_page_names_every_code_and_every_list():
    """The page is made from the catalogue."""
    page = render()
    assert all(f"| `{code}` |" in page for code in catalogue())
    assert "GB/T 3304-1991" in page
    assert page.endswith("\n")
