"""The way over HTTP: the exchange's gateway is asked, without clock, network or disk."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

from life_events_client import following
from life_events_client.access import Access, ask
from life_events_client.answers import Pending, Receipt
from life_events_client.batches import Batch
from life_events_client.bookmarks import Bookmarks, Filter, Start
from life_events_client.errors import RecordRefused, RequestWrong
from life_events_client.model import Publishable, as_bytes
from life_events_client.steps import SLOWEST_S, Answer, Ask, Conversation, Do


@dataclass
class OverHttp:
    """Over HTTP; `Way` says what each method does."""

    access: Access

    def batch_id(self) -> Conversation[str]:
        """Return the id for a new batch."""
        made: str = yield Do(lambda: str(uuid4()))
        return made

    def publish(self, record: Publishable, wait_s: float | None) -> Conversation[Receipt | Pending]:
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
        answer = yield from self._ask(wanted)
        if answer.status == 202:
            return Pending(record.record_id, str(answer.json()["receipt_id"]))
        receipt = Receipt.of(answer.json())
        if answer.repeated and receipt.status == "DUPLICATE":  # of what this call itself sent: see that
            receipt = next(iter((yield from self.receipts_of(record.record_id))), receipt)
        if receipt.refused:
            raise RecordRefused(receipt.record_id, receipt.receipt_id, receipt.reasons)
        return receipt

    def receipts_of(self, record_id: str) -> Conversation[tuple[Receipt, ...]]:
        """Return all receipts of an id, oldest first; none if there is none yet."""
        wanted = Ask("GET", f"/v1/receipts/{quote(record_id, safe='')}")
        try:
            answer = yield from self._ask(wanted)
        except RequestWrong as problem:
            if problem.status == 404:
                return ()
            raise
        return tuple(Receipt.of(one) for one in answer.json()["receipts"])

    def store(self, batch: Batch) -> Conversation[None]:
        """Hand a batch over, all of it. What was stored before a cut is not stored again.

        Raises:
            ClientError: any of `errors`.
        """

        def look() -> Conversation[Answer | None]:
            try:
                known = yield from self._ask(Ask("GET", _path(batch)))
            except RequestWrong as problem:
                if problem.status == 404:
                    return None
                raise
            return known if known.json()["state"] == "COMPLETE" else None

        headers = {"content-type": "application/x-ndjson"}
        wanted = Ask("PUT", _path(batch), headers=headers, content=b"".join(batch.lines))
        yield from self._ask(wanted, look)

    def receipts_behind(
        self, batch: Batch, after: int, wait_s: float
    ) -> Conversation[list[tuple[int, Receipt]]]:
        """Return the receipts that have come for the lines behind one, each with its line's number."""
        params = {"after": str(after), "wait": f"{wait_s:g}"}
        wanted = Ask("GET", f"{_path(batch)}/receipts", params=params, patience_s=SLOWEST_S + wait_s)
        try:
            answer = yield from self._ask(wanted)
        except RequestWrong as problem:
            if problem.code != "not_found":
                raise
            # It went over Kafka, so that nothing is known of it as a batch.
            found = yield from self.receipts_of(batch.record_ids[after])
            return [(after + 1, found[0])] if found else []
        said = [json.loads(one) for one in answer.body.splitlines() if one.strip()]
        # The exchange does not know the id of a record that it could not read; the line says which it is.
        return [
            (one["line"], Receipt.of({**one, "record_id": batch.record_ids[one["line"] - 1]})) for one in said
        ]

    def _ask(
        self, wanted: Ask, between: Callable[[], Conversation[Answer | None]] | None = None
    ) -> Conversation[Answer]:
        return ask(self.access, wanted, patience_s=self.access.patience_s, between=between)

    def follow(
        self, bookmarks: Bookmarks, chosen: Filter, *, name: str, start: Start, anew: bool
    ) -> Conversation[None]:
        """Emit announcements for ever."""
        return following.follow(self.access, bookmarks, chosen, name=name, start=start, anew=anew)

    def close(self) -> None:
        """Hold nothing."""


def _path(batch: Batch) -> str:
    """Return where a batch is at the exchange."""
    return f"/v1/batches/{batch.uuid}"
