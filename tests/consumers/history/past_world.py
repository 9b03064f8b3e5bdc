"""A world whose past can be read: all that the exchange publishes is also in its log."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any

from consumers.history.case_fold import CaseFold
from consumers.history.events import CaseEvent
from consumers.history.past import CasePast
from consumers.log.source import NOTHING_KNOWN, Keep, KnownSpots, log_order
from exchange.domain.policy import Policy
from exchange.folding.outputs import Output
from tests.made_log import WIRE, Message, Wire
from tests.people import LI_XIULAN
from tests.world import World, partition_of_key
from topics.catalogue import MOVES

WINDOW = timedelta(minutes=60)


class PastWorld(World):
    """Stands in for the brokers: `read` gives what they would."""

    def __init__(self, policy: Policy | None = None, wire: Wire = WIRE) -> None:
        super().__init__(policy, wire)
        self.written: list[Message] = []

    def _keep(self, output: Output) -> None:
        super()._keep(output)
        if output.topic != MOVES:
            self.written.append(
                self.log.append(output.topic, output.partition, output.key, output.value, self._now_ms)
            )

    def read(
        self, keeps: Mapping[str, Keep], partitions: Iterable[int], known: KnownSpots = NOTHING_KNOWN
    ) -> list[Any]:
        """What the log holds, in the order of its times."""
        del known  # all of the log is at hand
        wanted = set(partitions)
        found = [m for m in (*self.messages, *self.written) if m.topic() in keeps and m.partition() in wanted]
        return sorted((m for m in found if keeps[m.topic()](m)), key=log_order)

    @cached_property
    def past(self) -> CasePast:
        """The past of its cases; where a case lives is known of a number only."""
        return CasePast(
            self,
            CaseFold(self.step),
            self.log.wire.published,
            lambda asked, case_id: (
                range(12)
                if asked == case_id or asked.startswith("provisional")
                else (partition_of_key(asked),)
            ),
        )

    def history(self, asked: str = LI_XIULAN) -> list[CaseEvent]:
        """What happened to a person."""
        return self.past.history(asked, self.case_id(asked), WINDOW)
