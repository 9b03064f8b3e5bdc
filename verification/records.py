"""A department's record as all code after acceptance sees it: one frozen value, alike from JSON and Avro."""

from dataclasses import dataclass, field
from hashlib import sha256

import orjson

from avro_schemas.typed_documents import ActionSymbol, RecordFacts


@dataclass(frozen=True, slots=True)
class Record:
    """An accepted record.

    Attributes:
        type: the record type, such as `death_certificate`.
        department: the publisher, who owns the topic.
        recorded_at: `YYYY-MM-DDTHH:MM:SS.ffffffZ`; like every instant here it has a fixed width, so that text
            sorts by time.
        id_type: the kind found from the number's own form; `NONE` if there is none. What the sender wrote may
            have been `RESIDENT_ID` by default, which in Avro cannot be told from a statement.
        id_number: normalised, 18 digits where a 15-digit number came; None if there is none.
        id_number_original: the 15-digit form, if that came.
        facts: the type's own fields as plain JSON values. Instants are as `recorded_at`; an event time is
            `YYYY-MM-DD` if only the day is known; a percentage is decimal text. Fields that are null are left
            out, even inside nested objects.
    """

    type: str
    record_id: str
    action: ActionSymbol
    supersedes: str | None
    revision: int
    department: str
    issuer_name: str | None
    issuer_uscc: str | None
    certificate_no: str | None = field(repr=False)
    recorded_at: str
    id_type: str
    id_number: str | None = field(repr=False)
    id_number_original: str | None = field(repr=False)
    name: str = field(repr=False)
    county: str | None
    backfill: bool
    facts: RecordFacts = field(repr=False)


def partition_key(record: Record) -> str:
    """The key in record topics: the normalised number, or a provisional id if there is none.

    A decision about a person without a number goes to the person it links to.
    """
    return record.id_number or record.facts.get("linked_id_number") or f"provisional:{record.record_id}"


def digest(record: Record) -> str:
    """SHA-256 (hex) of the content in a canonical form: equal if and only if the records say the same.

    This tells a retry (same `record_id`, same content) from a `record_id` used again for something else.
    """
    content = {name: getattr(record, name) for name in Record.__slots__}
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
