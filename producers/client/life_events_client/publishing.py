"""How many records are published, each with its receipt, whichever way they go."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from life_events_client.access import FIRST_PAUSE_S
from life_events_client.answers import Progress, Receipt
from life_events_client.batches import Batch, chosen
from life_events_client.errors import ReceiptsLate
from life_events_client.model import Publishable
from life_events_client.steps import Conversation, Wait
from life_events_client.way import Way

BATCHES_AHEAD: Final = 4
"""So many batches may be stored before the receipts of the first are asked for."""
LONGEST_WAIT_S: Final = 20.0
"""How long the exchange is asked to wait for the next receipt: proxies cut off what is silent for long."""


def send_many(
    way: Way,
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

    def take(receipt: Receipt) -> None:
        nonlocal answered
        answered += 1
        on_receipt(receipt)

    def settle(most: int) -> Conversation[None]:
        while len(ahead) > most:
            yield from collect(way, ahead.popleft(), take)
            progress(Progress(stored, answered))

    for some in chosen(records):
        batch = Batch.of((yield from way.batch_id()), some)
        yield from way.store(batch)
        stored += len(batch.lines)
        progress(Progress(stored, answered))
        ahead.append(batch)
        yield from settle(BATCHES_AHEAD)
    yield from settle(0)


def collect(way: Way, batch: Batch, take: Callable[[Receipt], None]) -> Conversation[None]:
    """Take the receipts of a batch that is stored, in the order of its lines.

    Raises:
        ReceiptsLate: nothing more has come for as long as the client is patient.
        ClientError: any other of `errors`.
    """
    access = way.access
    after, heard = 0, access.clock()
    while after < len(batch.lines):
        came = yield from way.receipts_behind(batch, after, LONGEST_WAIT_S)
        for number, receipt in came:
            take(receipt)
            after, heard = number, access.clock()
        if came:
            continue
        if access.clock() - heard > access.patience_s:
            raise ReceiptsLate(f"{len(batch.lines) - after} records are stored and have no receipt yet.")
        yield Wait(access.jitter(FIRST_PAUSE_S))
