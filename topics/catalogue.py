"""The catalogue of topics: the one place that spells a topic's name.

Shape: `load_catalogue()` → `Catalogue`, read from `catalogue.yaml` beside this file.
Units: retention in milliseconds (-1: for ever), sizes in bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from avro_schemas.catalogue import SHIPPED, Schemas
from topics.catalogue_words import DEPARTMENT, EACH, Cleanup, Role, TopicKey

if TYPE_CHECKING:  # to check a file takes longer than most commands, which need the names alone
    from topics.catalogue_file import CatalogueFile, OutputEntry

CATALOGUE_PATH = Path(__file__).with_name("catalogue.yaml")

CASES = "cases"
CASE_STATES = "case_states"
ACCESS = "access"
CLOCK = "clock"
MOVES = "moves"
TASKS = "tasks"
REDELIVERIES = "redeliveries"
SCHEMAS = "schemas"
QUARANTINE_ACTIONS = "quarantine_actions"
POLICIES = "policies"
CREDENTIALS = "credentials"
ACCOUNTS = "accounts"
GRANTS = "grants"
APPLICANT_CODES = "applicant_codes"
TOLD_TO_THE_JOIN = (MOVES, CLOCK, REDELIVERIES)
"""What the exchange itself tells the join, besides departments' records."""

JOIN_GROUP = "exchange-join-1"
"""The consumer group of the join; its progress is kept under this name."""
NO_GROUP = "unused"
"""The group that a reader names which keeps its place itself, since clients ask for one; nothing joins it."""

RECORDS = "records"
"""The kind of every topic that departments write; an output's kind is its family's name."""


def matters_topic(department: str) -> str:
    """The topic on which a department is told about its matters."""
    return f"matters.{department}"


def receipts_topic(department: str) -> str:
    """The topic on which a publisher is told what became of its records."""
    return f"receipts.{department}"


def quarantine_topic(department: str) -> str:
    """The topic that keeps the bytes of a publisher's refused records."""
    return f"quarantine.{department}"


def subject_of(topic_name: str) -> str:
    """The registry's subject for a topic's values (TopicNameStrategy)."""
    return f"{topic_name}-value"


