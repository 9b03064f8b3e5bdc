"""Who may what: `access.yaml`, read and checked against the catalogue's topics."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from topics.catalogue import Catalogue, Topic
from topics.policy_file import error_at, no_such, read_policy
from topics.yaml_text import KeyPath

ACCESS_TABLE: Final = "access.yaml"
GATEWAY: Final = "gateway"
"""The part through which outsiders come in over HTTP."""
AUDITORS: Final = "auditors"
"""The principal of auditors, called as catalogue.yaml calls them among readers."""

TopicOperation = Literal["read", "write"]
GroupWord = Literal["join", "own"]
KeptWithin = Literal["department", "county", "bank", "case"]
"""What somebody may be kept within."""
_RESERVED: Final = frozenset({AUDITORS, "broker"})
"""Principals without an entry of their own name; brokers are `broker` to each other."""
_Word = Annotated[str, Field(pattern="^[a-z][a-z_]*$")]


class _AccessEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PrincipalEntry(_AccessEntry):
    """What one of our own, or a kind of outsider, may at the brokers; topics by the catalogue's words."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    sees_all_topics: bool = False
    groups: tuple[GroupWord, ...] = ()
    asks_groups: tuple[GroupWord, ...] = ()
    transactions: tuple[GroupWord, ...] = ()
    source: Annotated[str, Field(min_length=1)]

    def families(self, operation: TopicOperation) -> tuple[str, ...]:
        """Return the words of the topics for an operation."""
        return self.reads if operation == "read" else self.writes


class OwnEntries(_AccessEntry):
    """Each of our own principals: one missing or one too many is an error."""

    admin: PrincipalEntry
    joiner: PrincipalEntry
    projector: PrincipalEntry
    clock: PrincipalEntry
    reconciler: PrincipalEntry
    notifier: PrincipalEntry
    gateway: PrincipalEntry
    gateway_writer: PrincipalEntry
    """Each `writer_for` a department."""
    desk: PrincipalEntry
    console: PrincipalEntry
    operator: PrincipalEntry


class OutsideEntries(_AccessEntry):
    """Each kind of outsider."""

    department: PrincipalEntry
    auditor: PrincipalEntry
    bank: PrincipalEntry
    county: PrincipalEntry
    system: PrincipalEntry


class RoleEntry(_AccessEntry):
    """What the holders of a role may do, and within what each of them is kept."""

    within: frozenset[KeptWithin] = frozenset()
    may: Annotated[frozenset[str], Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]


class AccessTable(_AccessEntry):
    """The whole file."""

    own: OwnEntries
    outside: OutsideEntries
    actions: tuple[tuple[_Word, ...], ...]
    roles: dict[_Word, RoleEntry]

    def entry(self, principal: str, catalogue: Catalogue) -> PrincipalEntry | None:
        """Return what holds of a principal; None for one that is not known."""
        if principal in OwnEntries.model_fields:
            return _entry(self.own, principal)
        if _written_for(principal, catalogue):
            return self.own.gateway_writer
        if kind := kind_of(principal, catalogue):
            return _entry(self.outside, kind)
        return None

    def topics(self, principal: str, operation: TopicOperation, catalogue: Catalogue) -> tuple[Topic, ...]:
        """Return the topics that a principal may read or write: of an outsider's, those that are its own."""
        entry = self.entry(principal, catalogue)
        families = entry.families(operation) if entry else ()
        ours = principal in OwnEntries.model_fields
        name = _written_for(principal, catalogue) or principal
        return tuple(
            topic
            for topic in catalogue.topics
            if topic.kind in families and (ours or name in _named(topic, operation))
        )


def _entry(entries: _AccessEntry, name: str) -> PrincipalEntry:
    found: PrincipalEntry = getattr(entries, name)
    return found


def writer_for(department: str) -> str:
    """Return as whom the gateway writes a department's records: the brokers refuse it any other's."""
    return f"{GATEWAY}.{department}"


def _written_for(principal: str, catalogue: Catalogue) -> str | None:
    """Return for which department a principal of the gateway writes; None if it is not one."""
    prefix, _, department = principal.partition(".")
    return department if prefix == GATEWAY and department in catalogue.publishers else None


