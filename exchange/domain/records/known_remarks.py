"""What is remarkable in a case's records: looked for once in each record, not again with the next one."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from exchange.domain.values import Taken
from verification.acceptance_rules import AcceptanceRules
from verification.records import Record
from verification.remarks import Remark, remarks

KEPT: Final = 4096
"""Records; a case of a hundred comes back with the next record to it."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a record; which record it is, the first three tell.

    What a handler links bears another number than the record that was taken, of which the digest is.
    """

    digest: str
    record_id: str
    id_number: str | None
    record: Record = field(compare=False)
    rules: AcceptanceRules = field(hash=False)


def remarks_of(entry: Taken, rules: AcceptanceRules) -> tuple[Remark, ...]:
    """Return everything remarkable in a record, in the order of the schema."""
    record = entry.record
    return _looked_for(_Look(entry.digest, record.record_id, record.id_number, record, rules))


@lru_cache(maxsize=KEPT)
def _looked_for(look: _Look) -> tuple[Remark, ...]:
    return remarks(look.record, look.rules)
