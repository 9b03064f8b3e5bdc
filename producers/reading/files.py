"""Opens files of records, and reads JSON lines as submissions while they stream."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BufferedReader, BytesIO
from json import JSONDecodeError
from pathlib import Path
from typing import IO, BinaryIO, Final

from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from producers.encoding.encodings import SHOWN, UTF_8, LineDecoder
from producers.encoding.file_encoding import decoder_of
from producers.reading.json_values import RepeatedKeyError, no_json, read_json
from producers.reading.lines import BYTE_ORDER_MARK, Line, read_lines
from producers.reading.tables import Source
from producers.reading.unfit_files import refuse_empty, refuse_foreign, refuse_other_than_lines, refused
from producers.submissions import Submission
from verification.characters import is_blank
from verification.reasons import reason

STANDARD_INPUT: Final = "-"
_HEAD_BYTES: Final = 1 << 16


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
        raise ExchangeError(said("file_is_folder", name=name))
    try:
        file = path.open("rb")
    except OSError as error:
        raise ExchangeError(said("file_unreadable", name=name, problem=error.strerror)) from None
    with file:
        yield file


def read_json_lines(file: IO[bytes], encoding: str | None = None) -> Source:
    """Open JSON lines: one submission per line that is not blank, even for a line over the limit.

    A file is judged as a whole; of a pipe only what is there already is judged, without waiting: nothing
    may ever come through it.

    Args:
        file: any file, seekable or not.
        encoding: as somebody named it; None: UTF-8, as JSON is.

    Raises:
        FileRefusedError: the file is empty, something else, or not in UTF-8.
    """
    head = _head(file)
    refuse_foreign(head)
    refuse_other_than_lines(head.removeprefix(BYTE_ORDER_MARK))
    if file.seekable():
        refuse_empty(head.removeprefix(BYTE_ORDER_MARK))
    decoder = decoder_of(head, partial(_lines_at_hand, file, head), encoding)
    if decoder.encoding != UTF_8 and not decoder.named:
        raise refused("json_not_utf8")
    if file.seekable():
        file.seek(0)
    notes = (said("read_as_named", encoding=SHOWN[encoding]),) if encoding else ()
    return Source(notes, _submissions(file, decoder))


def _submissions(file: IO[bytes], decoder: LineDecoder) -> Iterator[Submission]:
    for line in read_lines(file):
        if line.whole:
            yield Submission(line.number, line.raw, fault=reason("too_large"), whole=line.whole)
        elif not _is_blank(line.raw, decoder.encoding):
            yield _submission(line, decoder)


def _is_blank(raw: bytes, encoding: str) -> bool:
    """Whether nothing of a line is seen; decided at once for a line that holds an object."""
    text = raw.lstrip()
    return not text or (text[:1] != b"{" and is_blank(text.decode(encoding, "replace")))


def _submission(line: Line, decoder: LineDecoder) -> Submission:
    """A line as it came; one that is not UTF-8 is read here, all others are read at admission."""
    payload = line.raw.rstrip(b"\r\n").removeprefix(BYTE_ORDER_MARK)  # as where files were joined
    text, fault = decoder.read(payload)
    if fault:
        encodings = {"encoding": SHOWN[decoder.encoding], "other": SHOWN[decoder.other]}
        return Submission(line.number, payload, fault=reason(fault, lines=line.number, **encodings))
    if decoder.encoding == UTF_8:
        return Submission(line.number, payload)
    try:
        return Submission(line.number, payload, read_json(text))
    except RepeatedKeyError as repeated:
        fault_found = reason("key_repeated", repeated.shown)
        return Submission(line.number, payload, repeated.value, fault_found)
    except JSONDecodeError as error:
        return Submission(line.number, payload, fault=no_json(error, line.number))


def _head(file: IO[bytes]) -> bytes:
    """The first bytes, which can still be read afterwards."""
    if file.seekable():
        head = file.read(_HEAD_BYTES)
        file.seek(0)
        return head
    return file.peek(_HEAD_BYTES) if isinstance(file, BufferedReader) else b""


def _lines_at_hand(file: IO[bytes], head: bytes) -> Iterator[Line]:
    """All lines of a file; of a pipe, those whole lines that have come."""
    if not file.seekable():
        return read_lines(BytesIO(head[: head.rfind(b"\n") + 1]))
    file.seek(0)
    return read_lines(file)
