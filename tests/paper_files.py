"""Files as families hand them in: scans and photographs of nothing, small and whole."""

import io
import zlib
from functools import cache

import pypdfium2
from PIL import Image


@cache
def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture, as JPEG or PNG."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind)
    return out.getvalue()


@cache
def pdf(pages: int = 1) -> bytes:
    """A document of empty pages."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        for _ in range(pages):
            document.new_page(200, 300).close()
        document.save(out)
    return out.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG, with its sum."""
    return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)


def telephone_picture() -> bytes:
    """A JPEG as telephones make them: a second, smaller picture behind the first, and zeros."""
    return picture("JPEG") + b"\x00" * 5 + picture("JPEG", (8, 6)) + b"\x00" * 3


def huge_picture(width: int = 30_000) -> bytes:
    """A PNG of few bytes that says that it is enormous."""
    head = width.to_bytes(4) + width.to_bytes(4) + bytes((8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 99))
        + chunk(b"IEND", b"")
    )