def own_principals(catalogue: Catalogue) -> tuple[str, ...]:
    """Return our own principals: of each part, and of the gateway for each department."""
    parts = (name for name in OwnEntries.model_fields if name != "gateway_writer")
    return (*parts, *map(writer_for, catalogue.publishers))


def _named(topic: Topic, operation: TopicOperation) -> tuple[str, ...]:
    """Return whom the catalogue gives a topic."""
    return topic.readers if operation == "read" else (topic.owner,)


def kind_of(principal: str, catalogue: Catalogue) -> str | None:
    """Return the kind of an outsider; None for one of ours, and for one that is not known.

    The bureau's own topics are written and read by our parts: it is no outsider.
    """
    if principal in catalogue.publishers:
        return "department"
    if principal == AUDITORS:
        return "auditor"
    kind, dot, name = principal.partition(".")
    return kind if dot and name and kind in {"bank", "county", "system"} else None


def known_principals(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the principals that there are in every exchange: our own, the departments and the auditors."""
    return (*own_principals(catalogue), *catalogue.publishers, AUDITORS)


def load_access(path: Path, catalogue: Catalogue) -> AccessTable:
    """Return the table, read and checked.

    Args:
        path: of the file.
        catalogue: the topics and departments that it speaks of.

    Raises:
        PolicyFileError: it says something unknown, or leaves a topic without a cell; names file and line.
    """
    table, text = read_policy(path, AccessTable)
    for keys, problem in _findings(table, catalogue):
        raise error_at(path, text, keys, problem)
    return table


def _findings(table: AccessTable, catalogue: Catalogue) -> Iterator[tuple[KeyPath, str]]:
    for code in catalogue.departments:
        if code in {*OwnEntries.model_fields, *_RESERVED}:
            yield ("own", code), f"catalogue.yaml has a department {code}, which is the name of a principal"
    for section, entries in (("own", table.own), ("outside", table.outside)):
        for name in type(entries).model_fields:
            for keys, problem in _entry_findings(name, _entry(entries, name), catalogue):
                yield (section, name, *keys), problem
    yield from _topics_without_a_cell(table, catalogue)
    yield from _action_findings(table)


def _entry_findings(name: str, entry: PrincipalEntry, catalogue: Catalogue) -> Iterator[tuple[KeyPath, str]]:
    """Yield a word that means no topic, and one that means none of an outsider's."""
    families = {topic.kind for topic in catalogue.topics}
    for key, operation in _OPERATIONS.items():
        for at, family in enumerate(entry.families(operation)):
            if family not in families:
                yield (key, at), no_such("topic", family, sorted(families))
            elif name in OutsideEntries.model_fields and not _given(name, family, operation, catalogue):
                yield (key, at), f"catalogue.yaml lets no {name} {operation} {family}"


_OPERATIONS: Final[dict[str, TopicOperation]] = {"reads": "read", "writes": "write"}


def _given(kind: str, family: str, operation: TopicOperation, catalogue: Catalogue) -> bool:
    return any(
        kind_of(name, catalogue) == kind
        for topic in catalogue.topics
        if topic.kind == family
        for name in _named(topic, operation)
    )


def _topics_without_a_cell(table: AccessTable, catalogue: Catalogue) -> Iterator[tuple[KeyPath, str]]:
    for operation in _OPERATIONS.values():
        reached = {
            topic.name
            for principal in known_principals(catalogue)
            for topic in table.topics(principal, operation, catalogue)
        }
        for topic in catalogue.topics:
            if topic.name not in reached:
                yield ("own",), f"nobody may {operation} topic {topic.name}"


def _action_findings(table: AccessTable) -> Iterator[tuple[KeyPath, str]]:
    known = [action for line in table.actions for action in line]
    for role, entry in table.roles.items():
        for action in sorted(entry.may - set(known)):
            yield ("roles", role, "may"), no_such("action", action, known)
    for action in sorted(set(known) - _allowed(table.roles.values())):
        yield ("actions",), f"no role may {action}"


def _allowed(roles: Iterable[RoleEntry]) -> frozenset[str]:
    return frozenset().union(*(entry.may for entry in roles))
