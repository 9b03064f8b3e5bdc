"""The join's readers and writers of Avro, one per topic, with the ids that the registry gave."""

from collections.abc import Mapping
from typing import Any

from exchange.folding.limits import RECORD_BYTES
from exchange.folding.messages import Decode
from exchange.folding.written import Encode
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder, Encoder
from topics.catalogue import RECORDS, TOLD_TO_THE_JOIN, Catalogue


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


def output_encoders(catalogue: Catalogue, ids: Mapping[str, int]) -> dict[str, Encode]:
    """Return what writes each of the join's output topics; ``ids`` holds the id of each one's schema."""
    return {
        topic.name: Encoder(catalogue.schema_of(topic.name), ids[topic.name]).encode
        for topic in catalogue.topics
        if topic.kind != RECORDS and topic.schema
    }
