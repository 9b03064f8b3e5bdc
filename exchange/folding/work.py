"""The states of one batch as they change: loaded once, each record sees them as the one before left them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from exchange.domain.values import CaseState, Claim, Position, wakes_at
from exchange.domain.views import WorkedOut
from exchange.folding.outputs import Output
from exchange.folding.states import decode_claims, decode_state, encode_claims
from exchange.folding.written import Parts

Partition = int


UNDECODABLE: Final = "UNDECODABLE"


class Answer(NamedTuple):
    """How one record ended, or a refused message from one case to another."""

    topic: str
    owner: str
    outcome: str
    """A receipt's status, or `UNDECODABLE`, where there is no receipt."""
    codes: tuple[str, ...]
    taken_at: datetime


class SentAnnouncement(NamedTuple):
    """An announcement: to which department it was sent, and when the log took what caused it."""

    department: str
    taken_at: datetime


class States(Protocol):
    """Where states are kept between batches, by partition."""

    def load(self, partition: Partition, keys: list[str]) -> Mapping[str, bytes]:
        """Return what is kept under these keys; what is not there is left out."""

    def homes(self, partition: Partition, record_ids: list[str]) -> Mapping[str, str]:
        """Return, of these records, the case that took each; what is not there is left out."""

    def due(self, partition: Partition, until: str) -> list[str]:
        """Return the cases for which time alone may have changed something before then (ISO instant, UTC).

        They stay due until a batch is kept that has looked at them.
        """


