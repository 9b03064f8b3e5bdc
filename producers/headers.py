"""The header of a table: found below its titles, and checked before any of its rows is published. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from producers.columns import Column, Vocabulary
from producers.tables import Cell, Row
from producers.unfit_files import FileRefusedError, refused
from verification.names import HANZI
from verification.numbers import is_uuid
from verification.reasons import Reason, reason
from verification.surnames import usual_surname

LOOKED_AT_ROWS: Final = 10
"""How many rows may be titles and header [assumed]: sheets have three or four lines above a table."""

NO_NAMES: Final = (0, 0)
_ENOUGH_NAMES: Final = 2
_LONGEST_SHOWN: Final = 40
_MOST_SHOWN: Final = 30
_NUMBER_OR_INSTANT: Final = re.compile(r"[0-9]{15}|[0-9]{4}-[0-9]{2}-[0-9]{2}T")
_DIGIT: Final = re.compile(r"[0-9]")
_WORD: Final = re.compile(r"[\w.]+")
_HIDDEN: Final = "***"
_PERSON: Final = re.compile(f"{usual_surname()}[{HANZI}]{{2}}|.*[·•‧・\u00c0-\u024f].*")
"""As persons are called, and hardly ever a column."""


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


def names_in(row: Row, vocabulary: Vocabulary) -> tuple[int, int]:
    """How many of a row's cells name a field, and how many at least mean one; none in what is no header.

    One name alone can be a value, but then other values stand beside it, and hardly ever without a digit.
    """
    written = [cell.text.strip() for cell in row.cells if cell.text.strip()]
    named = sum(vocabulary.column(name).field is not None for name in written)
    meant = sum(vocabulary.names.means(name) for name in written)
    sure = max(named, meant) >= _ENOUGH_NAMES or not any(_DIGIT.search(name) for name in written)
    return (named, meant) if sure else NO_NAMES


def find_header(rows: Sequence[Row], vocabulary: Vocabulary) -> Header:
    """The header among the first rows of a table, fit to read the rest by.

    Raises:
        FileRefusedError: there is none; a quotation mark in it is not closed; records stand above it; or it
            has columns that the type lacks, lacks columns that the type requires, or has a column twice.
    """
    if broken := next((row for row in rows if _is_broken(row, vocabulary)), None):
        raise refused("header_quote_unclosed", lines=broken.first_line)
    best = max(rows, key=lambda row: names_in(row, vocabulary), default=None)
    if best is None or names_in(best, vocabulary) == NO_NAMES:
        raise _no_header(rows, vocabulary)
    above = tuple(row for row in rows if row.number < best.number and not row.blank)
    for row in above:
        if _is_record(row, len(best.cells)):
            if any(vocabulary.names.means(cell.text.strip()) for cell in row.cells):
                raise _no_header(rows, vocabulary)  # the names stand one below the other
            told = reason("rows_above_header", lines=row.lines, header=best.lines)
            raise FileRefusedError((told,))
    header = Header(best, tuple(_column(cell, vocabulary) for cell in best.cells), above)
    if faults := tuple(_faults(header, vocabulary)):
        raise FileRefusedError(faults)
    return header


def _column(cell: Cell, vocabulary: Vocabulary) -> Column:
    column = vocabulary.column(cell.text)
    return column if column.written else Column("", (f"column_{cell.column}",), None)


def _is_broken(row: Row, vocabulary: Vocabulary) -> bool:
    """Whether its first line names more fields than its cells do, since a quotation mark has no partner."""
    line = row.raw.partition(b"\n")[0]
    if line.count(b'"') % 2 == 0:
        return False
    words = _WORD.findall(line.decode("ascii", "ignore"))
    named = sum(vocabulary.column(word).field is not None for word in words)
    return named > max(_ENOUGH_NAMES - 1, names_in(row, vocabulary)[0])


def _is_record(row: Row, width: int) -> bool:
    """Whether a row above the header is no title: a title names no record, and does not fill the table."""
    texts = [cell.text.strip() for cell in row.cells if cell.text.strip()]
    fills = 2 * len(texts) > width and any(_DIGIT.search(text) for text in texts)
    return fills or any(map(_is_value, texts)) or row.fault in ("row_unreadable", "too_large")


def _is_value(text: str) -> bool:
    """Whether it is a record's, such as its id: where one stands among names, a row runs into the header."""
    return is_uuid(text) or bool(_NUMBER_OR_INSTANT.search(text))


def _no_header(rows: Sequence[Row], vocabulary: Vocabulary) -> FileRefusedError:
    """Shows of the first row what is nearly a field's name, and nothing that may be a person's."""
    first = next((row for row in rows if not row.blank), None)
    shown = [_with_nearest(cell.text, vocabulary, unsure=True) for cell in first.cells] if first else []
    told = reason(
        "header_missing",
        rows=LOOKED_AT_ROWS,
        lines=first.lines if first else "1",
        found=_listed(shown) or "-",
        wanted=", ".join(vocabulary.missing(())),
    )
    return FileRefusedError((told,))


def _faults(header: Header, vocabulary: Vocabulary) -> Iterator[Reason]:
    lines, columns = header.row.lines, [column for column in header.columns if column.written]
    if unknown := [column for column in columns if column.field is None]:
        unsure = any(_is_value(column.written) for column in unknown)
        shown = [_with_nearest(column.written, vocabulary, unsure=unsure) for column in unknown]
        yield reason("columns_unknown", lines=lines, found=_listed(shown))
    if missing := vocabulary.missing(header.columns):
        yield reason("columns_missing", lines=lines, wanted=_listed(missing))
    names = [column.name for column in columns]
    if doubled := [name for name in dict.fromkeys(names) if _stands_twice(name, names)]:
        yield reason("columns_repeated", lines=lines, found=_listed([_shown(name) for name in doubled]))


def _stands_twice(name: str, names: list[str]) -> bool:
    return names.count(name) > 1 or any(other.startswith(f"{name}.") for other in names)


def _with_nearest(written: str, vocabulary: Vocabulary, *, unsure: bool = False) -> str:
    """A column as the file has it, and the field that was probably meant.

    Where it is not sure that this is a header at all, only what can be nothing but a field's name is shown.
    """
    name = written.strip()
    known, nearest = vocabulary.column(name).field is not None, vocabulary.names.nearest(name)
    if unsure and not (known or vocabulary.names.means(name)):
        return _HIDDEN
    return _shown(written) + (f" ({nearest}?)" if nearest and not known else "")


def _shown(written: str) -> str:
    """A name as it stands, unless it is rather a value, or somebody's."""
    name = written.strip()
    value = len(name) > _LONGEST_SHOWN or not name.isprintable() or len(_DIGIT.findall(name)) > 5
    return _HIDDEN if value or _PERSON.fullmatch(name) else name


def _listed(names: list[str]) -> str:
    more = f", … ({len(names)})" if len(names) > _MOST_SHOWN else ""
    return ", ".join(names[:_MOST_SHOWN]) + more
