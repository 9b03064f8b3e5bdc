"""Files of records as submissions: JSON lines, and CSV with a record type. Both are read as they stream."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final

from exchange.runtime.errors import ExchangeError
from producers.lines import BYTE_ORDER_MARK, UTF_16_MARKS, read_lines, utf_16_error
from producers.submissions import Submission

STANDARD_INPUT: Final = "-"


@contextmanager
def open_input(name: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for `-`.

    Raises:
        ExchangeError: it cannot be read.
    """
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    path = Path(name)
    if path.is_dir():
        raise ExchangeError(f"{name} is a folder.", "Name a file of JSON lines, or - for standard input.")
    try:
        file = path.open("rb")
    except OSError as error:
        raise ExchangeError(f"{name} cannot be read: {error.strerror}.", "Is the path right?") from None
    with file:
        yield file


def read_json_lines(file: IO[bytes]) -> Iterator[Submission]:
    """One submission per line that is not blank; a line over the limit is one too, and is refused.

    Raises:
        ExchangeError: the file is UTF-16, which JSON never is.
    """
    for line in read_lines(file):
        raw = line.raw
        if line.number == 1:
            if raw.startswith(UTF_16_MARKS):
                raise utf_16_error()
            raw = raw.removeprefix(BYTE_ORDER_MARK)
        if line.whole:
            yield Submission(line.number, raw, fault="too_large", whole=line.whole)
        elif raw and not raw.isspace():
            yield Submission(line.number, raw.rstrip(b"\r\n"))
