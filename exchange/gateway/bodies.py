"""What a client sends, taken piece by piece: never more of it in memory than one line, and not for ever."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from litestar import Request

from exchange.folding.limits import RECORD_BYTES
from exchange.gateway.batches import BatchLine
from exchange.gateway.problems import ProblemError
from producers.submissions import Whole

PIECE_S: Final = 30.0
"""How long a client may take for the next piece of what it sends."""
RECORD_JSON_BYTES: Final = RECORD_BYTES
LINE_BYTES: Final = 1 << 20
_MOST_RATIO: Final = 200
_RATIO_FROM_BYTES: Final = 16 << 20
_PIECE_BYTES: Final = 1 << 16


async def whole_body(request: Request[Any, Any, Any], most_bytes: int) -> bytes:
    """Return all that is sent.

    Raises:
        ProblemError: it is larger than that, or comes too slowly.
    """
    found = bytearray()
    async for piece in pieces(request):
        found += piece
        if len(found) > most_bytes:
            raise ProblemError("too_large", 413)
    return bytes(found)


async def pieces(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """Yield what is sent as it comes, unpacked if it is gzip.

    Raises:
        ProblemError: it comes too slowly, is packed otherwise, or unpacks to more than anybody packs.
    """
    unpack = _unpacking(request.headers.get("content-encoding", "identity").strip().lower())
    incoming = aiter(request.stream())
    while True:
        try:
            piece = await asyncio.wait_for(anext(incoming), PIECE_S)
        except StopAsyncIteration:
            unpack.finish()
            return
        except TimeoutError:
            raise ProblemError("body_late", 408, seconds=int(PIECE_S)) from None
        for unpacked in unpack.feed(piece):
            yield unpacked


class _AsItIs:
    """What is not packed."""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        yield piece

    def finish(self) -> None:
        pass


class _Gzip(_AsItIs):
    """What is packed, unpacked in small pieces; a bomb is found by how much it unpacks to."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(wbits=31)
        self._came = 0
        self._went = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        self._came += len(piece)
        while piece:
            try:
                unpacked = self._unpacker.decompress(piece, _PIECE_BYTES)
            except zlib.error:
                raise ProblemError("encoding_wrong", 415) from None
            piece = self._unpacker.unconsumed_tail
            self._went += len(unpacked)
            if self._went > _RATIO_FROM_BYTES and self._went > _MOST_RATIO * self._came:
                raise ProblemError("too_compressed", 413)
            yield unpacked

    def finish(self) -> None:
        if not self._unpacker.eof:
            raise ProblemError("encoding_wrong", 415)


def _unpacking(encoding: str) -> _AsItIs:
    if encoding not in {"identity", "", "gzip"}:
        raise ProblemError("encoding_wrong", 415)
    return _Gzip() if encoding == "gzip" else _AsItIs()


@dataclass
class Lines:
    """Cuts what comes into lines, counted from 1; of one that is too long it keeps the beginning alone."""

    number: int = 0
    _begun: bytearray = field(default_factory=bytearray)
    _too_long: Any = None

    def feed(self, piece: bytes) -> Iterator[BatchLine]:
        """Yield the lines that a piece ends."""
        *ended, rest = piece.split(b"\n")
        for part in ended:
            self._add(part)
            yield self._end()
        self._add(rest)

    def finish(self) -> Iterator[BatchLine]:
        """Yield the last line, if nothing ended it."""
        if self._begun:
            yield self._end()

    def _add(self, part: bytes) -> None:
        room = LINE_BYTES - len(self._begun)
        if len(part) > room and self._too_long is None:
            self._too_long = sha256(self._begun)
        if self._too_long is not None:
            self._too_long.update(part)
        self._begun += part[:room]

    def _end(self) -> BatchLine:
        self.number += 1
        whole = None if self._too_long is None else Whole(self._too_long.hexdigest())
        line = BatchLine(self.number, bytes(self._begun).rstrip(b"\r"), whole)
        self._begun.clear()
        self._too_long = None
        return line
