"""What an operator sees of deliveries, and does with those that the portal has not taken."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict, cast

import psycopg
from psycopg.rows import dict_row

from consumers.log.copy_session import CONNECT_LIMIT_S, postgres_away
from consumers.notifier.tables import DEAD, PENDING
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings

OPEN: Final = (PENDING, DEAD)
"""States in which the portal has still to be told."""

_FIELDS = """
webhook_id, case_id, state, attempts, problem, made_at, closed_at, actor, reason,
CASE WHEN state = 'PENDING' THEN next_attempt_at END AS next_attempt_at
"""
_FROM = "FROM notifier.deliveries"
_FIND = f"""
SELECT {_FIELDS}, count(*) OVER () AS total {_FROM}
WHERE %s OR state = ANY(%s) ORDER BY number LIMIT %s
"""
_GET = f"SELECT {_FIELDS} {_FROM} WHERE webhook_id = ANY(%s) ORDER BY number"
_OPEN_IDS = f"SELECT webhook_id {_FROM} WHERE state = ANY(%s) ORDER BY number"
# A dead one gets all its attempts again; one that waits keeps its count.
_RETRY = """
UPDATE notifier.deliveries SET
    attempts = CASE WHEN state = 'DEAD' THEN 0 ELSE attempts END,
    state = 'PENDING', next_attempt_at = now(), closed_at = NULL
WHERE webhook_id = ANY(%s) AND state = ANY(%s)
"""
_DISCARD = """
UPDATE notifier.deliveries SET state = 'DISCARDED', closed_at = now(), actor = %s, reason = %s
WHERE webhook_id = ANY(%s) AND state = ANY(%s)
"""
_ABSENT = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName)


class DeliveryRow(TypedDict):
    """A delivery as an operator sees it."""

    webhook_id: str
    case_id: str
    state: str
    attempts: int
    problem: str | None
    made_at: datetime
    closed_at: datetime | None
    actor: str | None
    reason: str | None
    next_attempt_at: datetime | None


@dataclass(frozen=True)
class WebhookDesk:
    """The deliveries of one exchange.

    Raises:
        ExchangeError: from every method: no portal was ever to be told, or PostgreSQL does not answer.
    """

    settings: Settings

    def find(self, limit: int, *, closed_too: bool) -> tuple[list[DeliveryRow], int]:
        """Return deliveries, the oldest first, and how many there are; closed ones too, if asked for."""
        rows = self._rows(_FIND, (closed_too, list(OPEN), limit))
        total = rows[0]["total"] if rows else 0
        return cast(list[DeliveryRow], [_without_total(row) for row in rows]), total

    def get(self, webhook_ids: Collection[str]) -> list[DeliveryRow]:
        """Return these deliveries, as far as there are any."""
        return cast(list[DeliveryRow], self._rows(_GET, (list(webhook_ids),)))

    def open_ids(self) -> list[str]:
        """Return the ids of all that the portal has not taken."""
        return [row["webhook_id"] for row in self._rows(_OPEN_IDS, (list(OPEN),))]

    def retry(self, webhook_ids: Collection[str]) -> int:
        """Have these sent as soon as their turn comes; return how many there are."""
        return self._do(_RETRY, (list(webhook_ids), list(OPEN)))

    def discard(self, webhook_ids: Collection[str], actor: str, reason: str) -> int:
        """Close these: the portal is not told; return how many there are."""
        return self._do(_DISCARD, (actor, reason, list(webhook_ids), list(OPEN)))

    def _rows(self, query: str, parameters: tuple[object, ...]) -> list[dict[str, Any]]:
        with _connected(self.settings) as connection, connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode(), parameters).fetchall()

    def _do(self, statement: str, parameters: tuple[object, ...]) -> int:
        with _connected(self.settings) as connection:
            return connection.execute(statement.encode(), parameters).rowcount


def _without_total(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "total"}


@contextmanager
def _connected(settings: Settings) -> Iterator[psycopg.Connection[Any]]:
    try:
        with psycopg.connect(settings.postgres, connect_timeout=CONNECT_LIMIT_S) as connection:
            yield connection
    except _ABSENT:
        raise ExchangeError(said("no_webhooks_yet"), said("set_up_webhooks")) from None
    except psycopg.OperationalError as problem:
        raise postgres_away(problem) from None
