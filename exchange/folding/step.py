"""One batch of log messages through the rules: knows neither Faust nor Kafka, so a plain loop can run it.

Shape: messages as the log has them in (records, what cases tell each other, the clock); outputs (receipts,
announcements, cases, tasks, moves, quarantine entries) and changed states out. Nothing is written here.
"""

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, TypeVar

from avro_schemas.typed_documents import ClockTickDocument, PersonMoveDocument
from exchange.domain.documents import announcement_document, case_document, task_document
from exchange.domain.fold import Consequences, Folded, consequences, fold
from exchange.domain.identity.moves import hear_claim, hear_loan
from exchange.domain.policy import Policy
from exchange.domain.values import Address, CaseState, Claim, Position
from exchange.domain.views import WorkedOut
from exchange.folding.case_ids import CaseIds
from exchange.folding.errors import ReadAgainError, SerdeError
from exchange.folding.log_time import taken_at_of
from exchange.folding.messages import Decode, LogRecord
from exchange.folding.outputs import Output, Outputs, quarantine_document, receipt_document
from exchange.folding.partitions import partition_of
from exchange.folding.redelivered import Redelivered
from exchange.folding.sizes import AROUND_A_VALUE_BYTES
from exchange.folding.states import decode_claim, decode_loan, encode_state
from exchange.folding.work import (
    UNDECODABLE,
    Answer,
    Batch,
    KnownCase,
    RecentCases,
    SentAnnouncement,
    States,
    Work,
    wanted_key,
)
from exchange.folding.written import NO_PARTS, Writing
from topics.catalogue import CASE_STATES, CLOCK, RECORDS, REDELIVERIES, TOLD_TO_THE_JOIN, Catalogue
from verification.acceptance import Accepted, accept
from verification.reasons import Reason, reason
from verification.records import Record, partition_key
from verification.times import instant_text

LOOK_AGAIN: Final = timedelta(hours=1)
"""A case on which a rule failed is looked at again after this time."""

