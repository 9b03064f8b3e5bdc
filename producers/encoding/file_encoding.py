"""The encoding of an opened file: by its mark, by what somebody says, or judged by its text."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from producers.encoding.encodings import GB18030, SHOWN, UTF_8, LineDecoder, judge, seven_bits, told_apart
from producers.reading.lines import BYTE_ORDER_MARK, GB18030_MARK, Line
from producers.reading.unfit_files import refused, refused_as_mixed

_MARKS: Final = {BYTE_ORDER_MARK: UTF_8, GB18030_MARK: GB18030}


def decoder_of(head: bytes, lines: Callable[[], Iterable[Line]], named: str | None) -> LineDecoder:
    """The reader of the file's lines.

    Args:
        head: its first bytes.
        lines: gives those of the file from its beginning; asked only if they must be read.
        named: the encoding as somebody names it.

    Raises:
        FileRefusedError: its encoding cannot be told, it has two, or its mark contradicts what somebody says.
    """
    marked = next((encoding for mark, encoding in _MARKS.items() if head.startswith(mark)), None)
    if marked and named and marked != named:
        raise refused("encoding_contradicts_mark", found=SHOWN[marked], wanted=SHOWN[named])
    if named or marked:
        return LineDecoder(named or marked or UTF_8, named=named is not None)
    if seven_bits(head):
        raise refused("encoding_unclear", lines=1)
    found = judge(lines())
    if found.encoding is None:
        _refuse_mixture(lines())
        raise refused("encoding_unclear", lines=found.line)
    return LineDecoder(found.encoding)


def refuse_other_rows(lines: Callable[[], Iterable[Line]], header: int, decoder: LineDecoder) -> None:
    """Refuse a table whose rows are all plainly in another encoding than its titles, by which it was judged.

    Args:
        lines: gives those of the file from its beginning.
        header: the number of the header's last line.
        decoder: how the file is read.

    Raises:
        FileRefusedError: so it is.
    """
    if not decoder.named and judge(_below(header, lines())).encoding == decoder.other:
        _refuse_mixture(lines())


def _below(header: int, lines: Iterable[Line]) -> Iterator[Line]:
    return (line for line in lines if line.number > header)


def _refuse_mixture(lines: Iterable[Line]) -> None:
    """Refuse lines of which some are plainly in one encoding and some in the other."""
    found = told_apart(lines)
    if len(found) > 1:
        raise refused_as_mixed({SHOWN[encoding]: numbers for encoding, numbers in found.items()})
