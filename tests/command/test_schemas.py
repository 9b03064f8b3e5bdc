"""`exchange schemas check`: offline, readable by people and by programs."""

import json

import pytest
from typer.testing import CliRunner

from avro_schemas import check as checks
from avro_schemas.catalogue import schema_paths
from avro_schemas.findings import SchemaFinding
from exchange.command.schemas import schemas_app


def test_the_schemas_of_this_package_pass() -> None:
    """Exit code 0, nothing on standard output, a line for people."""
    result = CliRunner().invoke(schemas_app, ["check", "--json"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"{len(schema_paths())} schemas, 0 findings" in result.stderr


def test_findings_are_json_lines_and_exit_code_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipeline reads what was found, and stops."""
    finding = SchemaFinding(
        "cremation", "death_time", "doc_missing", "the doc must begin with the Chinese term"
    )
    monkeypatch.setattr(checks, "check_schemas", lambda: [finding])
    result = CliRunner().invoke(schemas_app, ["check", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "schema": "cremation",
        "path": "death_time",
        "code": "doc_missing",
        "message": "the doc must begin with the Chinese term",
    }
