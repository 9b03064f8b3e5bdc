"""Publish records to a city's life-events exchange, and be told of readiness.

`Client` (or `AsyncClient`) publishes and follows; `Outbox` keeps records on disk until they are delivered;
`records` has the record types; `errors` what may go wrong.
"""

from life_events_client.access import Brokers
from life_events_client.answers import Announcement, Pending, Progress, Reason, Receipt
from life_events_client.bookmarks import Filter
from life_events_client.client import AsyncClient, Client
from life_events_client.errors import (
    ClientError,
    ExchangeAway,
    NotAllowed,
    PositionGone,
    ReceiptsLate,
    RecordDiffers,
    RecordRefused,
    RequestWrong,
    TooFast,
)
from life_events_client.model import PlainRecord
from life_events_client.outbox import Outbox

__all__ = [
    "Announcement",
    "AsyncClient",
    "Brokers",
    "Client",
    "ClientError",
    "ExchangeAway",
    "Filter",
    "NotAllowed",
    "Outbox",
    "Pending",
    "PlainRecord",
    "PositionGone",
    "Progress",
    "Reason",
    "Receipt",
    "ReceiptsLate",
    "RecordDiffers",
    "RecordRefused",
    "RequestWrong",
    "TooFast",
]