OnFailure = Callable[..., None]
"""Takes the name of what went wrong and the fields that say where; never a person's data."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Logged:
    """A message with its place in the log, the log's time and the department that owns its topic."""

    record: LogRecord
    position: Position
    taken_at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class SoundMessage:
    """A message that is good by itself; no state has been asked yet.

    ``accepted`` is set for a record and None for what the exchange tells itself, which ``content`` holds.
    """

    logged: Logged
    case_id: str
    accepted: Accepted | None
    content: Any


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
    report: OnFailure

    @cached_property
    def _recent(self) -> RecentCases:
        return RecentCases()

    @cached_property
    def _partitions(self) -> int:
        return self.catalogue.by_name[CASE_STATES].partitions

    def run(self, messages: Iterable[LogRecord], states: States) -> Batch:
        """Take a batch of messages, in the order given, into the states that are kept.

        A record that a rule refuses, or on which a rule fails, ends in quarantine; its neighbours go on.
        """
        batch = Batch()
        work = Work(states, batch, self._recent)
        logged = [self._logged(message) for message in messages]
        admitted = [a for one in logged if (a := self._guarded(partial(self._admit, one), one, batch))]
        self._prefetch(admitted, work)
        cases: dict[str, Output] = {}
        for one in admitted:
            for case in self._guarded(partial(self._take, one, work, batch), one.logged, batch) or ():
                cases[case.key.decode()] = case
        for case in cases.values():
            batch.tell(case.partition, case)
        batch.ends = [(one.position.topic, one.position in batch.failed) for one in logged]
        return batch

    def _logged(self, message: LogRecord) -> Logged:
        if message.topic() == REDELIVERIES:
            message = self._original(message)
        return Logged(
            message,
            Position(message.topic(), message.partition(), message.offset()),
            taken_at_of(message),
            self.catalogue.by_name[message.topic()].owner,
        )

    def _original(self, message: LogRecord) -> LogRecord:
        """Return the record that is delivered again; the message itself if it holds none."""
        try:
            found = Redelivered.of(self.decode(REDELIVERIES, message.value()), message.partition())
        except SerdeError:
            return message
        topic = self.catalogue.by_name.get(found.record_topic)
        return found if topic and topic.kind == RECORDS else message

    def _admit(self, logged: Logged) -> SoundMessage:
        topic = logged.position.topic
        try:
            raw = self.decode(topic, logged.record.value())
        except SerdeError as undecodable:
            raise RecordRefusedError((reason(undecodable.code),), receipt=False) from None
        if topic == REDELIVERIES:
            raise RecordRefusedError((reason("redelivery_of_no_record"),), receipt=False)
        if topic in TOLD_TO_THE_JOIN:
            return SoundMessage(logged, raw.get("to_case_id") or "", None, raw)
        verdict = accept(
            self.catalogue.type_of(topic),
            raw,
            owner=logged.owner,
            rules=self.policy.acceptance,
            taken_at=logged.taken_at,
        )
        if not isinstance(verdict, Accepted):
            raise RecordRefusedError(verdict.reasons, verdict.record_id)
        key = partition_key(verdict.record)
        if logged.record.key() != key.encode():
            raise RecordRefusedError((reason("key_differs", "id_number", key),), verdict.record.record_id)
        if logged.position.partition != partition_of(key, self._partitions):
            raise RecordRefusedError((reason("partition_differs", "id_number"),), verdict.record.record_id)
        return SoundMessage(logged, self.case_ids.of_key(key), verdict, {})

    def _prefetch(self, admitted: list[SoundMessage], work: Work) -> None:
        keys: dict[int, list[str]] = {}
        for one in admitted:
            if one.accepted is not None:
                wanted = keys.setdefault(one.logged.position.partition, [])
                wanted += (one.case_id, wanted_key(one.accepted.record.record_id))
        for number, wanted in keys.items():
            work.prefetch(number, wanted)

    def _take(self, admitted: SoundMessage, work: Work, batch: Batch) -> list[Output]:
        """Let one message take effect; return the cases that it changed, to be published."""
        if admitted.accepted is not None:
            return self._take_record(admitted, admitted.accepted, work, batch)
        if admitted.logged.position.topic == CLOCK:
            return self._take_time(admitted, work, batch)
        move: PersonMoveDocument = admitted.content
        if move["kind"] == "CLAIM":
            return self._take_claim(admitted, decode_claim(move["body"]), work, batch)
        partition = admitted.logged.position.partition
        before = work.state(partition, admitted.case_id)
        if move["kind"] == "REFOLD":
            return self._refold(before, admitted.logged, work, batch)
        after = hear_loan(before, decode_loan(move["body"]))
        return self._follow(before, after, admitted.logged, work, batch)

    def _take_record(
        self, admitted: SoundMessage, accepted: Accepted, work: Work, batch: Batch
    ) -> list[Output]:
        """Fold the record, answer with a receipt, and tell what came of it."""
        logged, record = admitted.logged, accepted.record
        partition = logged.position.partition
        before = work.state(partition, admitted.case_id)
        links_to = self._links_to(record, admitted.case_id)
        folded = fold(before, accepted, logged.position, instant_text(logged.taken_at), links_to)
        if folded.status == "REJECTED":
            raise RecordRefusedError(folded.reasons, record.record_id)
        receipt = self._receipt(admitted, accepted, folded)
        codes = tuple(one.code for one in folded.reasons)
        answer = Answer(logged.position.topic, logged.owner, folded.status, codes, logged.taken_at)
        if folded.state is before:
            batch.tell(partition, receipt)
            batch.answers.append(answer)
            return []
        after = folded.state
        claims = work.wanted(partition, record.record_id)
        for claim in claims:
            after = hear_claim(after, claim)
        cases = self._follow(before, after, logged, work, batch, receipt, record.record_id)
        if claims:
            work.want(partition, record.record_id, ())
        batch.answers.append(answer)
        return cases

    def _take_claim(self, admitted: SoundMessage, claim: Claim, work: Work, batch: Batch) -> list[Output]:
        """Bring another case's word to the case that has the record, or keep it until the record comes."""
        partition = admitted.logged.position.partition
        home = work.home(partition, claim.record_id)
        if home is not None:
            before = work.state(partition, home)
            return self._follow(before, hear_claim(before, claim), admitted.logged, work, batch)
        asked = CaseState("", claims=work.wanted(partition, claim.record_id))
        work.want(partition, claim.record_id, hear_claim(asked, claim).claims)
        return []

    def _take_time(self, admitted: SoundMessage, work: Work, batch: Batch) -> list[Output]:
        """Let time pass for each case of the partition to which it matters; a fault in one stops no other."""
        tick: ClockTickDocument = admitted.content
        partition, now = admitted.logged.position.partition, tick["at"]
        logged, cases = replace(admitted.logged, taken_at=now), []
        for case_id in work.due(partition, instant_text(now)):
            found = self._guarded(
                partial(self._look_again, case_id, logged, work, batch), admitted.logged, batch
            )
            if found is None:  # the tick is in quarantine; once the rule is mended, the case gets its time
                self.report("case_not_looked_at", case_id=case_id)
                work.wake(partition, case_id, instant_text(now + LOOK_AGAIN))
            cases += found or []
        return cases

    def _look_again(self, case_id: str, logged: Logged, work: Work, batch: Batch) -> list[Output]:
        """Publish what follows for a case from the time alone."""
        before = work.state(logged.position.partition, case_id)
        return self._follow(before, replace(before), logged, work, batch)

    def _refold(self, state: CaseState, logged: Logged, work: Work, batch: Batch) -> list[Output]:
        """Publish a case as the rules have it now, even if nothing else has changed."""
        if not (state.taken or state.borrowed):  # the case lives on another partition
            return []
        afresh = replace(state, counted=())  # other rules may have made it
        return self._follow(CaseState(""), afresh, logged, work, batch)

    def _follow(
        self,
        before: CaseState,
        after: CaseState,
        logged: Logged,
        work: Work,
        batch: Batch,
        receipt: Output | None = None,
        taken: str | None = None,
    ) -> list[Output]:
        """Publish what follows from a state that has changed, and keep it; all of it or nothing."""
        if after is before:
            return []
        partition = logged.position.partition
        known = work.known(partition, after.case_id)
        found = consequences(after, self.policy, instant_text(logged.taken_at), known and known.worked_out)
        if found.state == before:
            return []
        outputs = self.outputs.caused_by(logged.position)
        told = [receipt] if receipt else []
        told += self._messages(found, outputs, partition, logged.taken_at)
        writing = Writing(outputs.part_encoders, known.parts if known else NO_PARTS)
        case = outputs.case(case_document(found.case, writing), partition, logged.taken_at)
        encoded = encode_state(found.state)
        self._check_sizes(encoded, [case, *told], taken)
        work.put(partition, KnownCase(WorkedOut(found.state, found.case), writing.parts), encoded, taken)
        batch.tell(partition, *told)
        batch.announced += (SentAnnouncement(one.department, logged.taken_at) for one in found.announcements)
        return [case]

    def _messages(self, found: Consequences, outputs: Outputs, partition: int, at: datetime) -> list[Output]:
        case_id, version = found.state.case_id, self.policy.version
        announced = [announcement_document(one, version) for one in found.announcements]
        told = [outputs.announcement(document, partition) for document in announced]
        told += [outputs.task(task_document(one, case_id), partition) for one in found.tasks]
        claims, loans = found.moves
        for claim in claims:
            told += (outputs.claim(claim, case_id, number, at) for number in range(self._partitions))
        told += (outputs.loan(loan, to, at) for to, loan in loans)
        return told

    def _links_to(self, record: Record, case_id: str) -> Address | None:
        number = record.facts.get("linked_id_number")
        if number is None or self.case_ids.of_key(number) == case_id:
            return None
        return Address(self.case_ids.of_key(number), partition_of(number, self._partitions))

    def _receipt(self, admitted: SoundMessage, accepted: Accepted, folded: Folded) -> Output:
        logged = admitted.logged
        receipt = receipt_document(
            logged.position,
            logged.taken_at,
            folded.status,
            record_id=accepted.record.record_id,
            case_id=admitted.case_id,
            reasons=folded.reasons,
            warnings=accepted.warnings,
        )
        outputs = self.outputs.caused_by(logged.position)
        return outputs.receipt(receipt, logged.owner, logged.position.partition)

    def _check_sizes(self, encoded: bytes, told: list[Output], record_id: str | None) -> None:
        """Refuse a record before it makes something that no topic takes: the batch could never be written."""
        sizes = [(CASE_STATES, len(encoded)), *((output.topic, len(output.value)) for output in told)]
        for topic, size in sizes:
            if size > self.catalogue.by_name[topic].max_message_bytes - AROUND_A_VALUE_BYTES:
                raise RecordRefusedError((reason("case_too_large"),), record_id)

    def _guarded(self, do: Callable[[], T], logged: Logged, batch: Batch) -> T | None:
        """Do one thing for one message; whatever goes wrong ends that message and no other."""
        try:
            return do()
        except RecordRefusedError as refused:
            self._refuse(logged, refused, batch)
        except ReadAgainError:
            raise  # no fault of the record's: the batch is read again when the registry answers
        except Exception as problem:
            batch.failed.add(logged.position)
            self.report("rule_failed", receipt_id=str(logged.position), **_where(problem))
            self._refuse(logged, RecordRefusedError((reason("rule_failed"),)), batch)
        return None

    def _refuse(self, logged: Logged, refused: RecordRefusedError, batch: Batch) -> None:
        position, taken_at, outputs = (
            logged.position,
            logged.taken_at,
            self.outputs.caused_by(logged.position),
        )
        if refused.receipt and position.topic not in TOLD_TO_THE_JOIN:
            receipt = receipt_document(
                position, taken_at, "REJECTED", record_id=refused.record_id, reasons=refused.reasons
            )
            batch.tell(position.partition, outputs.receipt(receipt, logged.owner, position.partition))
        entry = quarantine_document(
            position, taken_at, logged.record.value() or b"", refused.record_id, refused.reasons
        )
        batch.tell(position.partition, outputs.quarantine(entry, logged.owner, position.partition))
        outcome = "REJECTED" if refused.receipt else UNDECODABLE
        codes = tuple(one.code for one in refused.reasons)
        batch.answers.append(Answer(position.topic, logged.owner, outcome, codes, taken_at))


def _where(problem: Exception) -> dict[str, str]:
    """Say what failed and in which line; never the text, which may quote a person's data."""
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    return {"error": type(problem).__name__, "at": f"{Path(frame.filename).name}:{frame.lineno}"}
