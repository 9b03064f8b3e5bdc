"""Folds one case again from what the log holds, message by message, with the very rules of the live join."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from consumers.history.effects import Effect
from exchange.folding.log_time import taken_at_of
from exchange.folding.memory_states import MemoryStates
from exchange.folding.messages import LogRecord
from exchange.folding.outputs import Output
from exchange.folding.step import Step
from exchange.runtime.registry.serde import Decoder
from topics.catalogue import CASES


@dataclass
class CaseFold:
    """Folds cases; ``step`` writes its outputs by the schemas as they stand here (see ``live_past``)."""

    step: Step
    _decoders: dict[str, Decoder[Any]] = field(default_factory=dict)

    def effects(self, case_id: str, messages: Iterable[LogRecord]) -> Iterator[Effect]:
        """Yield what each message comes to for the case, in the order given, starting from nothing."""
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

    def _document(self, output: Output) -> Any:
        if output.topic not in self._decoders:
            known = self.step.catalogue.schema_of(output.topic)
            self._decoders[output.topic] = Decoder(known, lambda _: known)
        return self._decoders[output.topic].decode(output.value)
