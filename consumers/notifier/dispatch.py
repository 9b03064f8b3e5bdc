"""Which deliveries are under way, and what became of them: all in the one thread that writes the tables."""

import random
import time
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import Counter

from consumers.log.copies import Connection
from consumers.notifier.attempts import AttemptOutcome, wait_after
from consumers.notifier.sending import Sending
from consumers.notifier.tables import WebhookDelivery, find_due, forget_old, note_delivered, note_failed
from exchange.domain.policy_files.webhooks import WebhookPolicy
from exchange.runtime.logs import logger

LOOK_S: Final = 0.5
"""How often it looks for what has become due with time."""
FORGET_S: Final = 3600.0

log = logger("notifier.dispatch")


@dataclass
class Dispatch:
    """Sends what is due and notes what came of it; `step` is called again and again and never waits."""

    connection: Connection
    sending: Sending
    policy: WebhookPolicy
    delivered: Counter
    failed: Counter
    _in_hand: dict[Future[AttemptOutcome], WebhookDelivery] = field(default_factory=dict)
    _looked: float = -LOOK_S
    _forgot: float = -FORGET_S

    def step(self, *, more: bool) -> None:
        """Note the answers that have come and begin what is due; `more`: something was just added.

        Raises:
            psycopg.Error: nothing is lost; what was answered but not noted is sent again under the same id.
        """
        more = self._note_answers() or more
        now = time.monotonic()
        if more or now - self._looked >= LOOK_S:
            self._looked = now
            self._begin_due()
        if now - self._forgot >= FORGET_S:
            self._forgot = now
            forget_old(self.connection, self.policy.kept_days)

    def finish(self) -> None:
        """Wait for what is under way, and note it; no attempt takes longer than its timeout."""
        wait(self._in_hand)
        self._note_answers()

    def _begin_due(self) -> None:
        free = self.policy.at_once - len(self._in_hand)
        if free > 0:
            cases = [one.case_id for one in self._in_hand.values()]
            for delivery in find_due(self.connection, cases, free):
                self._in_hand[self.sending.begin(delivery)] = delivery

    def _note_answers(self) -> bool:
        """Note the answers that have come; say whether there were any."""
        done = [future for future in self._in_hand if future.done()]
        for future in done:
            self._note(self._in_hand.pop(future), future.result())
        return bool(done)

    def _note(self, delivery: WebhookDelivery, outcome: AttemptOutcome) -> None:
        if outcome.problem is None:
            note_delivered(self.connection, delivery)
            self.delivered.inc()
            return
        failures = delivery.attempts + 1
        wait_s = wait_after(failures, outcome, self.policy, random.random())  # noqa: S311 - spreads the load
        note_failed(self.connection, delivery, outcome.problem, wait_s)
        self.failed.inc()
        facts = {
            "webhook_id": delivery.webhook_id,
            "case_id": delivery.case_id,
            "attempts": failures,
            "error": outcome.problem,
        }
        if wait_s is None:
            log.error("webhook_dead", **facts)
        elif outcome.gone:
            log.error("portal_wants_no_webhooks", **facts)
        else:
            log.warning("webhook_failed", **facts)