@dataclass(slots=True)
class Batch:
    """What a batch comes to.

    Attributes:
        told: By the partition of the message that caused them, the messages to publish, in order.
        states: By partition, what changed under which key; None where nothing is left.
        homes: By partition, record id → the case that took it.
        wakes: By partition, case id → when it has to be looked at again, though no record comes.
        looked_until: By partition, the moment before which every case that was due has been looked at.
        ends: For each message, in the order of the batch, its topic and whether a rule failed on it.
        answers: How each record ended, and each refused message from one case to another.
        announced: The announcements among what is told.
        failed: The places of the messages on which a rule failed.
    """

    told: dict[Partition, list[Output]] = field(default_factory=dict)
    states: dict[Partition, dict[str, bytes | None]] = field(default_factory=dict)
    homes: dict[Partition, dict[str, str]] = field(default_factory=dict)
    wakes: dict[Partition, dict[str, str]] = field(default_factory=dict)
    looked_until: dict[Partition, str] = field(default_factory=dict)
    ends: list[tuple[str, bool]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    announced: list[SentAnnouncement] = field(default_factory=list)
    failed: set[Position] = field(default_factory=set)

    def tell(self, partition: Partition, *outputs: Output) -> None:
        """Add messages that were caused by a message of this partition."""
        self.told.setdefault(partition, []).extend(outputs)

    @property
    def outputs(self) -> list[Output]:
        """Every message to publish; those of each partition are in order."""
        return [output for told in self.told.values() for output in told]


class StatesAfter:
    """The states as they are after a batch that is not kept yet: what a batch folded on top of it sees."""

    def __init__(self, kept: States, batch: Batch) -> None:
        self._kept = kept
        self._batch = batch

    def load(self, partition: Partition, keys: list[str]) -> Mapping[str, bytes]:
        """Return what the batch has left under these keys, or what is kept where it changed nothing."""
        changed = self._batch.states.get(partition, {})
        found = {key: value for key in keys if (value := changed.get(key)) is not None}
        return {**self._kept.load(partition, [key for key in keys if key not in changed]), **found}

    def homes(self, partition: Partition, record_ids: list[str]) -> Mapping[str, str]:
        """Return, of these records, the case that took each."""
        taken = self._batch.homes.get(partition, {})
        found = {record_id: taken[record_id] for record_id in record_ids if record_id in taken}
        return {**self._kept.homes(partition, [r for r in record_ids if r not in taken]), **found}

    def due(self, partition: Partition, until: str) -> list[str]:
        """Return the cases due before then; one that the batch has looked at may be among them again."""
        woken = self._batch.wakes.get(partition, {})
        return sorted({*self._kept.due(partition, until), *(c for c, at in woken.items() if at < until)})


def wanted_key(record_id: str) -> str:
    """Return the key of the claims on a record that has not come yet."""
    return f"wanted/{record_id}"


CasePlace = tuple[Partition, str]
"""Partition and case."""


class KnownCase(NamedTuple):
    """A case as it was worked out and written."""

    worked_out: WorkedOut
    parts: Parts


LIGHTEST: Final = 6_000
"""Bytes of state; a case takes some five to seven times as much memory."""


class RecentCases:
    """The cases that were worked out last, each with its state as it is kept.

    A state that is still kept so need not be decoded, and what has not changed of the case is neither worked
    out nor written again.
    """

    def __init__(self, most_bytes: int = 4 << 20) -> None:
        self._left = most_bytes
        self._cases: dict[CasePlace, tuple[bytes, KnownCase]] = {}

    def find(self, place: CasePlace, kept: bytes) -> KnownCase | None:
        """Return the case if its state is still kept as it was."""
        data, known = self._cases.get(place, (b"", None))
        return known if data == kept else None

    def remember(self, place: CasePlace, kept: bytes, known: KnownCase) -> None:
        """Take a case as the latest; the oldest are forgotten for it."""
        self._forget(place)
        self._cases[place] = (kept, known)
        self._left -= _weight(kept)
        while self._left < 0:
            self._forget(next(iter(self._cases)))

    def _forget(self, place: CasePlace) -> None:
        if found := self._cases.pop(place, None):
            self._left += _weight(found[0])


def _weight(kept: bytes) -> int:
    """Return what a case counts as: one with few records takes 30 kB all the same."""
    return max(len(kept), LIGHTEST)


class Work:
    """Reads through to the states that are kept, and notes in the batch what changes."""

    def __init__(self, states: States, batch: Batch, recent: RecentCases) -> None:
        self._kept = states
        self._recent = recent
        self._batch = batch
        self._now = StatesAfter(states, batch)
        self._loaded: dict[tuple[Partition, str], bytes | None] = {}
        self._states: dict[CasePlace, CaseState] = {}
        self._cases: dict[CasePlace, KnownCase] = {}

    def prefetch(self, partition: Partition, keys: Iterable[str]) -> None:
        """Load what will be asked for, in one read."""
        wanted = list(dict.fromkeys(key for key in keys if (partition, key) not in self._loaded))
        found = self._kept.load(partition, wanted)
        self._loaded |= {(partition, key): found.get(key) for key in wanted}

    def state(self, partition: Partition, case_id: str) -> CaseState:
        """Return a case's state; an empty one where nothing was taken yet."""
        place = (partition, case_id)
        if place not in self._states:
            self.prefetch(partition, [case_id])
            data = self._loaded[place]
            self._states[place] = (
                self._found(place, data) if data else CaseState(case_id, partition=partition)
            )
        return self._states[place]

    def _found(self, place: CasePlace, data: bytes) -> CaseState:
        known = self._recent.find(place, data)
        if known is None:
            return decode_state(data)
        self._cases[place] = known
        return known.worked_out.state

    def known(self, partition: Partition, case_id: str) -> KnownCase | None:
        """Return the case as it was worked out and written last, if that is still known."""
        return self._cases.get((partition, case_id))

    def put(self, partition: Partition, found: KnownCase, encoded: bytes, taken: str | None) -> None:
        """Keep a case's new state; ``taken`` is the record that it took, if it was one."""
        state = found.worked_out.state
        place = (partition, state.case_id)
        self._states[place], self._cases[place] = state, found
        self._recent.remember(place, encoded, found)
        self._batch.states.setdefault(partition, {})[state.case_id] = encoded
        if taken is not None:
            self._batch.homes.setdefault(partition, {})[taken] = state.case_id
        if (wake := wakes_at(state.tasks, state.deadlines)) is not None:
            self.wake(partition, state.case_id, wake)

    def wake(self, partition: Partition, case_id: str, at: str) -> None:
        """Have a case looked at again then, though no record comes (ISO instant, UTC)."""
        self._batch.wakes.setdefault(partition, {})[case_id] = at

    def home(self, partition: Partition, record_id: str) -> str | None:
        """Return the case that took a record, if one of this partition did."""
        return self._now.homes(partition, [record_id]).get(record_id)

    def due(self, partition: Partition, until: str) -> list[str]:
        """Return the cases that time may have changed before then: kept, the batch has looked at them."""
        looked = self._batch.looked_until
        looked[partition] = max(until, looked.get(partition, until))
        return self._now.due(partition, until)

    def wanted(self, partition: Partition, record_id: str) -> tuple[Claim, ...]:
        """Return the claims on a record that had not come when they were made."""
        key = wanted_key(record_id)
        changed = self._batch.states.get(partition, {})
        if key in changed:
            data = changed[key]
        else:
            self.prefetch(partition, [key])
            data = self._loaded[partition, key]
        return decode_claims(data) if data else ()

    def want(self, partition: Partition, record_id: str, claims: tuple[Claim, ...]) -> None:
        """Keep the claims on a record until it comes; none once it has."""
        data = encode_claims(claims) if claims else None
        self._batch.states.setdefault(partition, {})[wanted_key(record_id)] = data
