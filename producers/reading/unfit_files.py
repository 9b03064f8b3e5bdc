"""Files from which nothing is published: what they are instead of CSV or JSON lines, and what to do."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Final

from exchange.runtime.errors import ExchangeError
from producers.encoding.encodings import GB18030, SHOWN, UTF_8
from producers.reading.lines import BYTE_ORDER_MARK, END_MARK
from topics.yaml_text import read_packaged
from verification.characters import is_blank
from verification.reasons import Reason, reason

_FEWEST_NULLS_IN_UTF_16: Final = 5
"""At least one byte in this many is null, since field names, dates and numbers are ASCII."""
_FEWEST_NULLS_IN_UTF_32: Final = 2
"""For ASCII three bytes in four are null; in UTF-16 at most one in two."""
_IN_UTF_16: Final = re.compile(rb"(?:[ -~]\0){6}|(?:\0[ -~]){6}")
_IN_ASCII: Final = re.compile(rb"[0-9A-Za-z_]{6}")
"""So many letters and digits in a row are field names or numbers, and hardly ever Chinese in UTF-16."""
_UTF_16: Final = "file_utf_16"
_MOST_RANGES: Final = 5
_TORN: Final = bytes(4)
"""More nulls at the end than UTF-32 has, if a file was not written or sent to its end."""
_ENDS_OF_OTHERS: Final = tuple(end.encode() for end in "\r\v\f\x1e\u0085\u2028\u2029")
"""What ends lines elsewhere, but not in CSV."""
_JSON: Final = re.compile(rb"\s*(?:\{|\[\s*(?:[\[{\"\]0-9-]|$))")
_LINE_FEED_AND_RETURN: Final = re.compile(rb"\n\r(?!\n)")


class FileRefusedError(ExchangeError):
    """A file from which nothing was published; `reasons` says why and what to do, with stable codes."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("\n".join(f"{one.code}: {one.message_zh}\n  {one.message_en}" for one in reasons))
        self.reasons = reasons


def refused(code: str, **details: object) -> FileRefusedError:
    """The error for one reason."""
    return FileRefusedError((reason(code, "", None, **details),))


def refused_as_mixed(lines: Mapping[str, Sequence[int]]) -> FileRefusedError:
    """The error for a file in two encodings: as they are written, with the numbers of lines in each."""
    (encoding, ours), (other, theirs) = lines.items()
    told = {"lines": _ranges(ours), "others": _ranges(theirs)}
    return refused("encodings_mixed", encoding=encoding, other=other, **told)


def _ranges(numbers: Sequence[int]) -> str:
    """As people write them: 1, 3-5."""
    runs = groupby(enumerate(numbers), lambda one: one[1] - one[0])
    ends = [[number for _, number in run] for _, run in runs]
    shown = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in ends]
    return ", ".join(shown[:_MOST_RANGES]) + (", …" if len(shown) > _MOST_RANGES else "")


@dataclass(frozen=True, slots=True)
class _ForeignKind:
    """A kind of files that begin alike, as `foreign_files.yaml` has them."""

    code: str
    begins: str
    found: str = ""
    holds: list[str] = field(default_factory=list)

    def fits(self, head: bytes) -> bool:
        """Whether a file that begins like this (in lower case) is one."""
        inside = not self.holds or any(_small(part) in head for part in self.holds)
        return inside and head.startswith(_small(self.begins))


def refuse_foreign(head: bytes) -> None:
    """Refuse what is neither CSV nor JSON lines, by its first bytes.

    Raises:
        FileRefusedError: a workbook, a document, an archive, a page, another encoding, two of them, only null
            bytes, or lines that end as on old Macintoshes.
    """
    small = head.removeprefix(BYTE_ORDER_MARK).lstrip().lower()
    for kind in _kinds():
        if kind.fits(small):
            if kind.code == _UTF_16:
                _refuse_joined(head)
            raise refused(kind.code, found=kind.found)
    _refuse_joined(head)
    _refuse_nulls(head)
    if b"\r" in head.strip() and b"\n" not in head:
        raise refused("line_ends_wrong")


