"""What is found when a person's records are compared with each other, as frozen values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from exchange.domain.policy_files.models import MONEY_MATTERS, ConflictRule
from exchange.domain.values import Standing, recording
from verification.records import Record

ByType = Mapping[str, tuple[Record, ...]]
ONE_DAY = frozenset({"be_of_one_day", "be_of_that_day"})
"""What must be true where all values are of one kind: of two that differ, one is right."""


@dataclass(frozen=True, slots=True)
class Value:
    """What one record says; ``proof`` is False for what is only compared with the values proper."""

    text: str = field(repr=False)
    record: Record
    proof: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule as it stands.

    Attributes:
        clashing: The values that disagree; empty if none do or a decision has settled it.
        settled: The decision that settled it, and the value that it found right.
        standings: Record id of each decision about it → whether it still counts.
        grave: Whether they disagree, or did before the decision, by so much that it holds something.
        overruled: Ids of the records that the decision found wrong.
    """

    rule: ConflictRule
    clashing: tuple[Value, ...]
    settled: tuple[Record, Value] | None
    standings: Mapping[str, Standing]
    grave: bool = False
    overruled: frozenset[str] = frozenset()

    @property
    def right(self) -> Value | None:
        """Return the value that a handler found right, where all values are of one kind."""
        return self.settled[1] if self.settled and self.rule.must in ONE_DAY else None

    @property
    def holds(self) -> str | None:
        """Return what it holds while it is open, if anything."""
        return self.rule.holds if self.grave else None

    @property
    def open(self) -> bool:
        """Say whether the records disagree and nobody has settled it."""
        return bool(self.clashing)


def found_right(judged: Iterable[Judged]) -> tuple[Value, ...]:
    """Return the values that handlers found right where a rule holds something, the last decided last."""
    settled = [one.settled for one in judged if one.settled and one.right and one.rule.holds]
    return tuple(value for _, value in sorted(settled, key=lambda one: recording(one[0])))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person.

    Attributes:
        live: Every record in force, by type; two documents of one fact are both here.
        in_force: One record for each fact, by type: of states the latest, of documents the first.
        at_death: As ``in_force``, but for each state the one that held when the person died, or was said to
            have died, if that was taken back.
        death_proofs: Records that establish the death, the best proof first; empty while none does.
        death_told: Whether a death is established, or was until its proofs fell.
        judged: The rules between records, and how each stands.
        application_rulings: Decisions in favour of an application, each with that application.
        duplicate_of: Record id → id of the document that already says the same.
        otherwise: Ids of the documents that share a fact with another document but do not say the same of it.
        ruled: Record id → the decision that found it right against rivals of its own document.
        held: Record id → codes for which it is put aside.
        lost: Whether a document was revoked, or moved to another case.
        corrected: Of applications, results, examinations and enquiries with several revisions, the id of
            each → all of them.
        examined: What any examination ever said, in any revision, one that was revoked since, too.
    """

    live: ByType
    in_force: ByType
    at_death: ByType
    death_proofs: tuple[Record, ...]
    death_told: bool
    judged: tuple[Judged, ...]
    application_rulings: tuple[tuple[Record, Record], ...]
    duplicate_of: Mapping[str, str]
    otherwise: frozenset[str]
    ruled: Mapping[str, Record]
    held: Mapping[str, tuple[str, ...]]
    lost: bool
    corrected: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    examined: tuple[Record, ...] = ()

    def first_recorded(self, record: Record) -> str:
        """Return when the document of such a record was first recorded (ISO instant, UTC)."""
        return self.corrected.get(record.record_id, (record,))[0].recorded_at

    def versions(self, record: Record) -> frozenset[str]:
        """Return the ids under which such a record is known, those it corrected among them."""
        return frozenset(one.record_id for one in self.corrected.get(record.record_id, (record,)))

    def document_of(self, record: Record) -> str:
        """Return the id of the first record of its document, whether that has come or not."""
        first = self.corrected.get(record.record_id, (record,))[0]
        return first.supersedes or first.record_id

    @property
    def fallen(self) -> bool:
        """Say whether any document was revoked, moved or is held, or a conflict holds something up."""
        return self.lost or bool(self.held or self.held_up)

    @property
    def plain(self) -> bool:
        """Say whether each record stands for itself: nothing fell, nothing disagrees, no handler decided."""
        decided = self.ruled or self.application_rulings or "decision" in self.live
        return not (decided or self.fallen or any(one.clashing or one.settled for one in self.judged))

    @property
    def held_up(self) -> frozenset[str]:
        """Return the prerequisites that do not stand because records disagree."""
        held = frozenset(one.holds for one in self.judged if one.open and one.holds)
        return held - {MONEY_MATTERS}

    @property
    def money_held(self) -> bool:
        """Say whether records disagree by so much that nobody is paid before a handler has looked."""
        return any(one.open and one.holds == MONEY_MATTERS for one in self.judged)

    @property
    def established_at(self) -> str | None:
        """Return the moment when the first proof of the death was recorded, or None."""
        return min((record.recorded_at for record in self.death_proofs), default=None)

    @property
    def counting(self) -> frozenset[str]:
        """Return the ids of the records that count: not superseded, revoked, held or overtaken.

        A duplicate does. So does a document that says otherwise: neither of two dates is out of force for
        being in conflict.
        """
        first = {record.record_id for records in self.in_force.values() for record in records}
        return frozenset(first | self.duplicate_of.keys() | self.otherwise)

    def deciding(self, prerequisite: str) -> tuple[Record, ...]:
        """Return the decisions on which a prerequisite, or the money matters, rest beside records."""
        return tuple(one.settled[0] for one in self.judged if one.settled and one.holds == prerequisite)
