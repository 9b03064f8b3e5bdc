"""Which lines of a batch are stored: kept as they are, so that whoever is cut off can ask and go on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from consumers.log.copies import Connection
from exchange.gateway.intake import Outcome, StoredInput
from exchange.serving.problems import ProblemError
from producers.submissions import Submission, Whole
from verification.reasons import reason

_OPEN: Final = """
INSERT INTO gateway.batches AS found (batch_id, principal) VALUES (%s, %s)
ON CONFLICT (batch_id) DO UPDATE
    SET made_at = CASE found.principal WHEN excluded.principal THEN now() ELSE found.made_at END
RETURNING principal
"""
_KNOWN: Final = "SELECT line, digest FROM gateway.lines WHERE batch_id = %s AND line BETWEEN %s AND %s"
_PUT: Final = """
INSERT INTO gateway.lines SELECT %s, * FROM unnest(%s::integer[], %s::bytea[], %s::boolean[], %s::text[])
ON CONFLICT DO NOTHING
"""
_COMPLETE: Final = "UPDATE gateway.batches SET complete = true WHERE batch_id = %s"
_BATCH: Final = "SELECT complete FROM gateway.batches WHERE batch_id = %s AND principal = %s"
_COUNTS: Final = """
SELECT count(*), count(*) FILTER (WHERE stored) FROM gateway.lines WHERE batch_id = %s
"""
_RANGES: Final = """
SELECT min(line), max(line) FROM (
    SELECT line, line - row_number() OVER (ORDER BY line) AS island FROM gateway.lines WHERE batch_id = %s
) AS numbered GROUP BY island ORDER BY 1
"""
_LINES: Final = """
SELECT line, receipt_id FROM gateway.lines WHERE batch_id = %s AND line > %s ORDER BY line LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of a batch: its number from 1, and its bytes as they came; `whole` if there were more."""

    number: int
    raw: bytes = field(repr=False)
    whole: Whole | None = None

    @property
    def submission(self) -> Submission:
        """Return it as admission takes it."""
        fault = reason("too_large") if self.whole else None
        return Submission(self.number, self.raw, fault=fault, whole=self.whole)

    @property
    def digest(self) -> bytes:
        """Return what tells it from another line."""
        return bytes.fromhex(self.submission.digest)[:16]


def open_batch(connection: Connection, batch_id: UUID, principal: str) -> None:
    """Begin a batch, or go on with one.

    Raises:
        ProblemError: it is somebody else's, of whom nothing is said.
    """
    if connection.execute(_OPEN, (batch_id, principal)).fetchone() != (principal,):
        raise ProblemError("not_found", 404)


def new_lines(connection: Connection, batch_id: UUID, lines: Sequence[BatchLine]) -> list[BatchLine]:
    """Return, of lines that follow each other, those that are not dealt with yet.

    Raises:
        ProblemError: one is not what came under its number before.
    """
    found = connection.execute(_KNOWN, (batch_id, lines[0].number, lines[-1].number)).fetchall()
    known = {line: bytes(digest) for line, digest in found}
    for line in lines:
        if line.number in known and known[line.number] != line.digest:
            raise ProblemError("batch_differs", 422, line=line.number)
    return [line for line in lines if line.number not in known]


def put_lines(
    connection: Connection, batch_id: UUID, lines: Iterable[BatchLine], outcomes: Iterable[Outcome]
) -> None:
    """Note what became of lines."""
    rows = [
        (line.number, line.digest, isinstance(outcome, StoredInput), outcome.receipt_id)
        for line, outcome in zip(lines, outcomes, strict=True)
    ]
    connection.execute(_PUT, (batch_id, *(list(column) for column in zip(*rows, strict=True))))


def complete_batch(connection: Connection, batch_id: UUID) -> None:
    """Note that all lines of a batch have come."""
    connection.execute(_COMPLETE, (batch_id,))


def is_complete(connection: Connection, batch_id: UUID, principal: str) -> bool:
    """Say whether all lines of a principal's batch have come.

    Raises:
        ProblemError: nobody has begun it, or somebody else.
    """
    found = connection.execute(_BATCH, (batch_id, principal)).fetchone()
    if found is None:
        raise ProblemError("not_found", 404)
    return bool(found[0])


def counts_of(connection: Connection, batch_id: UUID) -> tuple[int, int]:
    """Return how many lines of a batch are dealt with, and how many of them are stored."""
    return connection.execute(_COUNTS, (batch_id,)).fetchone() or (0, 0)


def ranges_of(connection: Connection, batch_id: UUID) -> list[tuple[int, int]]:
    """Return the lines that are dealt with: first and last of each run of them."""
    return connection.execute(_RANGES, (batch_id,)).fetchall()


def lines_after(connection: Connection, batch_id: UUID, line: int, most: int) -> list[tuple[int, str]]:
    """Return numbers and receipt ids of the next lines that are dealt with."""
    return [(number, receipt_id) for number, receipt_id in connection.execute(_LINES, (batch_id, line, most))]