def is_empty(head: bytes) -> bool:
    """Whether nothing is seen of what begins like this, in either encoding: only blanks and line ends."""
    text = head.rstrip(END_MARK)
    return not text.strip() or any(is_blank(text.decode(encoding, "replace")) for encoding in SHOWN)


def begins_json(head: bytes) -> bool:
    """Whether what begins like this is JSON or was meant to be; [record_id] is a column in some databases."""
    return bool(_JSON.match(head.removeprefix(BYTE_ORDER_MARK)))


def refuse_empty(head: bytes) -> None:
    """Refuse a file with nothing in it, not even a header.

    Raises:
        FileRefusedError: it is empty, or holds only blanks and line ends.
    """
    if is_empty(head):
        raise refused("file_empty")


def refuse_json(head: bytes) -> None:
    """Refuse JSON where CSV is expected.

    Raises:
        FileRefusedError: it is JSON.
    """
    if begins_json(head):
        raise refused("type_not_expected")


def refuse_line_ends(head: bytes) -> None:
    """Refuse a table whose lines do not end in LF or CR LF.

    Raises:
        FileRefusedError: it is one line with other line ends in it, or its lines end in LF CR.
    """
    text = head.strip()
    unbroken = b"\n" not in text and any(end in text for end in _ENDS_OF_OTHERS)
    returns = len(_LINE_FEED_AND_RETURN.findall(text))
    if unbroken or 0 < text.count(b"\n") == returns:
        raise refused("line_ends_wrong")


def refuse_other_than_lines(head: bytes) -> None:
    """Refuse what holds JSON or a table, but not as JSON lines.

    Raises:
        FileRefusedError: an array, an object over several lines, or CSV.
    """
    first, _, rest = head.lstrip().partition(b"\n")
    if first.startswith(b"[") and (first[1:].strip() or rest.strip())[:1] == b"{":
        raise refused("json_array")
    if first.strip() == b"{":
        raise refused("json_over_lines")
    if b"{" not in first and not first.startswith(b"[") and b"record_id" in first.lower() and rest:
        raise refused("type_missing")


def _refuse_joined(head: bytes) -> None:
    """Refuse UTF-16 and text of our encodings one behind the other, as where files were joined."""
    if b"\0" not in head:
        return
    lines = head.split(b"\n")
    theirs = [number for number, line in enumerate(lines, 1) if _IN_UTF_16.search(line)]
    ours = [number for number, line in enumerate(lines, 1) if b"\0" not in line and _IN_ASCII.search(line)]
    if ours and theirs:
        encoding = SHOWN[_encoding_of(lines[number - 1] for number in ours)]
        raise refused_as_mixed({encoding: ours, "UTF-16": theirs})


def _encoding_of(lines: Iterator[bytes]) -> str:
    try:
        b"\n".join(lines).decode(UTF_8)
    except UnicodeDecodeError:
        return GB18030
    return UTF_8


def _refuse_nulls(head: bytes) -> None:
    nulls = head.count(b"\0")
    if head and nulls == len(head):
        raise refused("file_empty")
    if head.endswith(_TORN) and head.count(b"\0", 0, len(head.rstrip(b"\0"))) == 0:
        raise refused("file_torn")
    if nulls > len(head) // _FEWEST_NULLS_IN_UTF_32:
        raise refused("file_utf_32")
    if nulls > len(head) // _FEWEST_NULLS_IN_UTF_16:
        raise refused(_UTF_16)


@cache
def _kinds() -> tuple[_ForeignKind, ...]:
    """All kinds in their order; read once."""
    return tuple(_ForeignKind(**kind) for kind in read_packaged("producers", "reading", "foreign_files.yaml"))


def _small(text: str) -> bytes:
    return text.encode("latin-1").lower()
