"""Tables as departments send them, with columns that are always right, so that a test varies one thing."""

import io
from typing import Final
from uuid import UUID

from avro_schemas.catalogue import SHIPPED
from producers.reading.csv_files import read_csv
from producers.reading.tables import Source
from tests.people import id_number

HEADER: Final = "record_id,recorded_at,id_number,name,scheme,account_balance_fen"
TYPE: Final = "medical_insurance"


def row(name: str, number: int = 1) -> str:
    """A row below HEADER."""
    person = id_number(sequence=number % 999 + 1)
    return f"{UUID(int=number + 1)},2026-06-02T09:00:00+08:00,{person},{name},EMPLOYEE,{number}"


def sheet(*rows: str, header: str = HEADER, end: str = "\r\n") -> str:
    """A whole file."""
    return "".join(line + end for line in (header, *rows))


def opened(data: str | bytes, record_type: str = TYPE, encoding: str | None = None) -> Source:
    """The file as `exchange publish` opens it; text is UTF-8."""
    file = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return read_csv(file, record_type, SHIPPED, encoding)


def faults(data: str | bytes, record_type: str = TYPE) -> list[str | None]:
    """The code for which each row is refused by its reader, None for a good one."""
    return [one.fault.code if one.fault else None for one in opened(data, record_type).submissions]


def names_read(data: str | bytes, encoding: str | None = None) -> list[str | None]:
    """The name of each row; None where the row is refused."""
    read = opened(data, encoding=encoding).submissions
    return [None if one.fault or one.content is None else one.content["record"]["name"] for one in read]  # type: ignore[index]
