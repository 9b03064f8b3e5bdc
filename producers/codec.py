"""Writers of the topics that publishers write, each made when first needed; and the reader of receipts."""

from collections.abc import Mapping
from typing import Any

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import ReceiptDocument
from exchange.folding.sizes import RECORD_BYTES
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder, Encoder
from exchange.runtime.registry.topic_encoders import topic_encoder
from topics.catalogue import RECORDS, Catalogue, Topic


class Codec:
    """Writes values of any topic as the registry knows its schema; asks the registry once per topic."""

    def __init__(self, catalogue: Catalogue, registry: Registry) -> None:
        self._catalogue = catalogue
        self._registry = registry
        self._encoders: dict[str, Encoder] = {}
        self._receipts = Decoder[ReceiptDocument](schema("receipt"), registry.schema_by_id)

    def encode(self, topic: str, value: Mapping[str, Any]) -> bytes:
        """The framed value.

        Raises:
            SerdeError: the value is not one of the topic's, or too large for it.
            ExchangeError: the registry is away, or does not hold the topic's schema.
        """
        encoder = self._encoders.get(topic)
        if encoder is None:
            encoder = self._encoders[topic] = self._make(self._catalogue.by_name[topic])
        return encoder.encode(value)

    def decode_receipt(self, payload: bytes) -> ReceiptDocument:
        """A receipt as `exchange.events.Receipt`.

        Raises:
            SerdeError: it is not a receipt.
        """
        return self._receipts.decode(payload)

    def _make(self, topic: Topic) -> Encoder:
        max_bytes = RECORD_BYTES if topic.kind == RECORDS else None
        return topic_encoder(self._registry, topic, max_bytes, schemas=self._catalogue.schemas)
