"""`Idempotency-Key`: the first answer to a request, given again to whoever sends the same once more.

A key is its holder's own, and is forgotten after a day [assumed].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from consumers.log.copies import Connection
from exchange.gateway.problems import ProblemError

_LONGEST: Final = 200
_FORGET: Final = "DELETE FROM gateway.answers WHERE made_at < now() - interval '24 hours'"
_CLAIM: Final = """
INSERT INTO gateway.answers AS known (principal, idempotency_key, body_sha256, run) VALUES (%s, %s, %s, %s)
ON CONFLICT (principal, idempotency_key) DO UPDATE SET run = excluded.run
    WHERE known.status IS NULL AND known.run <> excluded.run AND known.body_sha256 = excluded.body_sha256
RETURNING 1
"""
_FIND: Final = """
SELECT body_sha256, status, body, headers FROM gateway.answers WHERE principal = %s AND idempotency_key = %s
"""
_KEEP: Final = """
UPDATE gateway.answers SET status = %s, body = %s, headers = %s WHERE principal = %s AND idempotency_key = %s
"""
_RELEASE: Final = (
    "DELETE FROM gateway.answers WHERE principal = %s AND idempotency_key = %s AND status IS NULL"
)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered. It holds what a receipt may: nothing personal."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Whose key it is, the key, and what was sent under it.

    Raises:
        ProblemError: the key is none.
    """

    principal: str
    key: str
    body_sha256: str

    def __post_init__(self) -> None:
        if not (self.key.isascii() and self.key.isprintable() and 0 < len(self.key) <= _LONGEST):
            raise ProblemError("idempotency_key_wrong", 400)

    def claim(self, connection: Connection, run: UUID) -> KeptAnswer | None:
        """Return the answer that was given; None: nobody has, and it is the caller's to give.

        What a process that is gone did not finish may be claimed by another.

        Raises:
            ProblemError: it is being worked on, or the key came with another body before.
        """
        connection.execute(_FORGET)
        own = self.principal, self.key
        if connection.execute(_CLAIM, (*own, self.body_sha256, run)).fetchone():
            return None
        found = connection.execute(_FIND, own).fetchone()
        if found is None:  # forgotten just now
            raise ProblemError("idempotency_in_progress", 409, retry_s=1)
        body_sha256, status, body, headers = found
        if body_sha256 != self.body_sha256:
            raise ProblemError("idempotency_key_reused", 422)
        if status is None:
            raise ProblemError("idempotency_in_progress", 409, retry_s=1)
        return KeptAnswer(status, body, headers)

    def keep(self, connection: Connection, answer: KeptAnswer) -> None:
        """Keep the answer to be given again."""
        kept = answer.status, Jsonb(dict(answer.body)), Jsonb(dict(answer.headers))
        connection.execute(_KEEP, (*kept, self.principal, self.key))

    def release(self, connection: Connection) -> None:
        """Let it be tried again: nothing came of it."""
        connection.execute(_RELEASE, (self.principal, self.key))
