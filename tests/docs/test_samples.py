"""What the pages tell people to type works: records, CSV, programs and commands."""

import ast
import importlib
import io
import json
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import typer.main

from avro_schemas.catalogue import SHIPPED
from exchange.command.app import COMMANDS, build_app
from exchange.domain.policy import load_policy
from producers.reading.csv_files import read_csv
from tests.cells import each_cell
from tests.docs.pages import ROOT, Block, blocks, pages, prose
from topics.catalogue import load_catalogue
from verification.acceptance import Accepted, accept

ALL = [block for page in pages() for block in blocks(page)]
RECORDS = [(block, line) for block in ALL if block.info == "json record" for line in block.lines]
BODIES = [block for block in ALL if re.fullmatch(r"json (?!record)\S+", block.info)]
TABLES = [block for block in ALL if block.info.startswith("csv ")]
PROGRAMS = [block for block in ALL if block.info == "python"]
SHELL = [(block, line) for block in ALL if block.info == "sh" for line in block.lines]


def place(value: Any) -> str | None:
    """The page of a sample, for the test's name."""
    return str(value.page.relative_to(ROOT)) if isinstance(value, Block) else ""


def verdict(record_type: str, record: dict[str, Any]) -> object:
    """What acceptance says of a record that comes from whoever may publish it."""
    policy, catalogue = load_policy(), load_catalogue()
    deciders = policy.deciders[record["matter"]] if "matter" in record else catalogue.deciding
    owner = catalogue.owner_of(record_type) or min(deciders)
    rules = policy.acceptance
    return accept(record_type, record, owner=owner, rules=rules, taken_at=datetime.now(UTC))


@each_cell(("block", "line"), RECORDS, ids=place)
def test_every_record_on_a_page_is_accepted_without_a_remark(block: Block, line: str) -> None:
    """A department that copies an example gets no reason back."""
    sample = json.loads(line)
    found = verdict(sample["type"], sample["record"])
    assert isinstance(found, Accepted), found
    assert not found.held
    assert not found.warnings


@pytest.mark.parametrize("block", BODIES, ids=place)
def test_every_body_on_a_page_is_accepted_without_a_remark(block: Block) -> None:
    """A department that sends an example over HTTP, as a record of the type behind the fence, is thanked."""
    found = verdict(block.info.split()[1], json.loads(block.text))
    assert isinstance(found, Accepted), found
    assert not found.held
    assert not found.warnings


@pytest.mark.parametrize("block", TABLES, ids=place)
def test_every_table_on_a_page_is_accepted(block: Block) -> None:
    """A spreadsheet saved as on the page goes in."""
    record_type = block.info.split()[1]
    rows = list(read_csv(io.BytesIO(block.text.encode()), record_type, SHIPPED).submissions)
    assert rows
    for row in rows:
        assert row.content is not None
        record: Any = row.content["record"]
        assert isinstance(verdict(record_type, record), Accepted)


@pytest.mark.parametrize("block", [block for block in ALL if block.info == "json"], ids=place)
def test_every_answer_on_a_page_is_json(block: Block) -> None:
    """What a page shows as JSON lines is that."""
    assert all(json.loads(line) for line in block.lines)


@pytest.mark.parametrize("block", PROGRAMS, ids=place)
def test_every_program_on_a_page_imports_what_there_is(block: Block) -> None:
    """A program copied from a page starts."""
    imported = [node for node in ast.walk(ast.parse(block.text)) if isinstance(node, ast.ImportFrom)]
    assert imported
    for node in imported:
        module = importlib.import_module(node.module or "")
        assert all(hasattr(module, name.name) for name in node.names)


@each_cell(("block", "line"), SHELL, ids=place)
def test_every_command_on_a_page_exists_with_its_options(block: Block, line: str) -> None:
    """Nobody who types what a page says is told that there is no such command."""
    words = shlex.split(line)
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elif words[0].endswith("exchange"):
        assert {word for word in words if word.startswith("--")} <= options(words[1:])
    else:
        assert words[0] in {"export", "kill", "mv"}


def options(words: list[str]) -> set[str]:
    """The options of the command that the words call."""
    command: Any = typer.main.get_command(build_app([words[0]]))
    for word in words:
        if hasattr(command, "commands"):
            command = command.commands[word]
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def called() -> Iterator[str]:
    """Every command that a page's text names."""
    for page in pages():
        yield from re.findall(r"`exchange ([a-z][a-z-]*)", prose(page))


def test_every_command_that_a_text_names_exists() -> None:
    """No page speaks of what is not there as if it were."""
    assert set(called()) <= set(COMMANDS)
