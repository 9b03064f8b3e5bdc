"""What a file is, judged by its bytes alone, and why it is not taken: pure.

Its name decides nothing: it has only to agree. A file that ends too soon, that goes on behind its end, or
that another program would take for something else is refused; what this lets pass is decoded besides
(``exchange.runtime.uploads``).
"""

import re
import zlib
from collections.abc import Callable, Mapping
from typing import Final, Literal

from exchange.domain.policy_files.uploads import FileType, UploadPolicy

FileRefusal = Literal[
    "empty_file",
    "file_too_large",
    "file_type_unknown",
    "file_type_not_taken",
    "file_name_differs",
    "file_cut_off",
    "file_ambiguous",
    "picture_too_large",
    "too_many_pictures",
    "file_unreadable",
]
BEGINNINGS: Final[Mapping[bytes, FileType]] = {
    b"%PDF-": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
}
SUFFIXES: Final[Mapping[FileType, frozenset[str]]] = {
    "PDF": frozenset({"pdf"}),
    "JPEG": frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    "PNG": frozenset({"png"}),
}
_PDF_FOUND_WITHIN: Final = 1024
"""Readers of PDF look so far for its beginning."""
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_WITHIN: Final = 65_557
"""Readers of ZIP look so far back for the end of its list."""
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_NO_ZERO: Final = re.compile(rb"[^\x00]")
_MOST_PICTURES: Final = 16
"""In one JPEG: telephones put in a few."""
_END_OF_IMAGE, _START_OF_SCAN = 0xD9, 0xDA
_NO_FRAMES: Final = frozenset({0xC4, 0xC8, 0xCC})
"""Markers between those of frames that are none."""
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""


class _UnfitFileError(ValueError):
    def __init__(self, code: FileRefusal) -> None:
        super().__init__(code)
        self.code = code


def type_of(content: bytes) -> FileType | None:
    """Return what a file is by how it begins; None: nothing that is known here."""
    return next((found for begin, found in BEGINNINGS.items() if content.startswith(begin)), None)


def refusal_of(content: bytes, file_name: str, policy: UploadPolicy) -> FileRefusal | None:
    """Return why a file is not taken; None where nothing speaks against it but what decoding may find.

    Args:
        content: all of it.
        file_name: as it was handed in; one without a suffix agrees with everything.
        policy: what is taken.
    """
    try:
        _require_fit(content, file_name, policy)
    except _UnfitFileError as problem:
        return problem.code
    return None


def _require_fit(content: bytes, file_name: str, policy: UploadPolicy) -> None:
    if not content:
        raise _UnfitFileError("empty_file")
    if len(content) > policy.largest_bytes:
        raise _UnfitFileError("file_too_large")
    found = type_of(content)
    if found is None:
        raise _UnfitFileError("file_type_unknown")
    if found not in policy.types:
        raise _UnfitFileError("file_type_not_taken")
    _, dot, suffix = file_name.rpartition(".")
    if dot and suffix.lower() not in SUFFIXES[found]:
        raise _UnfitFileError("file_name_differs")
    pixels = _READ[found](content)
    _require_nothing_else(content, found)
    if pixels > policy.largest_pixels:
        raise _UnfitFileError("picture_too_large")


def _require_nothing_else(content: bytes, found: FileType) -> None:
    """Refuse what opens as something else, too: other programs would show other people another file."""
    hides_pdf = found != "PDF" and b"%PDF-" in content[:_PDF_FOUND_WITHIN]
    if hides_pdf or _ZIP_END in content[-_ZIP_END_WITHIN:]:
        raise _UnfitFileError("file_ambiguous")


def _read_pdf(content: bytes) -> int:
    """Walk to the end; return no pixels."""
    _, end, behind = content.rpartition(b"%%EOF")
    if not end:
        raise _UnfitFileError("file_cut_off")
    if behind.strip(b"\r\n\t\f \x00"):
        raise _UnfitFileError("file_ambiguous")
    return 0


def _read_png(content: bytes) -> int:
    """Walk chunk by chunk, each with its sum, to the end; return the pixels."""
    at, pixels = 8, 0
    while True:
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content):
            raise _UnfitFileError("file_cut_off")
        if zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            raise _UnfitFileError("file_unreadable")
        if (at == 8) != (kind == b"IHDR"):
            raise _UnfitFileError("file_unreadable")
        if kind == b"IHDR":
            pixels = int.from_bytes(content[at + 8 : at + 12]) * int.from_bytes(content[at + 12 : at + 16])
        if kind == b"IEND":
            break
        at = end
    if end != len(content):
        raise _UnfitFileError("file_ambiguous")
    return pixels


def _read_jpeg(content: bytes) -> int:
    """Walk segment by segment to the end; return the pixels of the largest picture.

    Telephones put a second picture behind the first, such as a preview, and fill up with zeros.
    """
    at, pixels, pictures = 0, 0, 0
    while content[at : at + 3] == b"\xff\xd8\xff":
        pictures += 1
        if pictures > _MOST_PICTURES:
            raise _UnfitFileError("too_many_pictures")
        at, found = _read_picture(content, at + 2)
        pixels = max(pixels, found)
        at = _behind_zeros(content, at)
    if at != len(content):
        raise _UnfitFileError("file_ambiguous")
    return pixels


def _read_picture(content: bytes, at: int) -> tuple[int, int]:
    """Walk one picture from behind its first marker; return where it ends, and its pixels."""
    pixels = 0
    while marker := _NEXT_MARKER.match(content, at) or _behind_filling(content, at):
        code, at = content[marker.end() - 1], marker.end()
        if code == _END_OF_IMAGE:
            return at, pixels
        if code in _ALONE:
            continue
        length = int.from_bytes(content[at : at + 2])
        if code & 0xF0 == 0xC0 and code not in _NO_FRAMES:
            height, width = int.from_bytes(content[at + 3 : at + 5]), int.from_bytes(content[at + 5 : at + 7])
            pixels = max(pixels, height * width)
        at += max(length, 2)
        if code == _START_OF_SCAN:
            scan = _NEXT_MARKER.search(content, at)
            at = scan.start() if scan else len(content)
    raise _UnfitFileError("file_cut_off" if at >= len(content) else "file_unreadable")


def _behind_zeros(content: bytes, at: int) -> int:
    return len(content) if (found := _NO_ZERO.search(content, at)) is None else found.start()


def _behind_filling(content: bytes, at: int) -> re.Match[bytes] | None:
    """Return the marker behind bytes that only fill up."""
    while content[at : at + 2] == b"\xff\xff":
        at += 1
    return _NEXT_MARKER.match(content, at)


_READ: Final[Mapping[FileType, Callable[[bytes], int]]] = {
    "PDF": _read_pdf,
    "JPEG": _read_jpeg,
    "PNG": _read_png,
}
