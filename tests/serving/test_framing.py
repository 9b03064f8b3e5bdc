"""A request that two readers could understand differently is answered with 400 and read by nobody."""

import asyncio
from typing import Any

import pytest

from exchange.serving.framing import framed_once

LENGTH, CHUNKED = (b"content-length", b"7"), (b"transfer-encoding", b"chunked")
HOST = (b"host", b"exchange")


def answer(*headers: tuple[bytes, bytes], kind: str = "http") -> list[int | str]:
    """The status that is answered, or that the application is asked."""
    told: list[int | str] = []

    async def app(*_: object) -> None:
        told.append("asked")

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])
            assert (b"connection", b"close") in message["headers"]

    scope: Any = {"type": kind, "headers": list(headers)}
    asyncio.run(framed_once(app)(scope, None, send))  # type: ignore[arg-type]
    return told


@pytest.mark.parametrize(
    "headers", [(), (HOST,), (HOST, LENGTH), (HOST, CHUNKED), (LENGTH,), ((b"x", b"y"),) * 2]
)
def test_what_is_clear_goes_on(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    """One length or none, one host or none."""
    assert answer(*headers) == ["asked"]


@pytest.mark.parametrize(
    "headers",
    [
        (LENGTH, CHUNKED),
        (CHUNKED, LENGTH),
        (LENGTH, LENGTH),
        (CHUNKED, CHUNKED),
        ((b"transfer-encoding", b"gzip, chunked"),),
        ((b"transfer-encoding", b"identity"),),
        (HOST, HOST),
    ],
)
def test_what_is_not_is_refused(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    """As a proxy in front might read it otherwise."""
    assert answer(*headers) == [400]


def test_what_is_no_request_is_left_alone() -> None:
    """The start of the application, for example."""
    assert answer(LENGTH, LENGTH, kind="lifespan") == ["asked"]
