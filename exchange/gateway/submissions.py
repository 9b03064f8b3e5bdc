"""Which receipts answer what a bank or a county handed in: its department's others are not its own to see."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from consumers.ledger.days import bounds_of
from consumers.log.copies import Connection

_PUT: Final = """
INSERT INTO gateway.submissions (principal, receipt_id) SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING
"""
_OWN: Final = "SELECT receipt_id FROM gateway.submissions WHERE principal = %s AND receipt_id = ANY(%s)"
_COUNTS: Final = """
SELECT coalesce(status, 'PENDING'), count(*)
FROM gateway.submissions LEFT JOIN read_model.receipts USING (receipt_id)
WHERE principal = %s AND made_at >= %s AND made_at < %s GROUP BY 1
"""


def note_submitted(connection: Connection, principal: str, receipt_ids: Iterable[str]) -> None:
    """Note whose submissions these receipts answer."""
    connection.execute(_PUT, (principal, list(receipt_ids)))


def own_of(connection: Connection, principal: str, receipt_ids: Collection[str]) -> frozenset[str]:
    """Return those receipts that answer a principal's submissions."""
    return frozenset(one for (one,) in connection.execute(_OWN, (principal, list(receipt_ids))))


def counts_of_own(connection: Connection, principal: str, day: date) -> dict[str, int]:
    """Return how many a principal handed in on a day in Asia/Shanghai, by what came of them."""
    return dict(connection.execute(_COUNTS, (principal, *bounds_of(day))).fetchall())
