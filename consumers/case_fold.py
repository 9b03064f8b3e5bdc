"""Folds one case again from what the log holds, message by message, with the very rules of the live join."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from avro_schemas.catalogue import schema
from exchange.domain.documents import Document
from exchange.domain.policy import load_policy
from exchange.runtime.case_ids import CaseIds
from exchange.runtime.join.codec import record_decoder
from exchange.runtime.join.memory_states import MemoryStates
from exchange.runtime.join.outputs import Output, Outputs
from exchange.runtime.join.step import LogRecord, Step
from exchange.runtime.log_time import taken_at_of
from exchange.runtime.registry import Registry
from exchange.runtime.serde import Decoder, Encoder
from exchange.runtime.settings import Settings
from topics.catalogue import CASES, RECORDS, load_catalogue

NO_ID = 0
"""Stands for the schema's id: what is encoded here never leaves the process."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one message of the log came to.

    Attributes:
        message: As the log has it.
        at: When the log took it.
        before: The case as it was, ``exchange.events.Case``; None while nothing was known.
        after: The case as it is with the message.
        receipt: What the department is answered, ``exchange.events.Receipt``; None for what is no record.
        announced: The ids of the announcements that follow.
    """

    message: LogRecord
    at: datetime
    before: Document | None
    after: Document | None
    receipt: Document | None = None
    announced: frozenset[str] = frozenset()


@dataclass
class CaseFold:
    """Folds cases; ``step`` must write its outputs with ``documents_of``'s encoders (see ``new_fold``)."""

    step: Step
    _decoders: dict[str, Decoder] = field(default_factory=dict)

    def effects(self, case_id: str, messages: Iterable[LogRecord]) -> Iterator[Effect]:
        """Yield what each message comes to for the case, in the order given, from nothing on."""
        states, case = MemoryStates(), None
        for message in messages:
            batch = self.step.run([message], states)
            states.apply(batch)
            found = [(output.topic.partition(".")[0], self._document(output)) for output in batch.outputs]
            before = case
            case = next((d for kind, d in found if kind == CASES and d["case_id"] == case_id), case)
            yield Effect(
                message,
                taken_at_of(message),
                before,
                case,
                next((d for kind, d in found if kind == "receipts"), None),
                frozenset(d["id"] for kind, d in found if kind == "matters"),
            )

    def _document(self, output: Output) -> Document:
        if output.topic not in self._decoders:
            known = schema(load_catalogue().by_name[output.topic].schema or "")
            self._decoders[output.topic] = Decoder(known, lambda _: known)
        return self._decoders[output.topic].decode(output.value)


def new_fold(settings: Settings, registry: Registry) -> CaseFold:
    """Return the fold of an exchange's cases: the join's rules, with outputs that go nowhere.

    They are encoded all the same: what would be too large for its topic is refused here as it was there.
    """
    catalogue = load_catalogue()
    names = {topic.name: topic.schema for topic in catalogue.topics if topic.kind != RECORDS and topic.schema}
    encoders = {name: Encoder(schema(name), NO_ID).encode for name in set(names.values())}
    return CaseFold(
        Step(
            policy=load_policy().holding_since(settings.rules_since),
            catalogue=catalogue,
            case_ids=CaseIds(settings.case_key),
            decode=record_decoder(catalogue, registry),
            outputs=Outputs({topic: encoders[name] for topic, name in names.items()}),
        )
    )
