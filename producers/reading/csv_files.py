"""CSV files as submissions: titles, a header of field names, then one record per row.

A nested field has a dotted name (`social_card.bank_name`), an empty cell is an absent field, a list or an
object is JSON in its cell.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import IO, Final

from avro_schemas.catalogue import Schemas
from exchange.runtime.errors import ExchangeError
from exchange.runtime.record_types import type_unknown
from exchange.runtime.sentences import said
from producers.encoding.encodings import SHOWN, LineDecoder
from producers.encoding.file_encoding import decoder_of, refuse_other_rows
from producers.reading.columns import Vocabulary, vocabulary_of
from producers.reading.csv_rows import SEPARATORS, CsvReader
from producers.reading.headers import LOOKED_AT_ROWS, NO_NAMES, Header, find_header, names_in
from producers.reading.lines import BYTE_ORDER_MARK, Line, read_lines
from producers.reading.row_records import RowReader
from producers.reading.tables import Row, Source
from producers.reading.unfit_files import refuse_empty, refuse_foreign, refuse_json, refuse_line_ends, refused
from verification.characters import is_blank

_HEAD_BYTES: Final = 1 << 16
_CHUNK_BYTES: Final = 1 << 20
_IN_MEMORY_BYTES: Final = 8 << 20


def read_csv(file: IO[bytes], record_type: str, schemas: Schemas, encoding: str | None = None) -> Source:
    """Open a table: everything about the file as a whole is settled before its first row is read.

    A submission's payload is the header and the row as they came, which is a CSV file again.

    Args:
        file: read several times, so it must be seekable.
        record_type: the type of every row.
        schemas: the record types that there are.
        encoding: as somebody named it; None: to be judged.

    Raises:
        FileRefusedError: the file is something else, its encoding cannot be told, or its header is unfit.
        ExchangeError: there is no such type.
    """
    vocabulary = _vocabulary(record_type, schemas)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    refuse_foreign(head)
    text = head.removeprefix(BYTE_ORDER_MARK)
    refuse_empty(text)
    refuse_json(text)
    refuse_line_ends(text)
    decoder = decoder_of(head, partial(_lines, file), encoding)
    separator, first_rows = _first_rows(file, decoder, vocabulary)
    header = find_header(first_rows, vocabulary)
    if header.titles:
        refuse_other_rows(partial(_lines, file), header.row.last_line, decoder)
    reader = partial(RowReader, record_type, header, vocabulary, separator, decoder)
    if header.nameless:
        _refuse_nameless(_below(header, _rows(file, decoder, separator)), header, reader())
    rows = _below(header, _rows(file, decoder, separator))
    return Source(tuple(_notes(decoder, separator, header)), map(reader().submission, rows))


def _vocabulary(record_type: str, schemas: Schemas) -> Vocabulary:
    try:
        return vocabulary_of(record_type, schemas)
    except KeyError:
        raise ExchangeError(type_unknown(record_type, schemas)) from None


def _first_rows(file: IO[bytes], decoder: LineDecoder, vocabulary: Vocabulary) -> tuple[str, list[Row]]:
    """The separator by which the first rows name most fields, and those rows."""
    read = {each: list(islice(_rows(file, decoder, each), LOOKED_AT_ROWS)) for each in SEPARATORS}
    named = {
        each: max((names_in(row, vocabulary) for row in rows), default=NO_NAMES)
        for each, rows in read.items()
    }
    best = max(read, key=named.__getitem__)
    return best, read[best]


def _rows(file: IO[bytes], decoder: LineDecoder, separator: str) -> Iterator[Row]:
    """All rows, from the beginning."""
    return CsvReader(_lines(file), decoder, separator).rows()


def _lines(file: IO[bytes]) -> Iterator[Line]:
    """All lines, from the beginning."""
    file.seek(0)
    return read_lines(file)


def _below(header: Header, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows of the table, without blank ones."""
    return (row for row in rows if row.number > header.row.number and not row.blank)


def _refuse_nameless(rows: Iterator[Row], header: Header, reader: RowReader) -> None:
    """Refuse a table with something in a column without a name; a row with another fault is told that one.

    Raises:
        FileRefusedError: nobody can say what it is; it is told once, and not for each row.
    """
    filled = {row.lines: at for row in rows if (at := _filled(row, header, reader))}
    if filled:
        columns = sorted({str(place + 1) for places in filled.values() for place in places}, key=int)
        where = {"lines": header.row.lines, "columns": ", ".join(columns), "row": next(iter(filled))}
        raise refused("column_nameless", rows=len(filled), **where)


def _filled(row: Row, header: Header, reader: RowReader) -> list[int]:
    """The columns without a name in which a sound row has something."""
    if reader.submission(row).fault:
        return []
    return [place for place in header.nameless if not is_blank(row.cells[place].text)]


def _notes(decoder: LineDecoder, separator: str, header: Header) -> Iterator[str]:
    """What was recognised, for people."""
    yield said("read_as_named" if decoder.named else "read_as", encoding=SHOWN[decoder.encoding])
    if separator != ",":
        yield said(f"separated_by_{SEPARATORS[separator]}")
    if header.titles:
        yield said("header_found", lines=header.row.lines)
        yield said("titles_found", lines=", ".join(row.lines for row in header.titles))


@contextmanager
def readable_again(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The file itself or, for what comes through a pipe, a private copy that is gone at the end."""
    if file.seekable():
        yield file
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as copy:
        shutil.copyfileobj(file, copy, _CHUNK_BYTES)
        copy.seek(0)
        yield copy
