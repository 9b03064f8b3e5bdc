"""What is remarkable in a case's records: looked for once in each record, not again with the next one."""

from functools import lru_cache
from typing import Final

from exchange.domain.values import Taken
from verification.acceptance_rules import AcceptanceRules
from verification.records import Record
from verification.remarks import Remark, remarks

KEPT: Final = 4096
"""Records; a case of a hundred comes back with the next record to it."""


class _Unasked:
    """What goes along with a question and is no part of it."""

    __slots__ = ("record", "rules")

    def __init__(self, record: Record, rules: AcceptanceRules) -> None:
        self.record, self.rules = record, rules

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unasked) and self.rules is other.rules


def remarks_of(entry: Taken, rules: AcceptanceRules) -> tuple[Remark, ...]:
    """Return everything remarkable in a record, in the order of the schema.

    What a handler links bears another number than the record that was taken, of which the digest is.
    """
    record = entry.record
    return _looked_for(entry.digest, record.record_id, record.id_number, _Unasked(record, rules))


@lru_cache(maxsize=KEPT)
def _looked_for(_digest: str, _record_id: str, _id_number: str | None, of: _Unasked) -> tuple[Remark, ...]:
    return remarks(of.record, of.rules)
