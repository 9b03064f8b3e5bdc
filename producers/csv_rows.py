"""CSV as submissions: a header row of field names, then one record per row.

A nested field has a dotted name (`social_card.bank_name`), an empty cell is an absent field, a list or an
object is JSON in its cell. Cells become numbers and booleans where the schema wants them; a cell that is none
stays text, and the rules refuse it with the right reason.
"""

import codecs
import csv
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final

import orjson

from exchange.runtime.errors import ExchangeError
from producers.lines import BYTE_ORDER_MARK, UTF_16_MARKS, Line, read_lines, utf_16_error
from producers.submissions import Submission
from verification.shapes import Field, shape_of

UTF_8: Final = "utf-8"
GB18030: Final = "gb18030"
_CHUNK_BYTES: Final = 1 << 20
_IN_MEMORY_BYTES: Final = 8 << 20
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,30}")
_BOOLEANS: Final = {"true": True, "是": True, "false": False, "否": False}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column by its dotted name; `field` is None where the schema has no such field."""

    path: tuple[str, ...]
    field: Field | None


class _Rows:
    """Rows of cells, each with the lines it was read from, exactly as they came."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._lines = read_lines(file)
        self._encoding = encoding
        self._held: list[Line] = []
        self._reader = csv.reader(self._text(), strict=True)

    def next(self) -> tuple[list[str] | None, list[Line]]:
        """The next row: no cells where it is blank, None where it cannot be read; no lines at the end."""
        self._held = []
        try:
            cells: list[str] | None = next(self._reader, [])
        except csv.Error:
            cells = None
        return cells, self._held

    def _text(self) -> Iterator[str]:
        for line in self._lines:
            self._held.append(line)
            raw = line.raw.removeprefix(BYTE_ORDER_MARK) if line.number == 1 else line.raw
            # What is no text becomes surrogates, and the rules refuse those in the field where they are.
            yield "\n" if line.whole else raw.decode(self._encoding, "surrogateescape")


def read_csv(file: IO[bytes], record_type: str) -> Iterator[Submission]:
    """One submission per row that is not blank.

    A payload is the header and the row as they came, which is a CSV file again.

    Raises:
        ExchangeError: there is no such type, or the header row is missing or ambiguous.
    """
    try:
        fields = shape_of(record_type).fields
    except KeyError:
        raise ExchangeError(
            f"There is no record type {record_type}.", "`exchange topics` shows them."
        ) from None
    with _readable_twice(file) as again:
        rows = _Rows(again, _encoding(again))
        names, lines = rows.next()
        header, columns = _joined(lines).removeprefix(BYTE_ORDER_MARK), _columns(names or [], fields)
        cells, lines = rows.next()
        while lines:
            if cells is None or any(cells) or any(line.whole for line in lines):
                yield _submission(record_type, columns, cells, header, lines)
            cells, lines = rows.next()


def _submission(
    record_type: str, columns: list[_Column], cells: list[str] | None, header: bytes, lines: list[Line]
) -> Submission:
    number = lines[0].number
    too_long = next((line for line in lines if line.whole), None)
    if too_long:
        return Submission(number, too_long.raw, fault="too_large", whole=too_long.whole)
    payload = header + _joined(lines).rstrip(b"\r\n")
    if cells is None:
        return Submission(number, payload, fault="row_unreadable")
    if len(cells) != len(columns):
        return Submission(number, payload, fault="row_uneven")
    return Submission(number, payload, {"type": record_type, "record": _record(columns, cells)})


def _columns(header: list[str], fields: tuple[Field, ...]) -> list[_Column]:
    names = [name.strip() for name in header]
    if not any(names):
        raise ExchangeError("The CSV file has no header row.", "Its first line must hold the fields' names.")
    for name in filter(None, names):
        if names.count(name) > 1 or any(other.startswith(f"{name}.") for other in names):
            raise ExchangeError(
                f"Column {names.index(name) + 1} of the CSV file stands there twice, or beside its own parts."
            )
    return [_Column(path, _field(path, fields)) for path in (tuple(name.split(".")) for name in names)]


def _field(path: tuple[str, ...], fields: tuple[Field, ...]) -> Field | None:
    found = next((field for field in fields if field.name == path[0]), None)
    return found if found is None or len(path) == 1 else _field(path[1:], found.fields)


def _record(columns: list[_Column], cells: list[str]) -> dict[str, object]:
    record: dict[str, object] = {}
    for column, cell in zip(columns, cells, strict=True):
        if cell:
            _put(record, column.path, _value(column.field, cell))
    return record


def _put(record: dict[str, object], path: tuple[str, ...], value: object) -> None:
    """Set a value by its path; no column stands beside its own parts, so each step is an object."""
    if len(path) == 1:
        record[path[0]] = value
        return
    inner = record.setdefault(path[0], {})
    if isinstance(inner, dict):
        _put(inner, path[1:], value)


def _value(field: Field | None, cell: str) -> object:
    """What the schema makes of a cell's text; the text itself where it is nothing of the kind."""
    if field is None:
        return cell
    if field.kind in ("int", "long"):
        return int(cell.strip()) if _INTEGER.fullmatch(cell.strip()) else cell
    if field.kind == "boolean":
        return _BOOLEANS.get(cell.strip().casefold(), cell)
    if field.kind in ("list", "record"):
        return _json(cell)
    return cell


def _json(cell: str) -> object:
    try:
        return orjson.loads(cell)
    except orjson.JSONDecodeError:
        return cell


def _joined(lines: list[Line]) -> bytes:
    return b"".join(line.raw for line in lines)


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 if the whole file is, else GB18030 if the whole file is; what is neither is read as UTF-8.

    The whole file decides: a few Chinese characters of one encoding can be valid in the other.
    """
    mark = file.read(len(BYTE_ORDER_MARK))
    file.seek(0)
    if mark.startswith(UTF_16_MARKS):
        raise utf_16_error()
    if mark == BYTE_ORDER_MARK:
        return UTF_8
    return next((name for name in (UTF_8, GB18030) if _is_all(file, name)), UTF_8)


def _is_all(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_CHUNK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


@contextmanager
def _readable_twice(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The file itself, or of what comes through a pipe a private copy, gone at the end."""
    if file.seekable():
        yield file
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as copy:
        shutil.copyfileobj(file, copy, _CHUNK_BYTES)
        copy.seek(0)
        yield copy