@dataclass(frozen=True, slots=True)
class Department:
    """A department, or the window, by its code."""

    code: str
    name_zh: str
    name_en: str
    role: Role


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it must stand on the brokers. `department` is the one it is for, if any."""

    name: str
    kind: str
    schema: str | None
    key: TopicKey
    owner: str
    department: str | None
    readers: tuple[str, ...]
    partitions: int
    retention_ms: int
    cleanup: Cleanup
    max_message_bytes: int


@dataclass(frozen=True)
class Catalogue:
    """Every department and every topic, and the schemas of what the topics hold."""

    departments: Mapping[str, Department]
    topics: tuple[Topic, ...]
    owners: Mapping[str, str | None]
    replication_factor: int
    schemas: Schemas = SHIPPED

    @cached_property
    def by_name(self) -> Mapping[str, Topic]:
        """Topic name → topic."""
        return MappingProxyType({topic.name: topic for topic in self.topics})

    @cached_property
    def records(self) -> tuple[Topic, ...]:
        """The topics that departments write."""
        return tuple(topic for topic in self.topics if topic.kind == RECORDS)

    @cached_property
    def join_inputs(self) -> tuple[str, ...]:
        """Names of all topics that the join reads: records, and what the exchange tells itself."""
        return (*(topic.name for topic in self.records), *TOLD_TO_THE_JOIN)

    @cached_property
    def bureau(self) -> str:
        """Code of the department that runs the exchange; there is exactly one."""
        return next(code for code, entry in self.departments.items() if entry.role == "bureau")

    @cached_property
    def window(self) -> str:
        """Code of the department that takes applications, whose handlers decide; there is exactly one."""
        return next(code for code, entry in self.departments.items() if entry.role == "window")

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """Codes of the departments that decide matters."""
        return tuple(code for code, department in self.departments.items() if department.role == "deciding")

    @cached_property
    def publishers(self) -> tuple[str, ...]:
        """Codes of the departments that publish records: the deciding ones and the window."""
        return tuple(code for code, entry in self.departments.items() if entry.role in {"window", "deciding"})

    def owner_of(self, record_type: str) -> str | None:
        """The only department that writes a record type; None if each department has its own topic.

        Raises:
            KeyError: there is no such record type.
        """
        return self.owners[record_type]

    def record_topic(self, record_type: str, department: str | None = None) -> Topic:
        """The topic on which a department, by default the type's owner, publishes a record type.

        Raises:
            KeyError: no such type, or the department may not publish it.
        """
        topic = self.by_name.get(_record_name(record_type, self.owners[record_type], department))
        if topic is None or department not in {None, topic.owner}:
            raise KeyError(f"{department} publishes no {record_type}")
        return topic

    def schema_of(self, topic_name: str) -> dict[str, Any]:
        """The parsed schema of what a topic holds: read it, never change it.

        Raises:
            KeyError: no such topic, or what it holds has none.
        """
        return self.schemas.schema(self.by_name[topic_name].schema or "")

    def type_of(self, topic_name: str) -> str:
        """The record type of a record topic.

        Raises:
            KeyError: it is not a record topic.
        """
        topic = self.by_name[topic_name]
        if topic.kind != RECORDS or topic.schema is None:
            raise KeyError(topic_name)
        return topic.schema


def load_catalogue(path: Path = CATALOGUE_PATH) -> Catalogue:
    """The catalogue, read once and checked.

    Raises:
        PolicyFileError: the file, or a schema beside it, is wrong; the text names the line.
    """
    return _read(path)


@cache
def _read(path: Path) -> Catalogue:
    from topics.catalogue_file import read_catalogue_file  # noqa: PLC0415 - as above
    from topics.own_schemas import load_schemas  # noqa: PLC0415 - as above

    schemas = load_schemas(path.parent)
    content = read_catalogue_file(path, schemas)
    departments = {
        code: Department(code, entry.name_zh, entry.name_en, entry.role)
        for code, entry in content.departments.items()
    }
    topics = (*_record_topics(content), *_output_topics(content))
    _refuse_duplicates(path, topics)
    owners = {name: None if owner == EACH else owner for name, owner in content.records.owners.items()}
    return Catalogue(
        MappingProxyType(departments), topics, MappingProxyType(owners), content.replication_factor, schemas
    )


def _record_name(record_type: str, owner: str | None, department: str | None) -> str:
    return f"records.{record_type}" if owner else f"records.{record_type}.{department}"


def _record_topics(content: "CatalogueFile") -> Iterator[Topic]:
    for record_type, owner in content.records.owners.items():
        publishers = _codes(content, "deciding") if owner == EACH else (owner,)
        for publisher in publishers:
            name = _record_name(record_type, None if owner == EACH else owner, publisher)
            yield _record_topic(content, name, record_type, publisher)


def _record_topic(content: "CatalogueFile", name: str, record_type: str, owner: str) -> Topic:
    shared = content.records
    return Topic(
        name=name,
        kind=RECORDS,
        schema=record_type,
        key=shared.key,
        owner=owner,
        department=owner,
        readers=tuple(dict.fromkeys((owner, *shared.readers))),
        partitions=content.partitions,
        retention_ms=shared.retention_ms,
        cleanup=shared.cleanup,
        max_message_bytes=shared.max_message_bytes,
    )


def _output_topics(content: "CatalogueFile") -> Iterator[Topic]:
    for family, entry in content.outputs.items():
        if entry.per == "one":
            yield _output_topic(content, family, entry, None)
            continue
        for code in _codes(content, entry.per):
            yield _output_topic(content, family, entry, code)


def _output_topic(
    content: "CatalogueFile", family: str, entry: "OutputEntry", department: str | None
) -> Topic:
    readers = (department if reader == DEPARTMENT else reader for reader in entry.readers)
    return Topic(
        name=family if department is None else f"{family}.{department}",
        kind=family,
        schema=entry.event,
        key=entry.key,
        owner=_codes(content, "bureau")[0],
        department=department,
        readers=tuple(dict.fromkeys(reader for reader in readers if reader is not None)),
        partitions=content.partitions,
        retention_ms=entry.retention_ms,
        cleanup=entry.cleanup,
        max_message_bytes=entry.max_message_bytes,
    )


def _codes(content: "CatalogueFile", per: str) -> tuple[str, ...]:
    roles = {
        "bureau": {"bureau"},
        "deciding": {"deciding"},
        "publisher": {"window", "deciding"},
        "holder": {"bureau", "window", "deciding"},
    }
    return tuple(code for code, entry in content.departments.items() if entry.role in roles[per])


def _refuse_duplicates(path: Path, topics: tuple[Topic, ...]) -> None:
    from topics.policy_file import PolicyFileError, PolicyFinding  # noqa: PLC0415 - as above

    seen: set[str] = set()
    for topic in topics:
        if topic.name in seen:
            raise PolicyFileError(PolicyFinding(path.name, 1, f"topic {topic.name} stands twice"))
        seen.add(topic.name)
