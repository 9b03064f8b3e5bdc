"""Lines of a file as bytes, one at a time, none of them larger in memory than a limit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, Final

from exchange.runtime.errors import ExchangeError
from producers.submissions import KEPT_BYTES, Whole

LONGEST_LINE_BYTES: Final = 4 << 20
_CHUNK_BYTES: Final = 1 << 20
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its end; of one that is too long only the beginning, and `whole` is set."""

    number: int
    raw: bytes = field(repr=False)
    whole: Whole | None = None


def read_lines(file: IO[bytes]) -> Iterator[Line]:
    """Every line, the blank ones too, counted from 1."""
    number = 0
    while raw := file.readline(LONGEST_LINE_BYTES + 1):
        number += 1
        if len(raw) > LONGEST_LINE_BYTES:
            yield Line(number, raw[:KEPT_BYTES], _read_past(file, raw))
        else:
            yield Line(number, raw)


def _read_past(file: IO[bytes], beginning: bytes) -> Whole:
    """Read to the end of a line that is too long, keeping nothing but its digest."""
    digest, chunk = sha256(), beginning
    while True:
        digest.update(chunk.rstrip(b"\r\n") if chunk.endswith(b"\n") else chunk)
        if not chunk or chunk.endswith(b"\n"):
            return Whole(digest.hexdigest())
        chunk = file.readline(_CHUNK_BYTES)


def utf_16_error() -> ExchangeError:
    """For a file that begins with one of UTF_16_MARKS, as some spreadsheets save "Unicode text"."""
    return ExchangeError("The file is UTF-16.", "Save it as UTF-8.")
