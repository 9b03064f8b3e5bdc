"""The header of a table, found below its titles and checked before any of its rows is published. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from producers.reading.columns import Column, Vocabulary
from producers.reading.csv_rows import QUOTE_BESIDE_BLANK
from producers.reading.tables import CELLS_IN_MARKS, LOOKS_RIGHT, UNREADABLE, Cell, Row
from producers.reading.unfit_files import FileRefusedError, refused
from verification.field_names import NamePlace, other_unit_noted, says_other_unit
from verification.numbers import is_uuid
from verification.reasons import Reason, reason

LOOKED_AT_ROWS: Final = 10
"""How many rows may be titles and header [assumed]: sheets have three or four lines above a table."""

NO_NAMES: Final = (0, 0)
_ENOUGH_NAMES: Final = 2
_MOST_SHOWN: Final = 30
_NUMBER_OR_INSTANT: Final = re.compile(r"[0-9]{15}|[0-9]{4}-[0-9]{2}-[0-9]{2}T")
_DIGIT: Final = re.compile(r"[0-9]")
_WORD: Final = re.compile(r"[\w.]+")
_HIDDEN: Final = "***"


@dataclass(frozen=True, slots=True)
class Header:
    """A header and what its columns are; `titles` are the rows above it that are not blank."""

    row: Row
    columns: tuple[Column, ...]
    titles: tuple[Row, ...] = ()

    @property
    def places(self) -> dict[str, int]:
        """Name of a field → its column, from 0."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @property
    def nameless(self) -> list[int]:
        """The columns without a name, from 0; spreadsheets append some, and nothing may stand in them."""
        return [place for place, column in enumerate(self.columns) if not column.written]


def names_in(row: Row, vocabulary: Vocabulary) -> tuple[int, int]:
    """How many of a row's cells name a field, and how many at least mean one; zeros for what is not a header.

    A single name can be a value, but then other values stand beside it, and hardly ever without a digit.
    """
    written = [cell.text.strip() for cell in row.cells if cell.text.strip()]
    named = sum(vocabulary.column(name).field is not None for name in written)
    meant = sum(vocabulary.names.means(name) for name in written)
    sure = max(named, meant) >= _ENOUGH_NAMES or not any(_DIGIT.search(name) for name in written)
    return (named, meant) if sure else NO_NAMES


def find_header(rows: Sequence[Row], vocabulary: Vocabulary) -> Header:
    """The header among the first rows of a table, by which the rest can be read.

    Raises:
        FileRefusedError: there is none; a quotation mark in it or above it is not closed, or its line does
            not end; records stand above it; or it has columns that the type lacks, lacks columns that the
            type requires, or has a column twice.
    """
    if apart := next((row for row in rows if _has_marks_apart(row, vocabulary)), None):
        beside_blank = apart.fault == QUOTE_BESIDE_BLANK
        raise refused(QUOTE_BESIDE_BLANK if beside_blank else CELLS_IN_MARKS, lines=apart.lines)
    if broken := next((row for row in rows if _is_broken(row, vocabulary)), None):
        ends = broken.fault == "line_end_in_row"
        raise refused("line_ends_wrong" if ends else "header_quote_unclosed", lines=broken.first_line)
    best = max(rows, key=lambda row: names_in(row, vocabulary), default=None)
    if best is None or names_in(best, vocabulary) == NO_NAMES:
        raise _no_header(rows, vocabulary)
    above = tuple(row for row in rows if row.number < best.number and not row.blank)
    for row in above:
        if row.fault in UNREADABLE:
            code = "line_ends_wrong" if row.fault == "line_end_in_row" else "quote_above_header"
            raise refused(code, lines=row.lines, header=best.lines)
        if _is_record(row, len(best.cells)):
            if any(vocabulary.names.means(cell.text.strip()) for cell in row.cells):
                raise _no_header(rows, vocabulary)  # the names stand one below another
            told = reason("rows_above_header", lines=row.lines, header=best.lines)
            raise FileRefusedError((told,))
    header = Header(best, tuple(_column(cell, vocabulary) for cell in best.cells), above)
    if faults := (*_faults(header, vocabulary), *_unit_faults(header, rows)):
        raise FileRefusedError(faults)
    return header


def _column(cell: Cell, vocabulary: Vocabulary) -> Column:
    column = vocabulary.column(cell.text)
    return column if column.written else Column("", (f"column_{cell.column}",), None)


def _is_broken(row: Row, vocabulary: Vocabulary) -> bool:
    """Whether its first line names more fields than its cells do.

    Then a quotation mark has no partner, or the line goes on after a lone carriage return.
    """
    line = row.raw.partition(b"\n")[0]
    if line.count(b'"') % 2 == 0 and row.fault != "line_end_in_row":
        return False
    named = _names_written(line.decode("ascii", "ignore"), vocabulary)
    return named > max(_ENOUGH_NAMES - 1, names_in(row, vocabulary)[0])


def _has_marks_apart(row: Row, vocabulary: Vocabulary) -> bool:
    """Whether it names fields in marks that are part of its cells: beside a blank, or of another kind."""
    if row.fault != QUOTE_BESIDE_BLANK and not row.in_marks:
        return False
    return _names_written(row.raw.decode("ascii", "ignore"), vocabulary) >= _ENOUGH_NAMES


