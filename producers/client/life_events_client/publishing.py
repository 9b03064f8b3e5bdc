"""How records are published and their receipts fetched, without clock, network or disk."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from life_events_client.access import FIRST_PAUSE_S, Access, ask
from life_events_client.answers import Pending, Progress, Receipt
from life_events_client.errors import ReceiptsLate, RecordRefused, RequestWrong
from life_events_client.model import Publishable, as_bytes
from life_events_client.steps import SLOWEST_S, Answer, Ask, Conversation, Wait

BATCH_LINES: Final = 500
"""So many records go in one request: after a cut no more are sent again."""
BATCHES_AHEAD: Final = 4
"""So many batches may be stored before the receipts of the first are asked for."""
LONGEST_WAIT_S: Final = 20.0
"""How long the exchange is asked to wait for the next receipt: proxies cut off what is silent for long."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records in the order in which they are sent, and their ids. One batch id always means the same ones."""

    id: str
    record_ids: tuple[str, ...]
    lines: tuple[bytes, ...]

    @property
    def path(self) -> str:
        """Where it is at the exchange."""
        return f"/v1/batches/{self.id}"


def line_of(record: Publishable) -> bytes:
    """Return a record as one line of a batch."""
    return line(record.type, as_bytes(record))


def line(record_type: str, fields: bytes) -> bytes:
    """Return one line of a batch, from the JSON of a record's fields."""
    return b'{"type": %b, "record": %b}\n' % (json.dumps(record_type).encode(), fields)


def publish(access: Access, record: Publishable, wait_s: float | None) -> Conversation[Receipt | Pending]:
    """Store one record, and wait so long for its receipt.

    Raises:
        RecordRefused: it is not taken.
        ClientError: any other of `errors`.
    """
    wanted = Ask(
        "POST",
        f"/v1/records/{quote(record.type, safe='')}",
        params={"wait": f"{wait_s:g}"} if wait_s else {},
        headers={"content-type": "application/json"},
        content=as_bytes(record),
        patience_s=SLOWEST_S + (wait_s or 0),
    )
    answer = yield from ask(access, wanted, patience_s=access.patience_s)
    if answer.status == 202:
        return Pending(record.record_id, str(answer.json()["receipt_id"]))
    receipt = Receipt.of(answer.json())
    if answer.repeated and receipt.status == "DUPLICATE":  # of what this call itself sent before: see that
        receipt = next(iter((yield from receipts_of(access, record.record_id))), receipt)
    if receipt.refused:
        raise RecordRefused(receipt.record_id, receipt.receipt_id, receipt.reasons)
    return receipt


def receipts_of(access: Access, record_id: str) -> Conversation[tuple[Receipt, ...]]:
    """Return all receipts of an id, oldest first; none if there is none yet."""
    wanted = Ask("GET", f"/v1/receipts/{quote(record_id, safe='')}")
    try:
        answer = yield from ask(access, wanted, patience_s=access.patience_s)
    except RequestWrong as problem:
        if problem.status == 404:
            return ()
        raise
    return tuple(Receipt.of(one) for one in answer.json()["receipts"])


def send_many(
    access: Access,
    records: Iterable[Publishable],
    progress: Callable[[Progress], None],
    on_receipt: Callable[[Receipt], None],
) -> Conversation[None]:
    """Store all records and call back with one receipt for each, in their order.

    Raises:
        ReceiptsLate: all that was sent is stored, and nothing more is heard.
        ClientError: any other of `errors`; what was called back for has been settled.
    """
    stored = answered = 0
    ahead: deque[Batch] = deque()

    def take(_line: int, receipt: Receipt) -> None:
        nonlocal answered
        answered += 1
        on_receipt(receipt)

    def settle(most: int) -> Conversation[None]:
        while len(ahead) > most:
            yield from collect(access, ahead.popleft(), take, patience_s=access.patience_s)
            progress(Progress(stored, answered))

    for batch in _batches(records):
        yield from store(access, batch, patience_s=access.patience_s)
        stored += len(batch.lines)
        progress(Progress(stored, answered))
        ahead.append(batch)
        yield from settle(BATCHES_AHEAD)
    yield from settle(0)


def _batches(records: Iterable[Publishable]) -> Iterator[Batch]:
    rest = iter(records)
    while chosen := tuple(islice(rest, BATCH_LINES)):
        ids, lines = (one.record_id for one in chosen), (line_of(one) for one in chosen)
        yield Batch(str(uuid4()), tuple(ids), tuple(lines))


def store(access: Access, batch: Batch, *, patience_s: float) -> Conversation[None]:
    """Hand a batch over, all of it. What was stored before a cut is not stored again.

    Raises:
        ClientError: any of `errors`.
    """

    def look() -> Conversation[Answer | None]:
        try:
            known = yield from ask(access, Ask("GET", batch.path), patience_s=patience_s)
        except RequestWrong as problem:
            if problem.status == 404:
                return None
            raise
        return known if known.json()["state"] == "COMPLETE" else None

    headers = {"content-type": "application/x-ndjson"}
    wanted = Ask("PUT", batch.path, headers=headers, content=b"".join(batch.lines))
    yield from ask(access, wanted, patience_s=patience_s, between=look)


def collect(
    access: Access,
    batch: Batch,
    take: Callable[[int, Receipt], None],
    *,
    patience_s: float,
) -> Conversation[None]:
    """Take the receipts of a batch that is stored, in the order of its lines.

    Raises:
        ReceiptsLate: nothing more has come for so long.
        ClientError: any other of `errors`.
    """
    after, heard = 0, access.clock()
    while after < len(batch.lines):
        came = yield from receipts_behind(access, batch, after, LONGEST_WAIT_S, patience_s=patience_s)
        for number, receipt in came:
            take(number, receipt)
            after, heard = number, access.clock()
        if came:
            continue
        if access.clock() - heard > patience_s:
            raise ReceiptsLate(f"{len(batch.lines) - after} records are stored and have no receipt yet.")
        yield Wait(access.jitter(FIRST_PAUSE_S))


def receipts_behind(
    access: Access, batch: Batch, after: int, wait_s: float, *, patience_s: float
) -> Conversation[list[tuple[int, Receipt]]]:
    """Return the receipts that have come for the lines behind one, each with its line's number, in order."""
    params = {"after": str(after), "wait": f"{wait_s:g}"}
    wanted = Ask("GET", f"{batch.path}/receipts", params=params, patience_s=SLOWEST_S + wait_s)
    answer = yield from ask(access, wanted, patience_s=patience_s)
    said = [json.loads(one) for one in answer.body.splitlines() if one.strip()]
    # The exchange does not know the id of a record that it could not read; the line says which it is.
    return [
        (one["line"], Receipt.of({**one, "record_id": batch.record_ids[one["line"] - 1]})) for one in said
    ]
