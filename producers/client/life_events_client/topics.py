"""What the exchange's gateway tells of Kafka's topics: which are the department's, and what they hold."""

import json
from collections.abc import Generator, Mapping
from typing import Any

from life_events_client.access import Access, ask
from life_events_client.avro import Schema, Unfit, instant_text, read_instant, schema_id
from life_events_client.steps import Ask, Conversation


class Topics:
    """The topics of one department and their schemas, asked for once."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._department = ""
        self._types: dict[str, str | None] = {}
        self._writers: dict[str, Schema] = {}
        self._schemas: dict[int, Schema] = {}

    def own(self, kind: str) -> Conversation[str]:
        """Return the topic of a kind, `receipts` or `matters`, that is for the department."""
        yield from self._learn()
        return f"{kind}.{self._department}"

    def prepare(self, record_type: str) -> Conversation[None]:
        """Learn where records of a type go, and how they are written."""
        yield from self._learn()
        topic = self._types.get(record_type)
        if topic and topic not in self._writers:
            said = yield from self._get(f"/v1/schemas/subjects/{topic}-value/versions/latest")
            self._writers[topic] = Schema(said["id"], json.loads(said["schema"]))

    def write(self, record_type: str, fields: Any) -> tuple[str, bytes]:
        """Return the topic of a record, and it as written there; its type has been prepared for.

        Raises:
            Unfit: it cannot be written.
        """
        if record_type not in self._types:
            raise Unfit("unknown_record_type", "type")
        topic = self._types[record_type]
        if topic is None:
            raise Unfit("not_topic_owner", "type")
        return topic, self._writers[topic].encode(fields)

    def headers(self, record_type: str, fields: Mapping[str, Any]) -> dict[str, str]:
        """Return what stands beside a record, nothing of it the person's.

        Source: CloudEvents 1.0.2, Kafka protocol binding, section 3.2.
        """
        return {
            "ce_specversion": "1.0",
            "content-type": "application/avro",
            "ce_id": fields["record_id"].lower(),
            "ce_type": f"exchange.records.{record_type}",
            "ce_source": f"/departments/{self._department}",
            "ce_time": instant_text(read_instant(fields["recorded_at"])),
        }

    def read(self, message: bytes) -> dict[str, Any] | None:
        """Return what a message says; None if its schema was not asked for yet."""
        schema = self._schemas.get(schema_id(message))
        return schema.decode(message) if schema else None

    def schema(self, number: int) -> Conversation[Schema]:
        """Return the schema of an id."""
        if number not in self._schemas:
            said = yield from self._get(f"/v1/schemas/schemas/ids/{number}")
            self._schemas[number] = Schema(number, json.loads(said["schema"]))
        return self._schemas[number]

    def _learn(self) -> Conversation[None]:
        if not self._department:
            said = yield from self._get("/v1/catalogue")
            self._types = {one["type"]: _topic(one, said["department"]) for one in said["record_types"]}
            self._department = said["department"]

    def _get(self, path: str) -> Generator[Any, Any, Any]:
        answer = yield from ask(self._access, Ask("GET", path), patience_s=self._access.patience_s)
        return answer.json()


def _topic(shown: dict[str, Any], department: str) -> str | None:
    """Return the topic on which a department publishes a record type; None if it does not."""
    if not shown["may_publish"]:
        return None
    return f"records.{shown['type']}" if shown["owner"] else f"records.{shown['type']}.{department}"
