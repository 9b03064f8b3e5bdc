"""A record as the log took it: where all of it has to stay but what somebody changes."""

import time
from collections.abc import Mapping
from typing import Any, Final

from avro_schemas.typed_documents import ReceiptDocument
from consumers.log.copies import Connection
from consumers.log.reader import PositionGoneError, TopicsReader
from consumers.receipts.index import receipts_of_record
from exchange.desk.desk import Desk
from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.sentences import said
from producers.receipts import REJECTED

READ_WITHIN_S: Final = 10.0
_LOOK_S: Final = 0.2


def taken_record(
    desk: Desk, connection: Connection, department: str, record_type: str, record_id: str
) -> Mapping[str, Any]:
    """Return a department's record as the log has it; its receipt in the read model says where that is.

    Raises:
        ExchangeError: it has no receipt yet, or the brokers do not give it in time.
    """
    found = receipts_of_record(connection, department, record_id, desk.codec.decode_receipt)
    receipt = next((one for one in found if one["status"] != REJECTED), None)
    value = _value(desk, receipt) if receipt else None
    if value is None:
        raise ExchangeError(said("record_not_read"), said("send_again"))
    schema = desk.policy.schemas.schema(record_type)
    return Decoder[Mapping[str, Any]](schema, desk.registry.schema_by_id).decode(value)


def _value(desk: Desk, receipt: ReceiptDocument) -> bytes | None:
    topic, offset = receipt["record_topic"], receipt["record_offset"]
    partitions = desk.settings.city.catalogue.by_name[topic].partitions
    limit = time.monotonic() + READ_WITHIN_S
    with TopicsReader(desk.settings.kafka, {topic: partitions}) as reader:
        reader.start({(topic, receipt["record_partition"]): offset})
        while time.monotonic() < limit:
            try:
                messages = reader.read(_LOOK_S)
            except PositionGoneError:
                return None
            if messages:
                return bytes(messages[0].value()) if messages[0].offset() == offset else None
    return None
