"""Decodes one file to its end, in a process of its own: the argument is its type, standard input its bytes.

Exit 0 where it is whole, 3 where it is not. What hostile bytes do to a decoder they do to this process, which
has little memory and little time, and is asked nothing else.
"""

import io
import resource
import sys
from collections.abc import Callable
from typing import Final

MEMORY_BYTES: Final = 2 << 30
CPU_SECONDS: Final = 20
DAMAGED: Final = 3
FORMATS: Final = {"JPEG": ("JPEG", "MPO"), "PNG": ("PNG",)}
"""MPO: a JPEG that has another behind it."""


def main() -> None:
    """Decode what comes, and exit."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    kind, content = sys.argv[1], sys.stdin.buffer.read()
    decode = _document() if kind == "PDF" else _picture(FORMATS[kind])
    try:
        decode(content)
    except Exception:  # decoders raise whatever damaged bytes lead them to
        sys.exit(DAMAGED)


def _picture(formats: tuple[str, ...]) -> Callable[[bytes], None]:
    from PIL import Image  # noqa: PLC0415 - each type has its own library, and loads no other

    def decode(content: bytes) -> None:
        with Image.open(io.BytesIO(content), formats=formats) as picture:
            picture.load()

    Image.MAX_IMAGE_PIXELS = None  # it was asked before (``exchange.domain.uploads.content``)
    return decode


def _document() -> Callable[[bytes], None]:
    import pypdfium2  # noqa: PLC0415 - as above

    def decode(content: bytes) -> None:
        with pypdfium2.PdfDocument(content) as document:
            if len(document) == 0:
                raise ValueError("no page")
            for page in document:
                page.close()

    return decode


if __name__ == "__main__":
    main()
