"""Files of which nothing is published: what they are instead of CSV or JSON lines, and what to do."""

from typing import Final

from exchange.runtime.errors import ExchangeError
from verification.reasons import Reason, reason

SPREADSHEET_AS_CSV: Final = "Save the sheet as “CSV UTF-8” and publish that, with --type."
_WORKBOOKS: Final = {b"PK\x03\x04": "xlsx", b"\xd0\xcf\x11\xe0": "xls"}
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_FEWEST_NULLS_IN_UTF_16: Final = 5
"""One byte in so many is null, since field names, dates and numbers are ASCII."""
_ONE_PER_LINE: Final = "Write each record on a line of its own, for example with: jq -c {}"


class FileRefusedError(ExchangeError):
    """A file of which nothing was published; `reasons` says why, with stable codes."""

    def __init__(self, reasons: tuple[Reason, ...], hint: str) -> None:
        told = (f"{one.code}: {one.message_zh}\n  {one.message_en}" for one in reasons)
        super().__init__("\n".join(told), hint)
        self.reasons = reasons


def refused(code: str, hint: str, **details: object) -> FileRefusedError:
    """The error for one reason."""
    return FileRefusedError((reason(code, "", None, **details),), hint)


def refuse_foreign(head: bytes) -> None:
    """Refuse what is neither CSV nor JSON lines, by its first bytes.

    Raises:
        FileRefusedError: an Excel workbook, UTF-16, or lines that end as on old Macintoshes.
    """
    if kind := _WORKBOOKS.get(head[:4]):
        raise refused("file_is_workbook", SPREADSHEET_AS_CSV, found=kind)
    if head.startswith(_UTF_16_MARKS) or head.count(b"\0") > len(head) // _FEWEST_NULLS_IN_UTF_16:
        raise refused("file_utf_16", "Save it as UTF-8.")
    if b"\r" in head.strip() and b"\n" not in head:
        raise refused("line_ends_wrong", "Save it as “CSV UTF-8”, not as “CSV (Macintosh)”.")


def refuse_json(head: bytes) -> None:
    """Refuse JSON where CSV is expected.

    Raises:
        FileRefusedError: it is JSON.
    """
    if head.lstrip()[:1] in (b"{", b"["):
        raise refused("type_not_expected", "Leave out --type: JSON lines name the type of each record.")


def refuse_other_than_lines(head: bytes) -> None:
    """Refuse what holds JSON, or a table, otherwise than in JSON lines.

    Raises:
        FileRefusedError: an array, an object over several lines, or CSV.
    """
    first, _, rest = head.lstrip().partition(b"\n")
    if first.startswith(b"[") and (first[1:].strip() or rest.strip())[:1] == b"{":
        raise refused("json_array", _ONE_PER_LINE.format("'.[]' FILE"))
    if first.strip() == b"{":
        raise refused("json_over_lines", _ONE_PER_LINE.format(". FILE"))
    if first[:1] not in (b"{", b"[") and b"record_id" in first.lower() and rest:
        raise refused("type_missing", "Name the type of its rows: --type social_insurance, for example.")
