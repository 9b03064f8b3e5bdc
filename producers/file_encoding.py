"""The encoding of an opened file: by its mark, by what somebody says, or judged by its text."""

from collections.abc import Iterable
from typing import Final

from producers.encodings import GB18030, SHOWN, UTF_8, LineDecoder, judge, seven_bits
from producers.lines import BYTE_ORDER_MARK, GB18030_MARK, Line
from producers.unfit_files import refused

_MARKS: Final = {BYTE_ORDER_MARK: UTF_8, GB18030_MARK: GB18030}


def decoder_of(head: bytes, lines: Iterable[Line], named: str | None) -> LineDecoder:
    """The reader of the file's lines.

    Args:
        head: its first bytes.
        lines: those of the file, read only if they must be.
        named: the encoding as somebody names it.

    Raises:
        FileRefusedError: its encoding cannot be told, or its mark contradicts what somebody says.
    """
    marked = next((encoding for mark, encoding in _MARKS.items() if head.startswith(mark)), None)
    if marked and named and marked != named:
        raise refused("encoding_contradicts_mark", found=SHOWN[marked], wanted=SHOWN[named])
    if named or marked:
        return LineDecoder(named or marked or UTF_8, named=named is not None)
    if seven_bits(head):
        raise refused("encoding_unclear", lines=1)
    found = judge(lines)
    if found.encoding is None:
        raise refused("encoding_unclear", lines=found.line)
    return LineDecoder(found.encoding)
