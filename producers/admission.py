"""Admission: one input in, the message for its record topic out, or why it is turned away. Pure.

The join has the rules that need the log's time; all others are asked here, so that what is wrong never
reaches a record topic.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from json import JSONDecodeError
from typing import Any, Final

from exchange.domain.credentials import Holder
from exchange.domain.policy import Policy
from exchange.folding.case_ids import CaseIds
from exchange.folding.cloud_events import Headers, cloud_event
from exchange.folding.errors import SerdeError
from exchange.runtime.errors import ExchangeError
from producers.padding import without_padding
from producers.reading.json_values import RepeatedKeyError, no_json, read_json
from producers.submissions import Submission
from producers.within import not_its_own
from topics.catalogue import Catalogue
from verification.acceptance import Accepted, Refused, accept
from verification.characters import in_one_line
from verification.numbers import is_uuid
from verification.reasons import Reason, reason
from verification.records import partition_key
from verification.refusals import ENVELOPE, unknown_field, unknown_type

_RESULT: Final = "result"
EncodeRecord = Callable[[str, Mapping[str, Any]], bytes]
"""Topic, value → framed Avro. Raises SerdeError if the topic takes no such value."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A record ready for its topic."""

    topic: str
    department: str
    key: bytes = field(repr=False)
    value: bytes = field(repr=False)
    headers: Headers
    record_id: str
    case_id: str


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """An input that goes no further.

    Attributes:
        department: with whom it is filed: the publisher, or the bureau if there is no such publisher.
        record_id: if it could be read.
        topic: the record topic it was meant for, if that can be told.
    """

    reasons: tuple[Reason, ...]
    department: str
    record_id: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What an envelope holds."""

    type: str
    record: Mapping[str, object] = field(repr=False)


class Admission:
    """Lets in what its publisher may publish and what the rules accept.

    Args:
        catalogue: who owns which topic.
        policy: who decides which matter.
        case_ids: tells the case of a person.
        encode: writes a topic's values.
        department: the publisher; None: every record goes as its type's owner.
        holder: who publishes as the department: a bank or a county publishes its own alone.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        policy: Policy,
        case_ids: CaseIds,
        encode: EncodeRecord,
        department: str | None = None,
        holder: Holder | None = None,
    ) -> None:
        self._policy = policy
        self._publishes = holder
        self._catalogue = catalogue
        self._rules = policy.acceptance
        self._case_ids = case_ids
        self._encode = encode
        self._department = department
        self._topics = {(topic.schema, topic.owner): topic.name for topic in catalogue.records}

    def admit(self, submission: Submission) -> Admitted | TurnedAway:
        """Let an input in or turn it away; never raise for anything that can be written.

        Raises:
            ExchangeError: the registry is away, which is not the input's fault.
        """
        try:
            return self._admit(submission)
        except ExchangeError:
            raise
        except Exception:  # our own fault: the bytes are kept for an operator
            return self._turn_away(reason("rule_failed"))

    def _admit(self, submission: Submission) -> Admitted | TurnedAway:
        request = self._open(submission)
        if isinstance(request, TurnedAway):
            return request
        publisher = self._publisher(request)
        if isinstance(publisher, Reason):
            return self._file(request, (publisher,))
        return self._check(request, publisher)

    def _check(self, request: _Envelope, publisher: str) -> Admitted | TurnedAway:
        """Let a record in that is its publisher's to publish and that the rules accept."""
        others = self._publishes and not_its_own(request.record, self._publishes, self._policy)
        if others:
            return self._file(request, (others,), publisher)
        topic = self._topics.get((request.type, publisher))
        # Only a result whose matter nobody decides goes on without a topic: to hear all its faults.
        if topic is None and (self._department or publisher != self._catalogue.bureau):
            return self._file(request, (reason("not_topic_owner"),), publisher)
        verdict = accept(request.type, request.record, owner=publisher, rules=self._rules, taken_at=None)
        if isinstance(verdict, Refused):
            return self._file(request, verdict.reasons, publisher, topic)
        if topic is None:
            return self._file(request, (reason("not_topic_owner"),), publisher)
        return self._send(request, verdict, publisher, topic)

    def _open(self, submission: Submission) -> _Envelope | TurnedAway:
        """Take the record out of its envelope, which holds its type and nothing else."""
        content: object = submission.content
        if submission.fault:
            return self._turn_away(submission.fault, content=content)
        if content is None:
            try:
                content = read_json(submission.payload)
            except RepeatedKeyError as repeated:
                return self._turn_away(reason("key_repeated", repeated.shown), content=repeated.value)
            except JSONDecodeError as error:
                return self._turn_away(_unread(submission, error))
        if not isinstance(content, Mapping):
            return self._turn_away(reason("not_an_object"))
        faults = _envelope_faults(content, self._catalogue)
        if faults:
            return self._turn_away(*faults, content=content)
        record_type, schemas = content["type"], self._catalogue.schemas
        return _Envelope(record_type, without_padding(content["record"], record_type, schemas))

    def _publisher(self, request: _Envelope) -> str | Reason:
        """The department that publishes it; the bureau if a result's matter has no decider."""
        if self._department is not None:
            return self._known(self._department, "")
        told = publisher_told(request.type, request.record, self._catalogue, self._policy)
        if told is not None:
            return self._known(told, "department")
        return self._catalogue.bureau if request.type == _RESULT else reason("field_missing", "department")

    def _known(self, department: object, where: str) -> str | Reason:
        if isinstance(department, str) and department in self._catalogue.departments:
            return department
        return reason("department_unknown", where, department)

    def _send(
        self, request: _Envelope, accepted: Accepted, publisher: str, topic: str
    ) -> Admitted | TurnedAway:
        record = accepted.record
        try:
            value = self._encode(topic, accepted.avro)
        except SerdeError as unfit:
            return self._file(request, (reason(unfit.code),), publisher, topic)
        key = partition_key(record)
        event_type, source = f"exchange.records.{record.type}", f"/departments/{publisher}"
        return Admitted(
            topic=topic,
            department=publisher,
            key=key.encode(),
            value=value,
            headers=cloud_event(event_type, record.record_id, source, record.recorded_at),
            record_id=record.record_id,
            case_id=self._case_ids.of_key(key),
        )

    def _file(
        self,
        request: _Envelope,
        reasons: tuple[Reason, ...],
        publisher: str | None = None,
        topic: str | None = None,
    ) -> TurnedAway:
        return TurnedAway(reasons, self._holder(publisher), _record_id(request.record), topic)

    def _turn_away(self, *reasons: Reason, content: object = None) -> TurnedAway:
        """File what is not a request with its publisher, as far as its content tells who and what that is."""
        told: Mapping[str, object] = content if isinstance(content, Mapping) else {}
        publisher = self._department or _owner(told, self._catalogue)
        return TurnedAway(reasons, self._holder(publisher), _record_id(told.get("record")))

    def _holder(self, department: str | None) -> str:
        """With whom it is filed: publishers have a quarantine of their own, for all else the bureau has."""
        return department if department in self._catalogue.publishers else self._catalogue.bureau


