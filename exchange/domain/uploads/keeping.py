"""When a file is deleted: once nothing that named it is open, and its time is over. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from avro_schemas.typed_documents import CaseDocument
from exchange.domain.matters.views import OVER
from exchange.domain.policy_files.uploads import UploadPolicy
from verification.times import calendar_date


@dataclass(frozen=True, slots=True)
class FileUse:
    """One application that names a file: for which matters, and since when nothing of it is open.

    ``finished_on`` is None while something is.
    """

    matters: tuple[int, ...]
    finished_on: date | None


def use_of(record_id: str, matters: Sequence[int], document: CaseDocument | None) -> FileUse:
    """Return how an application stands that names a file.

    Args:
        record_id: the application's.
        matters: those that it asks for.
        document: the case in which it counts; None where none has it yet.
    """
    named = tuple(matters)
    if document is None:
        return FileUse(named, None)
    (entry, *_) = [one for one in document["records"] if one["record_id"] == record_id]
    unfinished = any(
        one["matter"] in named and (one["state"] not in OVER or one["recovery"])
        for one in document["matters"]
    )
    if entry["held"] or (entry["in_force"] and unfinished):
        return FileUse(named, None)
    # The last word on the case is not before the end of any of its matters.
    return FileUse(named, calendar_date(max(one["recorded_at"] for one in document["records"])))


def may_go(stored_on: date, uses: Sequence[FileUse], policy: UploadPolicy, today: date) -> bool:
    """Say whether a file's time is over; never while something that names it is open.

    Args:
        stored_on: the day on which it was handed in last.
        uses: all applications that name it.
        policy: how long files are kept.
        today: in Asia/Shanghai.
    """
    ends = [stored_on + timedelta(days=policy.unused_days)]
    for use in uses:
        if use.finished_on is None:
            return False
        ends.append(use.finished_on + timedelta(days=policy.days_after(use.matters)))
    return max(ends) < today
