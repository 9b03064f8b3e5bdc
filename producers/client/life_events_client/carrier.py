"""The two kinds of work by which an outbox is delivered. Either may be broken off anywhere and done again."""

from collections.abc import Callable
from typing import Final, Protocol

from life_events_client.answers import Receipt
from life_events_client.backlog import Backlog
from life_events_client.errors import RequestWrong
from life_events_client.steps import Conversation, Result
from life_events_client.way import Way

RECEIPTS_WAIT_S: Final = 2.0
"""How long the exchange is asked to wait for receipts: so long may closing an outbox take."""
OF_THE_CONTENT: Final = frozenset({400, 413, 422})
"""These refuse what was sent. Others may come from a proxy, or a wrong address: then the records wait."""


class Runs(Protocol):
    """Does the steps of conversations."""

    def run(self, conversation: Conversation[Result]) -> Result:
        """Return what a conversation ends with."""


class Carrier:
    """Sends what waits in the backlog, batch by batch, and fetches the receipts, in order."""

    def __init__(
        self, way: Way, backlog: Backlog, runner: Runs, on_receipt: Callable[[Receipt], None]
    ) -> None:
        self._way, self._backlog, self._runner, self._on_receipt = way, backlog, runner, on_receipt

    def send(self) -> bool:
        """Send the next batch; return whether there was one.

        Raises:
            ClientError: any of `errors`; nothing is lost by it.
        """
        batch = self._backlog.unsent(lambda: self._runner.run(self._way.batch_id()))
        if not batch:
            return False
        try:
            self._runner.run(self._way.store(batch))
        except RequestWrong as problem:
            if problem.status not in OF_THE_CONTENT:
                raise
            self._backlog.divide(batch, problem.code)
        else:
            self._backlog.note_stored(batch)
        return True

    def collect(self) -> bool:
        """Take the receipts that have come for the oldest batch; return whether there were any.

        Raises:
            ClientError: any of `errors`; nothing is lost by it.
        """
        found = self._backlog.unanswered()
        if not found:
            return False
        batch, after = found
        came = self._runner.run(self._way.receipts_behind(batch, after, RECEIPTS_WAIT_S))
        for _, receipt in came:
            self._on_receipt(receipt)
        if came:
            self._backlog.note_receipts(batch, came)
        return bool(came)
