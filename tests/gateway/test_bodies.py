"""What a client sends is read the same however it is cut, and never more of it is kept than one line."""

import asyncio
import gzip
from hashlib import sha256
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.exceptions import InternalServerException

from exchange.gateway.bodies import Lines
from exchange.serving import bodies as serving_bodies
from exchange.serving.bodies import pieces, whole_body
from exchange.serving.problems import ProblemError
from producers.submissions import KEPT_BYTES
from tests.gateway.made_gateway import body_of

LINES = st.lists(
    st.sampled_from([b"", b" ", b"\r", b"a", b'{"a":1}', b"x" * 50, "火化".encode()]), max_size=12
)
CUTS = st.lists(st.integers(0, 200), max_size=8)


def cut(body: bytes, places: list[int]) -> list[bytes]:
    """A body in pieces, some of them empty."""
    ends = [0, *sorted(min(place, len(body)) for place in places), len(body)]
    return [body[first:last] for first, last in pairwise(ends)]


def lines_of(given: list[bytes]) -> list[tuple[int, bytes, str | None]]:
    """The lines that pieces make: their numbers, what is kept, and the digest of one that is too long."""
    lines = Lines()
    found = [line for piece in given for line in lines.feed(piece)]
    found += lines.finish()
    return [(line.number, line.raw, line.whole.sha256 if line.whole else None) for line in found]


def unpacked(body: list[bytes], encoding: str = "gzip") -> bytes:
    """All that comes of a packed body."""

    async def read() -> bytes:
        return b"".join([piece async for piece in pieces(body_of(body, **{"content-encoding": encoding}))])

    return asyncio.run(read())


def refusal(body: list[bytes], encoding: str = "gzip") -> tuple[str, int]:
    """What is said of a packed body."""
    with pytest.raises(ProblemError) as refused:
        unpacked(body, encoding)
    return refused.value.code, refused.value.status


@given(LINES, CUTS, st.booleans())
def test_any_cutting_gives_the_same_lines(written: list[bytes], places: list[int], ended: bool) -> None:
    """Where the network cuts a body says nothing; blank lines count, and are left out."""
    body = b"\n".join(written) + (b"\n" if ended else b"")
    wanted = [
        (number, line.rstrip(b"\r"), None)
        for number, line in enumerate(body.split(b"\n"), start=1)
        if line.strip()
    ]
    assert lines_of(cut(body, places)) == wanted


@given(st.integers(-2, 2), st.lists(st.integers(0, KEPT_BYTES + 10), max_size=4))
def test_of_a_line_that_is_too_long_the_beginning_is_kept_and_all_of_it_is_digested(
    beyond: int, places: list[int]
) -> None:
    """The next line is read as if nothing had been."""
    line = b"y" * (KEPT_BYTES + beyond)
    (one, other) = lines_of(cut(line + b"\nnext", places))
    assert one[:2] == (1, line[:KEPT_BYTES])
    assert (one[2] is not None) is (beyond > 0)
    assert one[2] == (sha256(line).hexdigest() if beyond > 0 else None)
    assert other == (2, b"next", None)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), CUTS)
def test_any_cutting_of_what_is_packed_gives_the_same_and_members_follow_each_other(
    members: list[bytes], places: list[int]
) -> None:
    """A log of `cat a.gz b.gz` is all of both: what is behind the first is not lost."""
    packed = b"".join(gzip.compress(member) for member in members)
    assert unpacked(cut(packed, places)) == b"".join(members)


@given(st.integers(1, 40))
def test_what_is_packed_and_cut_short_is_refused(missing: int) -> None:
    """Half a body is no body."""
    packed = gzip.compress(bytes(range(256)) * 4)
    assert refusal([packed[:-missing]]) == ("encoding_wrong", 415)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(b"no gzip", "gzip"), (gzip.compress(b"a") + b"behind it", "gzip"), (b"a", "br"), (b"", "gzip")],
    ids=("no gzip", "more behind it", "another way", "nothing"),
)
def test_what_is_packed_otherwise_is_refused(body: bytes, encoding: str) -> None:
    """And what stands behind it, too: it would be lost."""
    assert refusal([body], encoding) == ("encoding_wrong", 415)


def test_a_bomb_is_refused_long_before_all_of_it_is_unpacked() -> None:
    """30 kB of zeros packed are 30 MB; 17 MB is where it ends."""
    assert refusal([gzip.compress(bytes(30 << 20))]) == ("too_compressed", 413)
    assert len(unpacked([gzip.compress(bytes(1 << 20))])) == 1 << 20


def test_others_are_served_while_much_is_unpacked() -> None:
    """One small piece that unpacks to 8 MB does not keep the loop to itself."""

    async def both() -> tuple[int, int]:
        turns = 0

        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        other = asyncio.create_task(count())
        body = body_of([gzip.compress(b"\n" * (8 << 20))], **{"content-encoding": "gzip"})
        seen = sum([1 async for _ in pieces(body)])
        other.cancel()
        return turns, seen

    turns, seen = asyncio.run(both())
    assert turns >= seen >= (8 << 20) // (1 << 14)


def test_what_comes_too_slowly_is_refused_whole_or_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends a byte now and then holds nobody up: of a record all has to come in that time."""
    monkeypatch.setattr(serving_bodies, "PIECE_S", 0.02)

    async def slow(every: float) -> Any:
        while True:
            yield b"a"
            await asyncio.sleep(every)

    async def one_by_one(every: float) -> None:
        async for _ in pieces(SimpleNamespace(headers={}, stream=lambda: slow(every))):  # type: ignore[arg-type]
            pass

    for reading in (
        one_by_one(60),
        whole_body(SimpleNamespace(headers={}, stream=lambda: slow(0.001)), 1 << 20),  # type: ignore[arg-type]
    ):
        with pytest.raises(ProblemError, match="body_late"):
            asyncio.run(reading)


def test_who_leaves_in_the_midst_is_no_fault_of_ours() -> None:
    """Nothing goes to the log, and what came before stands."""

    async def cut_off() -> Any:
        yield b"a"
        raise InternalServerException("client disconnected prematurely")

    with pytest.raises(ProblemError) as left:
        asyncio.run(whole_body(SimpleNamespace(headers={}, stream=cut_off), 10))  # type: ignore[arg-type]
    assert left.value.status == 400


def test_a_body_may_be_as_long_as_it_may_and_no_longer() -> None:
    """To the byte."""
    assert asyncio.run(whole_body(body_of([b"abc", b"de"]), 5)) == b"abcde"
    with pytest.raises(ProblemError, match="too_large"):
        asyncio.run(whole_body(body_of([b"abc", b"def"]), 5))
