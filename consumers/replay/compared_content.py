"""What a message that the join publishes says of its case, in the form in which two sides are compared.

Only what follows from the records, in whatever order they were taken, is compared (ADR 0018): the case to
the last byte, in the present schema; for each matter, what a department was told last; for a task, what it
is about.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

import orjson

from avro_schemas.typed_documents import AnnouncementDocument, TaskDocument
from consumers.read_model.task_reader import DONE
from consumers.replay.compared_entries import Side, SideEntry
from exchange.domain.grants import DUE_SOON, OVERDUE, RECOVERY, WITHDRAWN

CASE: Final = "case"
STANDING: Final = "announcement"
TASK: Final = "task"
ACKNOWLEDGEMENT: Final = "task of a withdrawal"
WITHDRAWAL: Final = "withdrawal"
TASK_ROW: Final = "task row"
INDEX_ROW: Final = "index row"

COMPARED: Final[dict[str, tuple[tuple[Side, Side], ...]]] = {
    CASE: (("log", "live"), ("live", "read_model")),
    STANDING: (("log", "live"),),
    TASK: (("log", "live"),),
    ACKNOWLEDGEMENT: (("log", "live"),),
    TASK_ROW: (("live", "read_model"),),
    INDEX_ROW: (("live", "read_model"),),
}
"""Which sides must agree on what; a withdrawal is kept only to tell whether both sides know of it."""

_OF_A_TASK: Final = ("kind", "owed_by", "subject", "matter", "instance", "records")
_OF_AN_ANNOUNCEMENT: Final = ("transition", "proofs")


def of_case(side: Side, case_id: str, payload: bytes | None) -> Iterator[SideEntry]:
    """Yield the case's digest; no payload means that the case was taken away."""
    yield SideEntry(side, case_id, CASE, "", None if payload is None else digest(payload))


def of_folded_case(case_id: str, partition: int) -> SideEntry:
    """Return where the fold has the case's records: what they come to is worked out when it is compared."""
    return SideEntry("folded", case_id, CASE, "", b"%d" % partition)


def of_announcement(side: Side, told: AnnouncementDocument) -> Iterator[SideEntry]:
    """Yield what now stands as told of the matter: nothing once withdrawn; a reminder changes nothing."""
    case_id, transition = told["case_id"], told["transition"]
    if transition in {DUE_SOON, OVERDUE}:
        return
    name = f"{told['matter']:02d}/{told['department']}/{told['instance'] or ''}"
    standing = None if transition == WITHDRAWN else _content(told, _OF_AN_ANNOUNCEMENT)
    yield SideEntry(side, case_id, STANDING, name, standing)
    if transition in {WITHDRAWN, RECOVERY}:
        yield SideEntry(side, case_id, WITHDRAWAL, told["id"], b"")


def matter_of(name: str) -> int:
    """Return the matter that a standing announcement is about, by its name."""
    return int(name.partition("/")[0])


def of_task(side: Side, task: TaskDocument) -> Iterator[SideEntry]:
    """Yield the task while it is owed; whether in time or late depends on the clock and is left out."""
    content = None if task["state"] == DONE else _content(task, _OF_A_TASK)
    if task["kind"] == "ACKNOWLEDGE":
        yield SideEntry(side, task["case_id"], ACKNOWLEDGEMENT, task["subject"], content)
    else:
        yield SideEntry(side, task["case_id"], TASK, task["task_id"], content)


def of_task_row(side: Side, row: Mapping[str, Any]) -> Iterator[SideEntry]:
    """Yield all that a row of a task holds."""
    yield SideEntry(
        side, row["case_id"], TASK_ROW, row["task_id"], orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
    )


def of_index_row(side: Side, row: Mapping[str, Any]) -> Iterator[SideEntry]:
    """Yield all that the row of a receipt or an announcement holds, of its bytes the digest."""
    place = f"{row['partition']}/{row['offset']}"
    name = row.get("receipt_id") or f"{row['department']}/{place}"
    said = {**row, "value": digest(row["value"]).hex()}
    said.pop("found_by", None)  # made with a secret that nobody has here, of what the bytes say
    if row["case_id"] is not None:  # what was refused first and then taken had none before
        yield SideEntry(side, "", INDEX_ROW, name, None)
    content = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    yield SideEntry(side, row["case_id"] or "", INDEX_ROW, name, content)


def _content(document: Mapping[str, Any], names: Iterable[str]) -> bytes:
    return orjson.dumps({name: document[name] for name in names})


def digest(payload: bytes) -> bytes:
    """Return what stands for bytes that are too many to keep."""
    return blake2b(payload, digest_size=16).digest()
