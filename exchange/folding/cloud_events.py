"""CloudEvents 1.0 attributes as Kafka headers (binary mode); never with personal data in them."""

from typing import Final

Headers = list[tuple[str, bytes]]

CORRELATION: Final = "ce_correlationid"
_FIXED: Final[Headers] = [("ce_specversion", b"1.0"), ("content-type", b"application/avro")]


def cloud_event(event_type: str, event_id: str, source: str, time: str, cause: str = "") -> Headers:
    """Return the headers of one event; ``time`` is an ISO instant, UTC.

    ``cause`` is the receipt id of the record that brought it about: the same from receipt to announcement.

    Source: CloudEvents 1.0.2, Kafka protocol binding, section 3.2; its extension Correlation.
    """
    caused = [(CORRELATION, cause.encode())] if cause else []
    return [
        *_FIXED,
        ("ce_id", event_id.encode()),
        ("ce_type", event_type.encode()),
        ("ce_source", source.encode()),
        ("ce_time", time.encode()),
        *caused,
    ]
