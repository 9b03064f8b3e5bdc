"""Tells the portal: one signed POST for each attempt, as the Standard Webhooks specification says.

A few attempts are under way at once, so that one slow answer holds up nobody else.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final, Self

import httpx
from standardwebhooks.webhooks import Webhook

from consumers.notifier.attempts import AttemptOutcome, outcome_of
from consumers.notifier.tables import WebhookDelivery
from exchange.runtime.http_clients import outside_client
from exchange.runtime.webhook_endpoint import Endpoint

CONNECT_S: Final = 3.0
"""Shorter than an answer may take: both together fit in the time that the supervisor grants for a stop."""
AGENT: Final = "life-events-exchange"


class Sending:
    """Connections to the portal, and the threads that wait for its answers.

    Args:
        endpoint: where it is, and what signs.
        timeout_s: how long it may take to answer.
        at_once: how many attempts may be under way.

    Raises:
        ExchangeError: the environment names a proxy that cannot be used.
    """

    def __init__(self, endpoint: Endpoint, timeout_s: float, at_once: int) -> None:
        self._url = endpoint.url
        self._signers = [Webhook(key) for key in endpoint.keys]
        timeout = httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s))
        self._client = outside_client(endpoint.url, timeout)
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="webhook")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._client.close()

    def begin(self, delivery: WebhookDelivery) -> Future[AttemptOutcome]:
        """Begin an attempt; its outcome comes when the portal has answered, or has not."""
        return self._pool.submit(self._attempt, delivery)

    def _attempt(self, delivery: WebhookDelivery) -> AttemptOutcome:
        headers = self._headers(delivery, datetime.now(UTC))
        try:
            # Streamed, and left unread: what the portal says besides its status may be long and is not kept.
            with self._client.stream(
                "POST", self._url, content=delivery.body.encode(), headers=headers
            ) as answer:
                return outcome_of(answer.status_code, answer.headers.get("retry-after"))
        except Exception as problem:
            # Any error counts as an attempt. Only its kind is noted: its text may quote the address.
            return AttemptOutcome(type(problem).__name__)

    def _headers(self, delivery: WebhookDelivery, now: datetime) -> dict[str, str]:
        signatures = (one.sign(delivery.webhook_id, now, delivery.body) for one in self._signers)
        return {
            "content-type": "application/json",
            "user-agent": AGENT,
            "webhook-id": delivery.webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
