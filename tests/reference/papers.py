"""Puts records together that speak of one piece of paper, and in order; the last of them counts."""

from collections.abc import Hashable, Iterable, Mapping
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
    found_right: Record | None = None

    @property
    def last_words(self) -> tuple[Published, ...]:
        """What it said last before it was revoked: several that bear one revision and one moment."""
        by_id = {member.record.record_id: member.record for member in self.members}
        said = [member for member in self.members if member.record.action != "REVOKED"]
        places = [(revision_of(one.record, by_id), one.record.recorded_at) for one in said]
        return tuple(one for one, place in zip(said, places, strict=True) if place == max(places))

    @property
    def rivals(self) -> tuple[Published, ...]:
        """Those of them that contradict each other and between which nobody has decided."""
        words = self.last_words
        return words if self.found_right is None and len(_sayings(words)) > 1 else ()

    @property
    def twins(self) -> frozenset[str]:
        """The ids of all that say the same as its last word and stand with it."""
        saying = choices.saying(self.last.record)
        same = [one.record.record_id for one in self.last_words if choices.saying(one.record) == saying]
        return frozenset(same) if self.live else frozenset()

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
        rivals = [member.record for member in self.rivals]
        agreed = [record for record in standing if record not in rivals]
        return next(reversed(agreed or standing), None)

    def settled_by(self, rulings: Iterable[Record]) -> "Paper":
        """The same, with the word last that a handler found right, if one did and knew of all others."""
        ruling = last_ruling(self, rulings)
        if ruling is None or not settles(self, ruling):
            return self
        right = [one for one in self.members if one.record.record_id == ruling.facts["in_favour_of"]]
        others = [one for one in self.members if one not in right]
        ends = [one for one in others if one.record.action == "REVOKED" and not self.live]
        return Paper((*(one for one in others if one not in ends), *right, *ends), ruling)


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

    def place(one: Published) -> tuple[int, bool, str, bool, str]:
        record = one.record
        revision = revision_of(record, by_id)
        return revision, record.action == "REVOKED", record.recorded_at, not record.backfill, record.record_id

    return tuple(sorted(members, key=place))


def _sayings(words: Iterable[Published]) -> list[Hashable]:
    """The different things that are said, each once."""
    said: list[Hashable] = []
    for one in words:
        if choices.saying(one.record) not in said:
            said.append(choices.saying(one.record))
    return said


def last_ruling(paper: Paper, rulings: Iterable[Record]) -> Record | None:
    """The last decision in favour of one of a paper's rivals."""
    ids = [one.record.record_id for one in paper.rivals]
    about = [ruling for ruling in rulings if ruling.facts.get("in_favour_of") in ids]
    return max(about, key=choices.by_time, default=None)


def settles(paper: Paper, ruling: Record) -> bool:
    """Whether the handler knew of every rival that says otherwise."""
    words = {one.record.record_id: one.record for one in paper.rivals}
    right = words[ruling.facts["in_favour_of"]]
    others = [one for one in words.values() if choices.saying(one) != choices.saying(right)]
    return all(choices.has_seen(ruling, one) for one in others)


def settled(papers: Iterable[Paper]) -> list[Paper]:
    """A case's papers after what its handlers decided between rivals."""
    papers = list(papers)
    rulings = rulings_between(papers)
    return [paper.settled_by(rulings) for paper in papers]


def rulings_between(papers: Iterable[Paper]) -> list[Record]:
    """The decisions in favour of a record that stand, and whose meaning is clear."""
    decisions = [paper for paper in papers if paper.type == "decision" and paper.live]
    clear = [paper.last for paper in decisions if not paper.rivals and not paper.last.held]
    return [one.record for one in clear if one.record.facts["kind"] == "CONFLICT_RESOLVED"]


def revision_of(record: Record, by_id: Mapping[str, Record], seen: frozenset[str] = frozenset()) -> int:
    """The revision that orders a record in its document."""
    if not record.supersedes or record.record_id in seen:
        return record.revision
    before = by_id.get(record.supersedes)
    went_before = revision_of(before, by_id, seen | {record.record_id}) if before else None
    return choices.revision_after(went_before, record.revision)
