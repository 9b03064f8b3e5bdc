"""`Idempotency-Key`: the first answer to a request, given again to whoever sends the same once more.

A key is its holder's own, and is forgotten after a time (`exchange.gateway.retention`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from psycopg.types.json import Jsonb

from consumers.log.copies import Connection
from exchange.serving.problems import ProblemError

_LONGEST: Final = 200
_FIND: Final = """
SELECT body_sha256, status, body, headers FROM gateway.answers WHERE principal = %s AND idempotency_key = %s
"""
_KEEP: Final = """
INSERT INTO gateway.answers (principal, idempotency_key, body_sha256, status, body, headers)
VALUES (%s, %s, %s, %s, %s, %s)
"""


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

    @property
    def name(self) -> tuple[str, str]:
        """Return what tells it from other keys: whose it is, and the key."""
        return self.principal, self.key

    def find(self, connection: Connection) -> KeptAnswer | None:
        """Return the answer that was given; None if none was.

        Raises:
            ProblemError: the key came with another body before.
        """
        found = connection.execute(_FIND, self.name).fetchone()
        if found is None:
            return None
        body_sha256, *answer = found
        if body_sha256 != self.body_sha256:
            raise ProblemError("idempotency_key_reused", 422)
        return KeptAnswer(*answer)

    def keep(self, connection: Connection, answer: KeptAnswer) -> None:
        """Keep the answer to be given again."""
        kept = answer.status, Jsonb(dict(answer.body)), Jsonb(dict(answer.headers))
        connection.execute(_KEEP, (*self.name, self.body_sha256, *kept))
