"""One batch of log records through the rules: knows neither Faust nor Kafka, so a plain loop can run it.

Shape: records as the log has them in; outputs (receipts, announcements, cases, quarantine entries) and
changed states out. Nothing is written here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Protocol, TypeVar

from exchange.domain.announcements import announce
from exchange.domain.case import case_of
from exchange.domain.documents import announcement_document, case_document
from exchange.domain.fold import fold
from exchange.domain.policy import Policy
from exchange.domain.values import CaseState, Position
from exchange.runtime.case_ids import CaseIds
from exchange.runtime.join.outputs import (
    Output,
    Outputs,
    quarantine_document,
    receipt_document,
)
from exchange.runtime.join.states import decode_state, encode_state
from exchange.runtime.limits import AROUND_A_VALUE_BYTES
from exchange.runtime.partitions import partition_of
from exchange.runtime.registry import RegistryAwayError
from exchange.runtime.serde import SerdeError
from topics.catalogue import CASE_STATES, Catalogue
from verification.acceptance import AcceptanceRules, Accepted, accept
from verification.reasons import Reason, reason
from verification.records import partition_key
from verification.times import instant_text


class LogRecord(Protocol):
    """A record as the log has it; ``timestamp`` gives its kind and the append time in milliseconds."""

    def topic(self) -> str: ...  # noqa: D102
    def partition(self) -> int: ...  # noqa: D102
    def offset(self) -> int: ...  # noqa: D102
    def key(self) -> bytes | None: ...  # noqa: D102
    def value(self) -> bytes | None: ...  # noqa: D102
    def timestamp(self) -> tuple[int, int]: ...  # noqa: D102


Decode = Callable[[str, bytes | None], Mapping[str, object]]
T = TypeVar("T")
LoadStates = Callable[[int, list[str]], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Logged:
    """A record with its place in the log, the log's time and the department that owns its topic."""

    record: LogRecord
    position: Position
    taken_at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """A record that is good by itself; the person's state has not been asked yet."""

    logged: Logged
    case_id: str
    accepted: Accepted


