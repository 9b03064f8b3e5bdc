"""No code knows a department by its name or a matter by its number: policy and catalogue do.

Left out, and why:

- `tools/bench` measures with the plan's matters, and is not installed.
- Docstrings give examples, and Typer prints those of commands as help: `exchange publish --as civil_affairs`
  is for people, who need a name that there is, and decides nothing.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from avro_schemas.catalogue import event_names, record_types, schema_text
from tests.cells import each_cell
from tests.source import READS_SOURCE, nodes_of
from topics.catalogue import load_catalogue

pytestmark = READS_SOURCE
ROOT = Path(__file__).parents[2]
CODE = sorted(
    path
    for part in ("exchange", "consumers", "producers", "verification", "tools/pages")
    for path in (ROOT / part).rglob("*.py")
) + sorted((ROOT / "topics").glob("*.py"))
MEANT_OTHERWISE = {
    "consumers/operations/verdict.py": {"health"},
    "exchange/runtime/stack/registry.py": {"health"},
    "producers/client/life_events_client/records.py": {"medical_insurance", "provident_fund"},
    "producers/sample/holdings.py": {"medical_insurance", "provident_fund"},
    "tools/pages/transitions/records.py": {"medical_insurance", "provident_fund"},
}
"""Here `health` is how a part of the exchange is, and not the Health Commission; two are types of record."""
WORDS = re.compile(r"\w+")
Nodes = Sequence[ast.AST]
COUNTED = re.compile(
    r"\b(?:twelve|12) matters|\b(?:seven|7) (?:kinds of )?materials?|\b1[–-](?:12|7)\b"
    r"|十二(?:个|项)事项|七(?:种|类)材料"
)
OF_POLICY = re.compile(r"matter|material|^kind$", re.IGNORECASE)
IN_SQL = re.compile(r"\b(?:matter|kind)\b\s*(?:=|<|>|!=|in|between)\s*\(?\s*[0-9]", re.IGNORECASE)


def spoken(nodes: Nodes) -> set[int]:
    """The strings that are said to readers of the code alone."""
    return {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def departments(nodes: Nodes) -> Iterator[str]:
    """The codes of departments that stand in strings."""
    codes, docs = set(load_catalogue().departments), spoken(nodes)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield from codes.intersection(WORDS.findall(node.value))


def numbers(nodes: Nodes) -> Iterator[str]:
    """Where a number is set beside a matter or a kind of material, as its own or as the last of them."""
    for node in nodes:
        match node:
            case ast.Compare():
                yield from _beside([node.left, *node.comparators])
            case ast.Assign():
                yield from _beside([*node.targets, node.value])
            case ast.AnnAssign(value=ast.expr() as value):
                yield from _beside([node.target, value])
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    yield from _beside([one for one in (key, value) if one])
            case ast.keyword(arg=str() as name):
                yield from _beside([ast.Name(name), node.value])
            case ast.Subscript(slice=ast.Constant()):
                yield from _beside([node.value, node.slice])
            case ast.Constant(value=str() as text) if IN_SQL.search(text):
                yield text


def _beside(parts: list[ast.expr]) -> Iterator[str]:
    if any(OF_POLICY.search(_name(part)) for part in parts):
        yield from (ast.unparse(part) for part in parts if _numbers_in(part))


def _name(part: ast.expr) -> str:
    """What a name, an attribute, a key or a word says; a call says nothing: it may count."""
    match part:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str() as name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
        case ast.Subscript():
            return _name(part.value)
    return ""


def _numbers_in(part: ast.expr) -> bool:
    """Nothing is counted from 0 there, so it is no matter."""
    return any(
        isinstance(one, ast.Constant) and type(one.value) is int and one.value > 0 for one in ast.walk(part)
    )


@each_cell("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_code_names_no_department_and_no_matter(path: Path) -> None:
    """It asks the catalogue for a role, and the policy who decides."""
    nodes = nodes_of(path)
    assert set(departments(nodes)) - MEANT_OTHERWISE.get(str(path.relative_to(ROOT)), set()) == set()
    assert list(numbers(nodes)) == []
    assert COUNTED.findall(path.read_text(encoding="utf-8")) == []


@each_cell("name", [*record_types(), *event_names()])
def test_a_schema_says_no_number_of_matters_or_materials(name: str) -> None:
    """A schema outlives a policy."""
    text = schema_text(name)
    assert COUNTED.findall(text) == []
    assert re.findall(r"matters? [0-9]+", text) == []


@each_cell(
    "code",
    [
        "X = range(1, 13)\nif view.matter == 12: pass",
        "MatterNumber = Annotated[int, Field(ge=1, le=12)]",
        'limits = {"matter": (1, 12)}',
        "MONEY_MATTERS = {4, 5, 6, 7, 8, 10}",
        "view(matter=3)",
        "policy.materials[7]",
        'found = one["matter"] in (4, 5)',
        'run("SELECT 1 FROM matters WHERE matter = 12")',
    ],
)
def test_a_number_of_a_matter_is_seen(code: str) -> None:
    """Such as stood in the code until the policy had them."""
    assert list(numbers(list(ast.walk(ast.parse(code)))))


@pytest.mark.parametrize("code", ['HANDLERS = "service_centre"', "run(\"… WHERE owner = 'police'\")"])
def test_a_department_is_seen(code: str) -> None:
    """Alone, and within a statement."""
    assert list(departments(list(ast.walk(ast.parse(code)))))
