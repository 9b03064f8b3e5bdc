"""Rows and cells as any source of tables yields them: a CSV file today.

A source only reads; their header tells what rows mean, whatever they were read from.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from producers.submissions import Submission, Whole
from verification.characters import is_blank
from verification.numbers import is_uuid

_IN_MARKS: Final = re.compile("""'.*'|`.*`|".*"|‘.*’|“.*”|＂.*＂""", re.DOTALL)
_SEVERAL: Final = 2
_PERSONAL_NUMBER: Final = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")
LOOKS_RIGHT: Final[dict[str, Callable[[str], bool]]] = {
    "record_id": is_uuid,
    "id_number": lambda text: bool(_PERSONAL_NUMBER.fullmatch(text)),
}
"""The fields whose values are known wherever they stand."""
BOOLEANS: Final = {"true": True, "是": True, "false": False, "否": False}
"""How yes and no are written in cells."""
CELLS_IN_MARKS: Final = "cells_in_marks"
UNREADABLE: Final = ("row_unreadable", "line_end_in_row")
"""Faults of rows in which no cell can be told."""


class Cell(NamedTuple):
    """One cell: its text and where it stands, counted from 1; its text may cover several lines."""

    text: str
    row: int
    column: int
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the lines that it covers; each line of a source belongs to exactly one row.

    Attributes:
        number: the number of the row, from 1.
        cells: none if it is empty or could not be read.
        raw: as it came, with its line ends.
        fault: the code of the reason why it cannot be read or trusted, found by its source.
        whole: set if the row is too long: then `raw` is only the beginning of its first such line.
    """

    number: int
    cells: tuple[Cell, ...] = field(repr=False)
    first_line: int
    last_line: int
    raw: bytes = field(repr=False)
    fault: str = ""
    whole: Whole | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing is in it; spreadsheets leave rows of empty cells behind."""
        return not self.fault and all(is_blank(cell.text) for cell in self.cells)

    @property
    def in_marks(self) -> bool:
        """Whether all its cells stand in marks that are now part of them; a single one may be meant so."""
        texts = [text for cell in self.cells if (text := cell.text.strip())]
        return len(texts) >= _SEVERAL and all(map(_IN_MARKS.fullmatch, texts))

    @property
    def lines(self) -> str:
        """As people say it: `3`, or `3-6`."""
        return str(self.first_line) + (f"-{self.last_line}" if self.last_line > self.first_line else "")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was opened, recognised and found fit.

    Attributes:
        notes: what people should know of how it is read.
        submissions: its records, read as they are taken.
    """

    notes: tuple[str, ...]
    submissions: Iterator[Submission]
