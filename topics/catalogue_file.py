"""What `catalogue.yaml` may say: its shape, and the checks across its parts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from avro_schemas.catalogue import Schemas, event_names
from topics.catalogue_words import DEPARTMENT, EACH, Cleanup, Per, Role, TopicKey
from topics.policy_file import error_at, no_such, read_policy
from topics.yaml_text import KeyPath

_Bytes = Field(ge=1024, le=16 * 1024 * 1024)
_Milliseconds = Field(ge=-1)
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_OWN_WORDS: Final = frozenset({EACH, DEPARTMENT})


class _CatalogueEntry(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class DepartmentEntry(_CatalogueEntry):
    """A department with its names and its part in the exchange."""

    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    role: Role


class AudienceEntry(_CatalogueEntry):
    """Readers that are not a department."""

    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)


class RecordsEntry(_CatalogueEntry):
    """What all record topics share, and the owner of each record type."""

    retention_ms: int = _Milliseconds
    cleanup: Literal["delete"]  # compaction would leave gaps, which the join refuses
    max_message_bytes: int = _Bytes
    key: TopicKey
    readers: list[str]
    owners: dict[str, str]


class OutputEntry(_CatalogueEntry):
    """A topic, or a family of topics, that the exchange writes."""

    per: Per
    event: str | None = Field(alias="schema")
    key: TopicKey
    cleanup: Cleanup
    retention_ms: int = _Milliseconds
    max_message_bytes: int = _Bytes
    readers: list[str]


class OutputsEntry(_CatalogueEntry):
    """Every output by name: one missing or one too many is an error."""

    cases: OutputEntry
    case_states: OutputEntry
    matters: OutputEntry
    receipts: OutputEntry
    quarantine: OutputEntry
    access: OutputEntry
    clock: OutputEntry
    moves: OutputEntry
    tasks: OutputEntry
    redeliveries: OutputEntry
    schemas: OutputEntry
    quarantine_actions: OutputEntry
    policies: OutputEntry
    credentials: OutputEntry
    accounts: OutputEntry
    grants: OutputEntry
    applicant_codes: OutputEntry

    def items(self) -> Iterator[tuple[str, OutputEntry]]:
        """Name and entry of each output, in the order of the fields."""
        return ((name, getattr(self, name)) for name in type(self).model_fields)


class CatalogueFile(_CatalogueEntry):
    """The whole file."""

    partitions: int = Field(ge=1, le=1000)
    replication_factor: int = Field(ge=1, le=9)
    departments: dict[str, DepartmentEntry]
    audiences: dict[str, AudienceEntry]
    records: RecordsEntry
    outputs: OutputsEntry


def read_catalogue_file(path: Path, schemas: Schemas) -> CatalogueFile:
    """The file, validated by itself and against the schemas that the city has.

    Raises:
        PolicyFileError: naming file, line and finding.
    """
    content, text = read_policy(path, CatalogueFile)
    for keys, message in _findings(content, schemas):
        raise error_at(path, text, keys, message)
    return content


def _findings(content: CatalogueFile, schemas: Schemas) -> Iterator[tuple[KeyPath, str]]:
    yield from _code_findings(content)
    yield from _role_findings(content)
    yield from _owner_findings(content, schemas)
    yield from _reader_findings(content)
    for name, output in content.outputs.items():
        if output.event is not None and output.event not in event_names():
            yield ("outputs", name, "schema"), no_such("event schema", output.event, event_names())


def _code_findings(content: CatalogueFile) -> Iterator[tuple[KeyPath, str]]:
    """Topics and accounts are named after a code, and a reader is a department or an audience."""
    for part, codes in (("departments", content.departments), ("audiences", content.audiences)):
        for code in codes:
            if not _CODE.fullmatch(code):
                yield (part, code), f"a code is of letters a to z, digits, _ and -, not {code}"
            if code in _OWN_WORDS:
                yield (part, code), f"{code} is a word of this file, and nobody's code"
            if part == "audiences" and code in content.departments:
                yield (part, code), f"{code} is a department"


def _role_findings(content: CatalogueFile) -> Iterator[tuple[KeyPath, str]]:
    """What the exchange writes has one owner, and what rules cannot decide goes to one department."""
    for role in ("bureau", "window"):
        having = [code for code, entry in content.departments.items() if entry.role == role]
        if len(having) != 1:
            found = ", ".join(having) or "none"
            yield ("departments", *having[1:2]), f"exactly one department has the role {role}, not {found}"


def _owner_findings(content: CatalogueFile, schemas: Schemas) -> Iterator[tuple[KeyPath, str]]:
    owners = content.records.owners
    for record_type, owner in owners.items():
        message = _owner_problem(content, record_type, owner, schemas)
        if message:
            yield ("records", "owners", record_type), message
    for record_type in sorted(set(schemas.record_types) - set(owners)):
        yield ("records", "owners"), f"record type {record_type} has a schema and no owner"


def _owner_problem(content: CatalogueFile, record_type: str, owner: str, schemas: Schemas) -> str | None:
    if record_type not in schemas.record_types:
        return no_such("record schema", record_type, schemas.record_types)
    per_department: Any = schemas.schema(record_type).get("topic_per_department", False)
    if (owner == EACH) != per_department:
        return "the owner is `each` exactly where the schema says topic_per_department"
    if owner != EACH and owner not in content.departments:
        return no_such("owner", owner, content.departments)
    if owner != EACH and content.departments[owner].role == "county":
        return f"{owner} has no topics: its departments publish as their city department"
    return None


def _reader_findings(content: CatalogueFile) -> Iterator[tuple[KeyPath, str]]:
    known = (*content.departments, *content.audiences)
    for position, reader in enumerate(content.records.readers):
        if reader not in known:
            yield ("records", "readers", position), no_such("reader", reader, known)
    for name, output in content.outputs.items():
        allowed = (*known, DEPARTMENT) if output.per != "one" else known
        for position, reader in enumerate(output.readers):
            if reader not in allowed:
                yield ("outputs", name, "readers", position), no_such("reader", reader, allowed)
