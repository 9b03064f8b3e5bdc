"""Which encoding a file is in: judged by how plausible its text is in each, never guessed in silence. Pure.

14 of the 100 most common surnames in GB18030 are valid UTF-8, and one cut cell makes a file valid in neither:
that bytes can be read says little. So the two readings are compared, what cannot be read counting against one
as rare characters do, and where they differ by less than a margin the file is refused: a name in the wrong
encoding is another name.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from producers.lines import Line
from producers.neighbours import reads_as_neighbour
from producers.plausibility import BYTE, cost, cost_of_word, words_of
from verification.private_use import standard_text

UTF_8: Final = "utf-8"
GB18030: Final = "gb18030"
SHOWN: Final = {UTF_8: "UTF-8", GB18030: "GB18030"}
"""As people write them."""

_ASCII: Final = re.compile(r"[\x00-\x7f]")
_TWO_BYTES_OF_UTF_8: Final = re.compile(r"[\x80-\u07ff]")
_ALSO_CALLED: Final = {"utf-8-sig": UTF_8, "ascii": UTF_8, "gbk": GB18030, "gb2312": GB18030}
_OTHER: Final = {UTF_8: GB18030, GB18030: UTF_8}
_MARGIN: Final = 5.0
"""How much more the other reading must cost: one wrong file in 150, were both as frequent [assumed]."""
_MARGIN_TO_NO_TEXT: Final = 3.0
"""How much more any bytes of that number must cost, else it is neither (Big5, symbols) [assumed]."""
_MARGINS_OF_A_LINE: Final = {UTF_8: 4.0, GB18030: 8.0}
"""The same for a line of a file whose encoding is known. Letters in UTF-8 may be a name in GB18030 and are
put aside sooner than believed; the other way round a line is a row of Chinese, and much plainer [assumed]."""
_LINES_ENOUGH: Final = 2_000
"""Lines that are not ASCII, after which no more are judged: each is looked at again when it is read."""
_LINES_OF_NEIGHBOURS: Final = 200
"""So many of them tell whether they are of a neighbouring country [assumed]."""


def encoding_named(name: str) -> str | None:
    """The encoding that somebody names, by any of its usual names; None where it is neither of the two."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    encoding = _ALSO_CALLED.get(found, found)
    return encoding if encoding in SHOWN else None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a file's encoding is.

    Attributes:
        encoding: None where that cannot be told.
        line: where to look: the line that differs most from the others, else the first; 0 where it could be
            told.
    """

    encoding: str | None
    line: int = 0


@dataclass(slots=True)
class _EncodingFit:
    """What the lines that are not ASCII are in one encoding.

    A word that comes again says nothing new, so each counts once: a column of 男 and 女 is not a name a row.

    Attributes:
        encoding: in which they are read.
        cost: of their words.
        gain: how much more any bytes would cost in their place; of a damaged line never less than nothing,
            since a lost byte shifts all after it.
        worst: by how much the line that speaks most against it costs more than in the other, and its number;
            none does at first.
        seen: the words.
    """

    encoding: str
    cost: float = 0.0
    gain: float = 0.0
    worst: tuple[float, int] = (0.0, 0)
    seen: set[str] = field(default_factory=set, repr=False)

    def add(self, raw: bytes) -> bool:
        """Weigh a line, and say whether it is whole."""
        text = raw.decode(self.encoding, "surrogateescape")
        words = {word for word in words_of(text) if word not in self.seen}
        self.seen |= words
        costs, whole = sum(map(cost_of_word, words)), _is_whole(text)
        gain = sum(self._size(word) for word in words) * BYTE - costs
        self.cost += costs
        self.gain += gain if whole else max(gain, 0.0)
        return whole

    def _size(self, word: str) -> int:
        """How many bytes its characters beyond ASCII have; those that are no text do not count."""
        return len(word.encode(self.encoding, "ignore")) - len(_ASCII.findall(word))


@dataclass(slots=True)
class _Evidence:
    """What has been seen of the lines that are not ASCII, in each reading."""

    readings: tuple[_EncodingFit, ...] = field(default_factory=lambda: tuple(map(_EncodingFit, SHOWN)))
    first_readable: int = 0
    lines: int = 0
    first_lines: list[bytes] = field(default_factory=list, repr=False)

    def add(self, line: Line) -> None:
        """Weigh a line in both readings."""
        self.lines += 1
        if self.lines <= _LINES_OF_NEIGHBOURS:
            self.first_lines.append(line.raw)
        before = [reading.cost for reading in self.readings]
        whole = [reading.add(line.raw) for reading in self.readings]
        if any(whole) and not self.first_readable:
            self.first_readable = line.number
        first, second = (one.cost - cost for one, cost in zip(self.readings, before, strict=True))
        for reading, against in zip(self.readings, (first - second, second - first), strict=True):
            reading.worst = max(reading.worst, (against, line.number))

    def judgement(self) -> Judgement:
        """Decide; where no line can be read in either, they are refused one by one, whatever the encoding.

        What costs nothing is blanks alone.
        """
        if not self.first_readable:
            return Judgement(UTF_8)
        better, worse = sorted(self.readings, key=lambda reading: reading.cost)
        if not better.cost:
            return Judgement(better.encoding)
        sure = worse.cost - better.cost >= _MARGIN and better.gain >= _MARGIN_TO_NO_TEXT
        if sure and better.encoding == GB18030:
            sure = not reads_as_neighbour(self.first_lines, GB18030)
        return Judgement(better.encoding) if sure else Judgement(None, better.worst[1] or self.first_readable)


def judge(lines: Iterable[Line]) -> Judgement:
    """The encoding of a file by its lines, read as far as it takes; plain ASCII is UTF-8."""
    evidence = _Evidence()
    for line in lines:
        if not line.whole and not line.raw.isascii():
            evidence.add(line)
            if evidence.lines == _LINES_ENOUGH:
                break
    return evidence.judgement()


@dataclass(frozen=True, slots=True)
class LineDecoder:
    """Reads lines of one encoding.

    Attributes:
        encoding: UTF_8 or GB18030.
        named: somebody said so, who answers for it; else a line that is plainly in the other one is refused.
    """

    encoding: str
    named: bool = False

    def read(self, raw: bytes) -> tuple[str, str]:
        """The text, and the code of the reason for which it cannot be trusted, empty if it can.

        Bytes that are no text come as lone surrogates. Characters that older tables put into the private use
        area come as what they are today.
        """
        if raw.isascii():
            return raw.decode("ascii"), ""
        text = _text(raw, self.encoding)
        if not _is_whole(text):
            return text, "text_damaged"
        differs = not self.named and self._reads_better_otherwise(raw, text)
        return text, "row_encoding_differs" if differs else ""

    @property
    def other(self) -> str:
        """The encoding that it is not."""
        return _OTHER[self.encoding]

    def _reads_better_otherwise(self, raw: bytes, text: str) -> bool:
        if self.encoding == UTF_8 and _common_characters_alone(text):
            return False
        otherwise = _text(raw, self.other)
        return _is_whole(otherwise) and cost(text) - cost(otherwise) >= _MARGINS_OF_A_LINE[self.encoding]


def _text(raw: bytes, encoding: str) -> str:
    """Bytes that are no text come as lone surrogates."""
    text = raw.decode(encoding, "surrogateescape")
    return standard_text(text) if encoding == GB18030 else text


def _common_characters_alone(text: str) -> bool:
    """Whether it is Chinese as in GB/T 2312: three bytes of UTF-8 each, which no two of GB18030 outdo.

    It answers for most rows in a microsecond, where weighing both readings takes twelve.
    """
    if _TWO_BYTES_OF_UTF_8.search(text):
        return False
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _is_whole(text: str) -> bool:
    """Whether no byte is left that is no text."""
    try:
        text.encode(UTF_8)
    except UnicodeEncodeError:
        return False
    return True
