"""How much one holder may ask for: whoever asks too often waits, and nobody else does."""

import pytest

from exchange.gateway.limits import REQUESTS_AT_ONCE, REQUESTS_PER_S, STREAMS, Limits
from exchange.gateway.problems import ProblemError


class Clock:
    """A clock that a test moves."""

    at = 1000.0

    def __call__(self) -> float:
        """Return what it says."""
        return self.at


def let_through(limits: Limits, name: str, number: int) -> int:
    """How many of so many requests are let through."""
    for found in range(number):
        try:
            limits.count(name)
        except ProblemError as refused:
            return found if (refused.status, refused.headers["Retry-After"]) == (429, "1") else -1
    return number


def test_a_burst_is_let_through_and_then_as_many_as_the_rate_allows() -> None:
    """As many as the allowance holds, and after a second a second's."""
    clock = Clock()
    limits = Limits(clock)
    assert let_through(limits, "health", 300) == REQUESTS_AT_ONCE
    assert let_through(limits, "police", 300) == REQUESTS_AT_ONCE
    clock.at += 1
    assert let_through(limits, "health", 300) == REQUESTS_PER_S
    clock.at += 1_000_000
    assert let_through(limits, "health", 300) == REQUESTS_AT_ONCE


def test_a_credential_has_so_many_streams_and_gets_one_back_when_one_ends() -> None:
    """Another one's do not count."""
    limits = Limits()
    streams = [limits.stream("health.1") for _ in range(STREAMS)]
    for stream in streams:
        stream.__enter__()
    with pytest.raises(ProblemError) as refused, limits.stream("health.1"):
        pass
    assert (refused.value.code, refused.value.status) == ("too_many_streams", 429)
    with limits.stream("health.2"):
        pass
    streams[0].__exit__(None, None, None)
    with pytest.raises(KeyError), limits.stream("health.1"):
        raise KeyError
    with limits.stream("health.1"):
        pass
