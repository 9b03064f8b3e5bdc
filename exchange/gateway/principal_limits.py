"""How much one holder may ask for at a time: besides requests and streams, lines that are refused."""

import time
from collections.abc import Callable

from exchange.domain.policy_files.gateway import GatewayPolicy
from exchange.serving.holder_limits import Allowances, HolderLimits
from exchange.serving.problems import ProblemError


class PrincipalLimits(HolderLimits):
    """The allowances of all who come to the gateway, by their principals; streams by their credentials."""

    def __init__(self, policy: GatewayPolicy, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(policy.requests, policy.streams, policy.at_work, now)
        self._refusals = Allowances(policy.refusals)

    def count_refused(self, principal: str, number: int) -> None:
        """Count lines that are refused; the last of those let through may be more than were left.

        Raises:
            ProblemError: there were too many before; says when the next ones are let through.
        """
        if wait_s := self._refusals.wait_s(principal, number, self._now()):
            raise ProblemError("too_many_refused", 429, retry_s=wait_s)
