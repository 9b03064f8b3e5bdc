"""The record types of a city's own: a schema for each in `schemas/records/NAME.avsc` beside its catalogue."""

import json
import re
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from avro_schemas.catalogue import SHIPPED, Schemas
from avro_schemas.findings import SchemaFinding
from topics.policy_file import PolicyFileError, PolicyFinding

OWN_RECORDS: Final = Path("schemas", "records")


def own_schema_files(folder: Path) -> tuple[str, ...]:
    """The names, within a city's folder, of the schemas of its own, sorted."""
    return tuple(str(OWN_RECORDS / path.name) for path in sorted((folder / OWN_RECORDS).glob("*.avsc")))


@cache
def load_schemas(folder: Path) -> Schemas:
    """The shipped schemas with those of a city's folder, read once and checked.

    Raises:
        PolicyFileError: a schema is wrong; the text names file, line and field.
    """
    files = own_schema_files(folder)
    read = {Path(name).stem: _read(folder / name, name) for name in files}
    own = {name: parsed for name, (parsed, _) in read.items()}
    findings = [finding for _, wrong in read.values() for finding in wrong] or _together(own)
    if findings:
        raise PolicyFileError(*findings)
    return Schemas(MappingProxyType(own)) if own else SHIPPED


def _read(path: Path, name: str) -> tuple[Any, list[PolicyFinding]]:
    """What the file holds, and what is wrong with it."""
    from avro_schemas.own_types import own_findings  # noqa: PLC0415 - most cities have no types of their own

    try:
        text = path.read_text(encoding="utf-8")
        parsed = json.loads(text)
    except UnicodeDecodeError:
        return None, [PolicyFinding(name, None, "it is not in UTF-8")]
    except json.JSONDecodeError as error:
        return None, [PolicyFinding(name, error.lineno, f"it is not JSON: {error.msg}")]
    return parsed, [_told(one, name, text) for one in own_findings(path.stem, parsed)]


def _together(own: dict[str, Any]) -> list[PolicyFinding]:
    """What they say otherwise than each other, where each is right by itself."""
    from avro_schemas.lint import lint_together  # noqa: PLC0415 - as above

    found = lint_together(own) if own else []
    return [PolicyFinding(f"{OWN_RECORDS}/{one.schema}.avsc", 1, one.message) for one in found]


def _told(found: SchemaFinding, name: str, text: str) -> PolicyFinding:
    problem = f"{found.path}: {found.message}" if found.path else found.message
    return PolicyFinding(name, _line_of(text, found.path), problem)


def _line_of(text: str, path: str) -> int:
    """The line on which the field at a dotted path is named; the first for the schema as a whole."""
    at = 0
    for part in re.findall(r"\w+", path):
        found = re.compile(rf'"name"\s*:\s*"{part}"').search(text, at)
        at = found.end() if found else at
    return 1 + text.count("\n", 0, at)
