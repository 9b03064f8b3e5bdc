"""Rows as records, by their header.

Cells become numbers and booleans where the schema wants them; a cell that is not one stays text, and the
rules refuse it with the right reason.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from producers.encoding.encodings import SHOWN, LineDecoder
from producers.reading.columns import Vocabulary
from producers.reading.headers import Header
from producers.reading.json_values import RepeatedKeyError, read_json
from producers.reading.second_headers import SecondHeader, SecondHeaders
from producers.reading.swallowed_rows import swallows_rows
from producers.reading.tables import BOOLEANS, CELLS_IN_MARKS, LOOKS_RIGHT, UNREADABLE, Row
from producers.submissions import Submission
from verification.characters import in_one_line
from verification.reasons import Reason, reason
from verification.shapes import Field
from verification.watched_fields import WORDS, kind_of

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,30}")
_KEYS: Final = ("record_id", "recorded_at", "id_number")
_SHIFTS: Final = (1, -1, 2, -2)
_YEAR: Final = re.compile(r"\d{4}")
_BEFORE_COMMA, _BEHIND_COMMA = re.compile(r"[+-]?[1-9][0-9]{0,2}"), re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class RowReader:
    """Makes a submission of each row, even of one that cannot be read or trusted, together with its fault."""

    def __init__(
        self,
        record_type: str,
        header: Header,
        vocabulary: Vocabulary,
        separator: str,
        decoder: LineDecoder,
    ) -> None:
        self.header = header
        self._second = SecondHeaders(header, vocabulary, separator)
        self._type = record_type
        self._separator = separator
        self._decoder = decoder
        self._places = header.places
        self._amounts = tuple(_amounts_before_words(header))

    def submission(self, row: Row) -> Submission:
        """The row as a department's input; its payload is the header and the row as they came."""
        if row.whole:
            return Submission(row.first_line, row.raw, fault=reason("too_large"), whole=row.whole)
        if second := self._second.above(row):
            return self._below(second, row)
        payload = self.header.row.raw + row.raw.rstrip(b"\r\n")
        if len(row.cells) != len(self.header.columns):
            return Submission(row.first_line, payload, {"type": self._type}, self._fault(row))
        record, repeated = self._record(row)
        content = {"type": self._type, "record": record}
        return Submission(row.first_line, payload, content, self._fault(row) or repeated)

    def _below(self, second: SecondHeader, row: Row) -> Submission:
        """A row of another table; its payload has that one's header, lest it be read by the first again."""
        above = b"" if second.row is row else second.row.raw
        payload = above + row.raw.rstrip(b"\r\n")
        return Submission(row.first_line, payload, {"type": self._type}, second.reason(row, self.header))

    def _fault(self, row: Row) -> Reason | None:
        found, wanted = len(row.cells), len(self.header.columns)
        if row.fault not in UNREADABLE and swallows_rows(row, wanted, self._places, self._separator):
            return reason("rows_in_cell", lines=row.lines)
        if row.fault:
            encodings = {"encoding": SHOWN[self._decoder.encoding], "other": SHOWN[self._decoder.other]}
            return reason(row.fault, self._damaged(row), lines=row.lines, **encodings)
        if row.in_marks:
            return reason(CELLS_IN_MARKS, lines=row.lines)
        if self._is_no_record(row):
            return reason("row_is_no_record", lines=row.lines)
        if found != wanted:
            return reason("row_uneven", lines=row.lines, found=found, wanted=wanted)
        code = "number_split" if self._is_split(row) else "row_shifted" if self._is_shifted(row) else ""
        return reason(code, lines=row.lines) if code else None

    def _is_split(self, row: Row) -> bool:
        """Whether a thousands separator has cut a number: three digits alone stand where words should."""
        return any(
            _BEHIND_COMMA.fullmatch(row.cells[place + 1].text)
            and _BEFORE_COMMA.fullmatch(row.cells[place].text)
            for place in self._amounts
        )

    def _is_shifted(self, row: Row) -> bool:
        """Whether what is known wherever it stands, stands as far beside its own column as all else of it."""
        texts = [cell.text.strip() for cell in row.cells]
        keys = [(place, LOOKS_RIGHT[name]) for name, place in self._places.items() if name in LOOKS_RIGHT]
        if any(looks_right(texts[place]) for place, looks_right in keys):
            return False
        return len(keys) > 1 and any(
            all(
                0 <= place + by < len(texts) and looks_right(texts[place + by]) for place, looks_right in keys
            )
            for by in _SHIFTS
        )

    def _is_no_record(self, row: Row) -> bool:
        """Whether nothing says which record it is, nor stands anywhere in it that might."""
        known = (looks_right(cell.text.strip()) for cell in row.cells for looks_right in LOOKS_RIGHT.values())
        return not any(_YEAR.search(text) for text in self._keys(row)) and not any(known)

    def _keys(self, row: Row) -> list[str]:
        """What says which record it is: in a row of another width, that may stand anywhere."""
        if len(row.cells) != len(self.header.columns):
            return [cell.text for cell in row.cells]
        return [row.cells[self._places[name]].text for name in _KEYS if name in self._places]

    def _damaged(self, row: Row) -> str:
        """The field of the first cell with bytes that are not text, if the cells are in their places."""
        if len(row.cells) != len(self.header.columns):
            return ""
        pairs = zip(row.cells, self.header.columns, strict=True)
        return next((column.name for cell, column in pairs if _SURROGATE.search(cell.text)), "")

    def _record(self, row: Row) -> tuple[dict[str, object], Reason | None]:
        record: dict[str, object] = {}
        fault = None
        for column, cell in zip(self.header.columns, row.cells, strict=True):
            if cell.text:
                try:
                    value = _value(column.field, cell.text)
                except RepeatedKeyError as repeated:
                    value, fault = cell.text, reason("key_repeated", f"{column.name}.{repeated.shown}")
                _put(record, column.path, value)
        return record, fault


def _amounts_before_words(header: Header) -> Iterator[int]:
    """The columns of whole numbers behind which there is text that is no number of any kind, from 0."""
    for place, (one, other) in enumerate(pairwise(header.columns)):
        words = other.field and other.field.rule == "text" and kind_of(other.field) in WORDS
        if words and one.field and one.field.kind in ("int", "long"):
            yield place


def _put(record: dict[str, object], path: tuple[str, ...], value: object) -> None:
    """Set a value by its path; no column stands beside its own parts, so each step is an object."""
    if len(path) == 1:
        record[path[0]] = value
        return
    inner = record.setdefault(path[0], {})
    if isinstance(inner, dict):
        _put(inner, path[1:], value)


def _value(field: Field | None, cell: str) -> object:
    """What the schema makes of a cell's text; the text itself if it is nothing of the kind."""
    kind = field.kind if field else ""
    if kind in ("int", "long"):
        word = in_one_line(cell)  # a column of fixed width pads its cells
        return int(word) if _INTEGER.fullmatch(word) else cell
    if kind == "boolean":
        return BOOLEANS.get(in_one_line(cell).casefold(), cell)
    return _json(cell) if kind in ("list", "record") else cell


def _json(cell: str) -> object:
    try:
        return read_json(cell)
    except ValueError:
        return cell
