"""Rows of CSV, each with the lines that it covers and the bytes as they came; nothing is left out."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from producers.encoding.encodings import LineDecoder
from producers.reading.lines import Line
from producers.reading.tables import Cell, Row

SEPARATORS: Final = {
    ",": "commas",
    "\t": "tabs",
    ";": "semicolons",
    "，": "full_width_commas",
    "|": "vertical_bars",
}
"""What may stand between cells, and its name; the first of them if nothing tells."""
QUOTE_BESIDE_BLANK: Final = "quote_beside_blank"
_BLANKS: Final = " \t\u00a0\u3000"
_LATE_QUOTE: Final = re.compile(f'[{_BLANKS}]+"')
_LONE_RETURN: Final = "new-line character seen in unquoted field"
"""What Python calls it."""


class CsvReader:
    """Reads lines as rows.

    Args:
        lines: all lines of the file.
        decoder: reads its encoding.
        separator: one of SEPARATORS.
    """

    def __init__(self, lines: Iterable[Line], decoder: LineDecoder, separator: str) -> None:
        self._lines = lines
        self._decoder = decoder
        self._held: list[Line] = []
        self._texts: list[str] = []
        self._fault = ""
        blanks, ends = f"[{_BLANKS.replace(separator, '')}]+", re.escape(separator)
        self._apart = re.compile(f'(?:^|{ends}){blanks}"|"{blanks}(?:{ends}|\r?$)', re.MULTILINE)
        self._reader = csv.reader(self._text(), strict=True, delimiter=separator)

    def rows(self) -> Iterator[Row]:
        """Every row, blank ones included."""
        for number in count(1):
            self._held, self._texts, self._fault = [], [], ""
            cells = self._next()
            if not self._held:
                return
            yield self._row(number, cells)

    def _next(self) -> list[str]:
        try:
            return next(self._reader, [])
        except csv.Error as error:
            self._fault = "line_end_in_row" if _LONE_RETURN in str(error) else self._broken()
            return []

    def _broken(self) -> str:
        return QUOTE_BESIDE_BLANK if self._stands_apart() else "row_unreadable"

    def _stands_apart(self) -> bool:
        """Whether a blank stands between a quotation mark and what separates cells."""
        return any(map(self._apart.search, self._texts))

    def _text(self) -> Iterator[str]:
        for line in self._lines:
            self._held.append(line)
            if line.whole:
                yield "\n"
                continue
            text, fault = self._decoder.read(line.raw)
            self._fault = self._fault or fault
            self._texts.append(text)
            yield text

    def _row(self, number: int, texts: list[str]) -> Row:
        first, last = self._held[0].number, self._held[-1].number
        if long := next((line for line in self._held if line.whole), None):
            return Row(number, (), first, last, long.raw, "too_large", long.whole)
        raw = b"".join(line.raw for line in self._held)
        if not self._fault and b'"' in raw and _opens_late(texts) and self._stands_apart():
            self._fault = QUOTE_BESIDE_BLANK
        return Row(number, tuple(_placed(texts, number, first)), first, last, raw, self._fault)


def _opens_late(texts: list[str]) -> bool:
    """Whether a cell holds a quotation mark behind blanks that is closed, there or at a later cell's end."""
    late = (at for at, text in enumerate(texts) if _LATE_QUOTE.match(text))
    if (at := next(late, None)) is None:
        return False
    rest = (_LATE_QUOTE.sub("", texts[at], 1), *texts[at + 1 :])
    return any(text.rstrip().endswith('"') for text in rest)


def _placed(texts: list[str], row: int, line: int) -> Iterator[Cell]:
    """The cells with their lines: within a row, a line ends only inside a cell."""
    for column, text in enumerate(texts, 1):
        last = line + text.count("\n")
        yield Cell(text, row, column, line, last)
        line = last


def cells_of(text: str, separator: str) -> list[str]:
    """How a line reads by itself."""
    return next(csv.reader([text], delimiter=separator), [])
