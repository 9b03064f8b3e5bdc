"""The rules as one exchange has them: for the live join, and for whoever folds the same log again."""

from collections.abc import Mapping
from typing import Any, Final

from exchange.folding.case_ids import CaseIds
from exchange.folding.messages import Decode
from exchange.folding.outputs import Outputs
from exchange.folding.sizes import RECORD_BYTES
from exchange.folding.step import Step
from exchange.folding.written import Encode
from exchange.runtime.logs import logger
from exchange.runtime.registry.avro_writer import case_part_encoders
from exchange.runtime.registry.client import Registry, subject_ids
from exchange.runtime.registry.serde import Decoder, Encoder
from exchange.runtime.settings import Settings
from topics.catalogue import CASES, RECORDS, TOLD_TO_THE_JOIN, Catalogue

log = logger("join.step")

NO_ID: Final = 0
"""Stands for a schema's id: what is encoded with it never leaves the process."""


def report(event: str, **where: object) -> None:
    """Log what a rule failed on."""
    log.error(event, **where)


def make_step(settings: Settings, registry: Registry) -> Step:
    """Return the rules as the settings' exchange has them, with outputs encoded as its topics take them.

    Args:
        settings: the exchange.
        registry: has the schemas.
    """
    return _step(settings, registry, _output_encoders(settings.city.catalogue, subject_ids(settings)))


def make_step_of_history(settings: Settings, registry: Registry) -> Step:
    """Return the same rules for whoever looks back: their outputs go nowhere.

    They are encoded all the same: what would be too large for its topic is refused as it was then.
    """
    catalogue = settings.city.catalogue
    return _step(settings, registry, _output_encoders(catalogue, dict.fromkeys(catalogue.by_name, NO_ID)))


def _step(settings: Settings, registry: Registry, encoders: Mapping[str, Encode]) -> Step:
    catalogue = settings.city.catalogue
    return Step(
        policy=settings.city.policy.holding_since(settings.rules_since),
        catalogue=catalogue,
        case_ids=CaseIds(settings.case_key),
        decode=record_decoder(catalogue, registry),
        outputs=Outputs(encoders, case_part_encoders(catalogue.schema_of(CASES))),
        report=report,
    )


def record_decoder(catalogue: Catalogue, registry: Registry) -> Decode:
    """Return what reads the join's input; only Avro, framed as the registry asks, passes."""
    decoders = {
        topic.name: Decoder[Mapping[str, Any]](
            catalogue.schema_of(topic.name), registry.schema_by_id, RECORD_BYTES
        )
        for topic in catalogue.records
    }
    for name in TOLD_TO_THE_JOIN:
        topic = catalogue.by_name[name]
        known = catalogue.schema_of(name)
        decoders[name] = Decoder(known, registry.schema_by_id, topic.max_message_bytes)

    def decode(topic: str, value: bytes | None) -> Any:
        return decoders[topic].decode(value or b"")

    return decode


def _output_encoders(catalogue: Catalogue, ids: Mapping[str, int]) -> dict[str, Encode]:
    """Return what writes each of the join's output topics; ``ids`` holds the id of each one's schema."""
    return {
        topic.name: Encoder(catalogue.schema_of(topic.name), ids[topic.name]).encode
        for topic in catalogue.topics
        if topic.kind != RECORDS and topic.schema
    }
