"""How much one holder may ask for: whoever asks too often waits, and nobody else does."""

import pytest

from exchange.gateway.limits import Limits
from exchange.runtime.city import City
from exchange.serving.problems import ProblemError

POLICY = City().gateway


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
    limits = Limits(POLICY, clock)
    assert let_through(limits, "health", 300) == POLICY.requests.at_once
    assert let_through(limits, "police", 300) == POLICY.requests.at_once
    clock.at += 1
    assert let_through(limits, "health", 300) == POLICY.requests.per_second
    clock.at += 1_000_000
    assert let_through(limits, "health", 300) == POLICY.requests.at_once


def test_refused_lines_are_let_through_in_portions_until_too_many_were_refused() -> None:
    """The portion that goes beyond is still taken; the next one waits until as much is made up for."""
    clock = Clock()
    limits = Limits(POLICY, clock)
    at_once, per_second = POLICY.refusals.at_once, POLICY.refusals.per_second
    limits.count_refused("health", at_once - 1)
    limits.count_refused("health", 3 * per_second)
    with pytest.raises(ProblemError) as refused:
        limits.count_refused("health", 1)
    assert (refused.value.code, refused.value.status) == ("too_many_refused", 429)
    wait_s = int(refused.value.headers["Retry-After"])
    assert wait_s == 3
    limits.count_refused("police", 1)
    limits.count("health")
    clock.at += wait_s
    limits.count_refused("health", 1)


def test_a_credential_has_so_many_streams_and_gets_one_back_when_one_ends() -> None:
    """Another one's do not count."""
    limits = Limits(POLICY)
    streams = [limits.stream("health.1") for _ in range(POLICY.streams)]
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
