"""Lines of a file as bytes, one at a time, none of them larger in memory than a limit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, Final

from producers.submissions import KEPT_BYTES, Whole

LONGEST_LINE_BYTES: Final = 4 << 20
_CHUNK_BYTES: Final = 1 << 20
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
GB18030_MARK: Final = b"\x84\x31\x95\x33"
END_MARK: Final = b"\x1a"
"""Ctrl-Z, which old systems write at the end of a file."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its end; if it is too long, only its beginning, and `whole` is set."""

    number: int
    raw: bytes = field(repr=False)
    whole: Whole | None = None


def read_lines(file: IO[bytes]) -> Iterator[Line]:
    """Every line, blank ones included, counted from 1; a mark at the beginning or end is not part of it."""
    number = 0
    while raw := file.readline(LONGEST_LINE_BYTES + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(BYTE_ORDER_MARK).removeprefix(GB18030_MARK)
        if len(raw) > LONGEST_LINE_BYTES:
            yield Line(number, raw[:KEPT_BYTES], _read_past(file, raw))
        else:
            yield Line(number, raw.rstrip(END_MARK))


def _read_past(file: IO[bytes], beginning: bytes) -> Whole:
    """Read to the end of a line that is too long, keeping only its digest."""
    digest, chunk = sha256(), beginning
    while True:
        digest.update(chunk.rstrip(b"\r\n") if chunk.endswith(b"\n") else chunk)
        if not chunk or chunk.endswith(b"\n"):
            return Whole(digest.hexdigest())
        chunk = file.readline(_CHUNK_BYTES)