@dataclass(slots=True)
class Batch:
    """What a batch comes to: outputs in order, and by partition the states that changed, encoded."""

    outputs: list[Output] = field(default_factory=list)
    states: dict[int, dict[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """A person's new state, as value and as bytes, and the case to publish."""

    state: CaseState
    encoded: bytes
    case: Output


class RecordRefusedError(Exception):
    """A record that goes no further; it has a receipt unless it could not even be decoded."""

    def __init__(
        self, reasons: tuple[Reason, ...], record_id: str | None = None, *, receipt: bool = True
    ) -> None:
        super().__init__(", ".join(one.code for one in reasons))
        self.reasons = reasons
        self.record_id = record_id
        self.receipt = receipt


@dataclass(frozen=True)
class Step:
    """The rules, with all that they are told by data."""

    policy: Policy
    catalogue: Catalogue
    case_ids: CaseIds
    decode: Decode
    outputs: Outputs

    @cached_property
    def _rules(self) -> AcceptanceRules:
        return AcceptanceRules(self.policy.deciders)

    def run(self, records: Iterable[LogRecord], load_states: LoadStates) -> Batch:
        """Take a batch of records, in the order given, into the states that ``load_states`` finds.

        A record that a rule refuses, or on which a rule fails, ends in quarantine; its neighbours go on.
        """
        batch = Batch()
        logged = [self._logged(record) for record in records]
        admitted = [a for one in logged if (a := self._guarded(partial(self._admit, one), one, batch))]
        states = _states_of(admitted, load_states)
        cases: dict[str, Output] = {}
        for one in admitted:
            partition = one.logged.position.partition
            take = partial(self._take, one, states[partition][one.case_id], batch)
            changed = self._guarded(take, one.logged, batch)
            if changed is not None:
                states[partition][one.case_id], cases[one.case_id] = changed.state, changed.case
                batch.states.setdefault(partition, {})[one.case_id] = changed.encoded
        batch.outputs += cases.values()
        return batch

    def _logged(self, record: LogRecord) -> Logged:
        return Logged(
            record,
            Position(record.topic(), record.partition(), record.offset()),
            datetime.fromtimestamp(record.timestamp()[1] / 1000, UTC),
            self.catalogue.by_name[record.topic()].owner,
        )

    def _admit(self, logged: Logged) -> Admitted:
        topic = logged.position.topic
        try:
            raw = self.decode(topic, logged.record.value())
        except SerdeError as undecodable:
            raise RecordRefusedError((reason(undecodable.code),), receipt=False) from None
        verdict = accept(
            self.catalogue.type_of(topic),
            raw,
            owner=logged.owner,
            rules=self._rules,
            taken_at=logged.taken_at,
        )
        if not isinstance(verdict, Accepted):
            raise RecordRefusedError(verdict.reasons, verdict.record_id)
        key = partition_key(verdict.record)
        if logged.record.key() != key.encode():
            raise RecordRefusedError((reason("key_differs", "id_number", key),), verdict.record.record_id)
        if logged.position.partition != partition_of(key, self.catalogue.by_name[topic].partitions):
            raise RecordRefusedError((reason("partition_differs", "id_number"),), verdict.record.record_id)
        return Admitted(logged, self.case_ids.of_key(key), verdict)

    def _take(self, admitted: Admitted, before: CaseState, batch: Batch) -> Changed | None:
        """Fold the record and tell what came of it; return the state and the case if they changed."""
        logged, accepted = admitted.logged, admitted.accepted
        partition = logged.position.partition
        folded = fold(before, accepted, logged.position)
        if folded.status == "REJECTED":
            raise RecordRefusedError(folded.reasons, accepted.record.record_id)
        receipt = receipt_document(
            logged.position,
            logged.taken_at,
            folded.status,
            record_id=accepted.record.record_id,
            case_id=admitted.case_id,
            reasons=folded.reasons,
            warnings=accepted.warnings,
        )
        told, changed = [self.outputs.receipt(receipt, logged.owner, partition)], None
        if folded.state is not before:
            case = case_of(folded.state, self.policy)
            after, announcements = announce(folded.state, case, self.policy, instant_text(logged.taken_at))
            told += [
                self.outputs.announcement(announcement_document(one), partition) for one in announcements
            ]
            changed = Changed(
                after,
                encode_state(after),
                self.outputs.case(case_document(case), partition, logged.taken_at),
            )
            self._check_sizes(changed, told, accepted.record.record_id)
        batch.outputs += told
        return changed

    def _check_sizes(self, changed: Changed, told: list[Output], record_id: str) -> None:
        """Refuse a record before it makes something that no topic takes: the batch could never be written."""
        sizes = [(CASE_STATES, len(changed.encoded))]
        sizes += [(output.topic, len(output.value)) for output in (changed.case, *told)]
        for topic, size in sizes:
            if size > self.catalogue.by_name[topic].max_message_bytes - AROUND_A_VALUE_BYTES:
                raise RecordRefusedError((reason("case_too_large"),), record_id)

    def _guarded(self, do: Callable[[], T], logged: Logged, batch: Batch) -> T | None:
        """Do one thing for one record; whatever goes wrong is that record's end and no other's."""
        try:
            return do()
        except RecordRefusedError as refused:
            self._refuse(logged, refused, batch)
        except RegistryAwayError:
            raise  # no fault of the record's: the batch is read again when the registry answers
        except Exception:
            self._refuse(logged, RecordRefusedError((reason("rule_failed"),)), batch)
        return None

    def _refuse(self, logged: Logged, refused: RecordRefusedError, batch: Batch) -> None:
        position, taken_at = logged.position, logged.taken_at
        if refused.receipt:
            receipt = receipt_document(
                position, taken_at, "REJECTED", record_id=refused.record_id, reasons=refused.reasons
            )
            batch.outputs.append(self.outputs.receipt(receipt, logged.owner, position.partition))
        entry = quarantine_document(
            position, taken_at, logged.record.value() or b"", refused.record_id, refused.reasons
        )
        batch.outputs.append(self.outputs.quarantine(entry, logged.owner, position.partition))


def _states_of(admitted: list[Admitted], load_states: LoadStates) -> dict[int, dict[str, CaseState]]:
    wanted: dict[int, dict[str, CaseState]] = {}
    for one in admitted:
        wanted.setdefault(one.logged.position.partition, {})[one.case_id] = CaseState(one.case_id)
    return {
        partition: empty
        | {case_id: decode_state(data) for case_id, data in load_states(partition, list(empty)).items()}
        for partition, empty in wanted.items()
    }