def publisher_told(
    record_type: str, record: Mapping[str, object], catalogue: Catalogue, policy: Policy
) -> object:
    """Return who publishes a record, as far as it tells.

    That is its type's owner, else what it names as the department, else who decides a result's matter.
    """
    told = catalogue.owners.get(record_type) or record.get("department")
    if told is not None or record_type != _RESULT:
        return told
    number = record.get("matter")
    matter = policy.by_number.get(number) if isinstance(number, int) else None
    return matter and matter.decides


def _unread(submission: Submission, error: JSONDecodeError) -> Reason:
    """Why it is not JSON: bytes that are not text are told apart from text that is not JSON."""
    try:
        submission.payload.decode()
    except UnicodeDecodeError:
        return reason("text_damaged", lines=submission.number)
    return no_json(error, submission.number)


def _envelope_faults(content: Mapping[str, object], catalogue: Catalogue) -> tuple[Reason, ...]:
    record_type, record = content.get("type"), content.get("record")
    if "record" not in content and "record_id" in content:
        return (reason("record_not_wrapped", "record"),)
    faults = [_type_fault(record_type, catalogue)]
    if record is None:
        faults.append(reason("field_missing", "record"))
    elif not isinstance(record, Mapping):
        faults.append(reason("not_a_record", "record"))
    unknown = [name for name in content if name not in ("type", "record")]
    faults += [unknown_field((str(name),), ENVELOPE) for name in unknown[:10]]
    return tuple(fault for fault in faults if fault is not None)


def _type_fault(record_type: object, catalogue: Catalogue) -> Reason | None:
    if record_type is None:
        return reason("field_missing", "type")
    if not isinstance(record_type, str):
        return reason("not_text", "type")
    return None if record_type in catalogue.owners else unknown_type(record_type, catalogue.schemas)


def _owner(content: Mapping[str, object], catalogue: Catalogue) -> str | None:
    record_type = content.get("type")
    return catalogue.owners.get(record_type) if isinstance(record_type, str) else None


def _record_id(record: object) -> str | None:
    """The record's id if it is valid, so that the receipt can name it."""
    value = record.get("record_id") if isinstance(record, Mapping) else None
    text = in_one_line(value) if isinstance(value, str) else ""
    return text.lower() if is_uuid(text) else None
