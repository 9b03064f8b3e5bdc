"""Standard input, output and error as every command finds them, whatever terminal or shell is around it.

A character that the terminal lacks becomes a replacement character. JSON is UTF-8. A stream that the shell
has closed says so in a sentence once somebody reads or writes it; what nobody can be told is dropped.
"""

import codecs
import io
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

ASCII: Final = "ascii_as_it_is"
"""ASCII under another name: to a stream that uses the real one, Typer writes UTF-8 all the same."""
_STREAMS: Final = (0, 1, 2)


def settle_streams(*, json: bool) -> None:
    """Set up the three streams so that no character and no closed stream causes a traceback.

    Args:
        json: standard output is for programs: UTF-8, whatever the terminal has.
    """
    _hold_numbers()
    if sys.stdin is None:
        words = said("input_closed"), said("open_input")
        sys.stdin = io.TextIOWrapper(io.BufferedReader(_Closed(*words)))
    if sys.stdout is None:
        words = said("output_closed"), said("open_output")
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Closed(*words)))
    if sys.stderr is None:
        sys.stderr = _nowhere()
    sys.stdout = _buffered(sys.stdout)
    _settle(sys.stdout, "utf-8" if json else None)
    _settle(sys.stderr, None)


def drop_output() -> None:
    """Drop what could not be written and all that is said from now on: nobody can be told."""
    sys.stdout, sys.stderr = _nowhere(), _nowhere()


def _buffered(stream: Any) -> Any:
    """Return a stream that writes all of what it is given, or fails.

    With PYTHONUNBUFFERED, as in many containers, Python drops what the system did not take at once.
    """
    raw = getattr(stream, "buffer", None)
    if not isinstance(raw, io.RawIOBase):
        return stream
    return io.TextIOWrapper(io.BufferedWriter(stream.detach()), stream.encoding, line_buffering=True)


def _settle(stream: object, encoding: str | None) -> None:
    if isinstance(stream, io.TextIOWrapper):
        plain = codecs.lookup(stream.encoding).name == "ascii"
        stream.reconfigure(encoding=encoding or (ASCII if plain else None), errors="replace")


def _hold_numbers() -> None:
    """Occupy the numbers of closed streams, lest the next file or connection get one, and what is printed."""
    for number in _STREAMS:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one


@cache
def _nowhere() -> io.TextIOWrapper:
    return Path(os.devnull).open("w", encoding="utf-8")


class _Closed(io.RawIOBase):
    """A stream that the shell has closed, as ``<&-`` and ``>&-`` do."""

    def __init__(self, message: str, hint: str) -> None:
        self._told = ExchangeError(message, hint)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> NoReturn:
        raise self._told

    def write(self, _data: object) -> NoReturn:
        raise self._told


def _find_codec(name: str) -> codecs.CodecInfo | None:
    if name != ASCII:
        return None
    found = codecs.lookup("ascii")
    return codecs.CodecInfo(
        found.encode,
        found.decode,
        found.streamreader,
        found.streamwriter,
        found.incrementalencoder,
        found.incrementaldecoder,
        name=ASCII,
    )


codecs.register(_find_codec)