def _names_written(text: str, vocabulary: Vocabulary) -> int:
    """How many fields a text names, whatever stands between the names."""
    return sum(vocabulary.column(word).field is not None for word in _WORD.findall(text))


def _is_record(row: Row, width: int) -> bool:
    """Whether a row above the header is not a title: a title names no record and does not fill the table."""
    texts = [cell.text.strip() for cell in row.cells if cell.text.strip()]
    fills = 2 * len(texts) > width and any(_DIGIT.search(text) for text in texts)
    return fills or any(map(_is_value, texts)) or row.fault == "too_large"


def _is_value(text: str) -> bool:
    """Whether it is a record's value, such as its id: among names it is a row that runs into the header."""
    return is_uuid(text) or bool(_NUMBER_OR_INSTANT.search(text))


def _no_header(rows: Sequence[Row], vocabulary: Vocabulary) -> FileRefusedError:
    """Show what in the first row is nearly a field's name, and nothing that may be a person's."""
    if told := next(_hidden_headers(rows, vocabulary), None):
        return FileRefusedError((told,))
    first = next((row for row in rows if not row.blank), None)
    shown = [_with_nearest(cell.text, vocabulary, "values") for cell in first.cells] if first else []
    told = reason(
        "header_missing",
        rows=len(rows),
        lines=first.lines if first else "1",
        found=listed(shown) or "-",
        wanted=", ".join(vocabulary.missing(())),
    )
    return FileRefusedError((told,))


def _hidden_headers(rows: Sequence[Row], vocabulary: Vocabulary) -> Iterator[Reason]:
    """Why a header is not taken as one: it is a single cell, or covered by a quotation mark above it."""
    for row in rows:
        first, *others = row.raw.decode("ascii", "ignore").split("\n")[:LOOKED_AT_ROWS]
        single = len(row.cells) == 1 and row.first_line == row.last_line
        if single and _names_written(row.cells[0].text, vocabulary) >= _ENOUGH_NAMES:
            code = "row_in_quotes" if first.startswith('"') else "separator_unknown"
            yield reason(code, lines=row.lines)
        for line, text in enumerate(others, row.first_line + 1):
            if _names_written(text, vocabulary) >= _ENOUGH_NAMES:
                yield reason("quote_above_header", lines=row.first_line, header=line)


def _faults(header: Header, vocabulary: Vocabulary) -> Iterator[Reason]:
    lines, columns = header.row.lines, [column for column in header.columns if column.written]
    unknown = [column for column in columns if column.field is None]
    if in_yuan := [column.written for column in unknown if says_other_unit(column.written)]:
        wanted = listed([name for name, field in vocabulary.fields.items() if field.rule == "money_fen"])
        shown = [_shown(name, vocabulary, "columns") for name in in_yuan]
        yield reason("columns_in_other_unit", lines=lines, found=listed(shown), wanted=wanted or "-")
        unknown = [column for column in unknown if column.written not in in_yuan]
    if unknown:
        place: NamePlace = "values" if any(_is_value(column.written) for column in unknown) else "columns"
        shown = [_with_nearest(column.written, vocabulary, place) for column in unknown]
        yield reason("columns_unknown", lines=lines, found=listed(shown))
    if missing := vocabulary.missing(header.columns):
        yield reason("columns_missing", lines=lines, wanted=listed(missing))
    names = [column.name for column in columns]
    if doubled := [name for name in dict.fromkeys(names) if _stands_twice(name, names)]:
        shown = [_shown(name, vocabulary, "columns") for name in doubled]
        yield reason("columns_repeated", lines=lines, found=listed(shown))


def _unit_faults(header: Header, rows: Sequence[Row]) -> Iterator[Reason]:
    """A title, or a label below the header, that says yuan where the header says fen."""
    amounts = [one.name for one in header.columns if one.field and one.field.rule == "money_fen"]
    notes = (row for row in rows if row is not header.row and not _has_key(row)) if amounts else ()
    for row in notes:
        if noted := next((found for cell in row.cells if (found := other_unit_noted(cell.text))), ""):
            yield reason("amounts_in_other_unit", lines=row.lines, found=noted, wanted=listed(amounts))


def _has_key(row: Row) -> bool:
    """Whether it is a record: what it says of its unit would be a value."""
    return any(known(cell.text.strip()) for cell in row.cells for known in LOOKS_RIGHT.values())


def _stands_twice(name: str, names: list[str]) -> bool:
    return names.count(name) > 1 or any(other.startswith(f"{name}.") for other in names)


def _with_nearest(written: str, vocabulary: Vocabulary, place: NamePlace) -> str:
    """A column as the file has it, and the field that was probably meant; no field for a hidden value."""
    name = written.strip()
    shown, nearest = _shown(name, vocabulary, place), vocabulary.names.nearest(name)
    if nearest is None or vocabulary.column(name).field or (place == "values" and shown == _HIDDEN):
        return shown
    return f"{shown} ({nearest}?)"


def _shown(written: str, vocabulary: Vocabulary, place: NamePlace) -> str:
    return written if vocabulary.names.may_show(written, place) else _HIDDEN


def listed(names: list[str]) -> str:
    """Names in one line; of very many the first ones and how many there are."""
    more = f", … ({len(names)})" if len(names) > _MOST_SHOWN else ""
    return ", ".join(names[:_MOST_SHOWN]) + more
