"""Puts records together that speak of one piece of paper, and in order; the last of them counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tests.reference import choices
from verification.records import Record, partition_key


class Published(Protocol):
    """A record that the log took."""

    @property
    def record(self) -> Record:
        """What acceptance made of it."""

    @property
    def held(self) -> tuple[str, ...]:
        """Why acceptance, which sees only this record, would put it aside."""

    @property
    def taken_at(self) -> str:
        """When the log took it."""


@dataclass(frozen=True)
class Paper:
    """A document: records that correct or revoke one another, in order."""

    members: tuple[Published, ...]

    @property
    def last(self) -> Published:
        """The record that counts, unless it is a revocation."""
        return self.members[-1]

    @property
    def type(self) -> str:
        """The record type, one for all members."""
        return self.last.record.type

    @property
    def kind(self) -> tuple[str, str]:
        """Type and department: only within both can a record supersede another."""
        return self.type, self.last.record.department

    @property
    def live(self) -> bool:
        """Whether the document stands."""
        return self.last.record.action != "REVOKED"

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all its records."""
        return frozenset(member.record.record_id for member in self.members)

    @property
    def names(self) -> frozenset[str]:
        """The ids of all its records, and of those that they correct, whether or not they have come."""
        corrected = {member.record.supersedes for member in self.members}
        return self.ids | {record_id for record_id in corrected if record_id}

    def as_if_standing(self) -> Record | None:
        """The record that would count if nothing had been revoked; None if only revocations have come."""
        standing = [member.record for member in self.members if member.record.action != "REVOKED"]
        return standing[-1] if standing else None


def filed(one: Published) -> str:
    """The key of the case to which a record was sent."""
    return partition_key(one.record)


def papers_of(published: Iterable[Published]) -> list[Paper]:
    """The documents that some records make; the order in which they came plays no part."""
    groups: list[tuple[set[str], list[Published]]] = []
    for one in published:
        names, members = _names(one), [one]
        apart = []
        for group in groups:
            if names & group[0]:
                names, members = names | group[0], members + group[1]
            else:
                apart.append(group)
        groups = [*apart, (names, members)]
    return [Paper(_in_order(members)) for _, members in groups]


def _names(one: Published) -> set[str]:
    """The record's own name and the one it supersedes, within one type and department."""
    record = one.record
    ids = [record.record_id, record.supersedes] if record.supersedes else [record.record_id]
    return {f"{record.type} of {record.department}: {record_id}" for record_id in ids}


def _in_order(members: list[Published]) -> tuple[Published, ...]:
    by_id = {member.record.record_id: member.record for member in members}

    def place(one: Published) -> tuple[int, bool, str, str]:
        record = one.record
        revision = revision_of(record, by_id)
        return revision, record.action == "REVOKED", record.recorded_at, record.record_id

    return tuple(sorted(members, key=place))


def revision_of(record: Record, by_id: Mapping[str, Record], seen: frozenset[str] = frozenset()) -> int:
    """The revision that orders a record in its document."""
    if not record.supersedes or record.record_id in seen:
        return record.revision
    before = by_id.get(record.supersedes)
    went_before = revision_of(before, by_id, seen | {record.record_id}) if before else None
    return choices.revision_after(went_before, record.revision)
