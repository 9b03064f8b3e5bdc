"""What a client sends, taken piece by piece: never more of it than is wanted, and not for ever."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from litestar import Request
from litestar.exceptions import InternalServerException

from exchange.serving.problems import ProblemError

PIECE_S: Final = 30.0
"""How long a client may take for the next piece of what it sends, and for the whole of what is one record."""
_GZIP: Final = 31
"""As zlib calls it, with the largest window."""
_MOST_RATIO: Final = 200
_RATIO_FROM_BYTES: Final = 16 << 20
_UNPACKED_BYTES: Final = 1 << 14


async def whole_body(request: Request[Any, Any, Any], most_bytes: int) -> bytes:
    """Return all that is sent.

    Raises:
        ProblemError: it is larger than that, or comes too slowly.
    """
    found = bytearray()
    try:
        async with asyncio.timeout(PIECE_S):
            async for piece in pieces(request):
                found += piece
                if len(found) > most_bytes:
                    raise ProblemError("too_large", 413)
    except TimeoutError:
        raise _late() from None
    return bytes(found)


async def pieces(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """Yield what is sent as it comes, unpacked if it is gzip.

    Raises:
        ProblemError: it comes too slowly, is packed otherwise, or unpacks to more than anybody packs; or the
            client has left in the midst of it, and hears of nothing.
    """
    unpack = _unpacking(request.headers.get("content-encoding", "identity").strip().lower())
    incoming = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(PIECE_S):
                piece = await anext(incoming)
        except StopAsyncIteration:
            unpack.finish()
            return
        except TimeoutError:
            raise _late() from None
        except InternalServerException:  # as the framework says that the connection is cut
            raise ProblemError("request_wrong", 400) from None
        for unpacked in unpack.feed(piece):
            yield unpacked
            await asyncio.sleep(0)  # a small piece may unpack to much: others are served meanwhile


def _late() -> ProblemError:
    return ProblemError("body_late", 408, seconds=int(PIECE_S))


class _AsItIs:
    """What is not packed."""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        yield piece

    def finish(self) -> None:
        pass


class _Gzip(_AsItIs):
    """What is packed, unpacked in small pieces; a bomb is found by how much it unpacks to.

    Several packed one after the other are one, as RFC 1952 section 2.2 has it: some tools write them so.
    """

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(wbits=_GZIP)
        self._came = 0
        self._went = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        self._came += len(piece)
        while piece:
            if self._unpacker.eof:
                self._unpacker = zlib.decompressobj(wbits=_GZIP)
            try:
                unpacked = self._unpacker.decompress(piece, _UNPACKED_BYTES)
            except zlib.error:
                raise ProblemError("encoding_wrong", 415) from None
            piece = self._unpacker.unconsumed_tail or self._unpacker.unused_data
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
