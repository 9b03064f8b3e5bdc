"""Which encoding a file is in: judged by how plausible its text is in each, never guessed in silence. Pure.

14 of the 100 most common surnames in GB18030 are valid UTF-8, and one cut cell makes a file valid in neither:
that bytes can be read says little. So the two readings are compared; what cannot be read counts against a
reading, as rare characters do. If they differ by less than a margin the file is refused: a name in the wrong
encoding is another name.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from producers.encoding.neighbours import reads_as_neighbour
from producers.encoding.plausibility import BYTE, cost, cost_of_word, words_of
from producers.reading.lines import BYTE_ORDER_MARK, Line
from verification.private_use import standard_text

UTF_8: Final = "utf-8"
GB18030: Final = "gb18030"
SHOWN: Final = {UTF_8: "UTF-8", GB18030: "GB18030"}
"""As people write them."""

_SHIFT: Final = re.compile(rb"\x1b\$[)*A-Z@]|~\{(?:[!-w][!-~])+~\}")
_UTF_7: Final = re.compile(rb"\+[A-Za-z0-9+/]{3,}-?")
_HANZI_ALONE: Final = re.compile("[\u4e00-\u9fff]+")
_ASCII: Final = re.compile(r"[\x00-\x7f]")
_TWO_BYTES_OF_UTF_8: Final = re.compile(r"[\x80-\u07ff]")
_ALSO_CALLED: Final = {
    **dict.fromkeys(("utf-8-sig", "ascii", "utf8sig", "utf8bom", "usascii"), UTF_8),
    **dict.fromkeys(("gbk", "gb2312", "xgbk", "cp936", "ms936", "windows936", "936"), GB18030),
}
_BETWEEN_WORDS: Final = re.compile("[ _-]")
_BY_YEAR: Final = re.compile("gb18030(?:2000|2005|2022)")
_OTHER: Final = {UTF_8: GB18030, GB18030: UTF_8}
_MARGIN: Final = 5.0
"""How much more the other reading must cost: one wrong file in 150, if both were as frequent [assumed]."""
_MARGIN_TO_NO_TEXT: Final = 3.0
"""How much more as many arbitrary bytes must cost, else it is neither (Big5, symbols) [assumed]."""
_MARGINS_OF_A_LINE: Final = {UTF_8: 4.0, GB18030: 8.0}
"""The same for a line of a file whose encoding is known. Letters in UTF-8 may be a name in GB18030 and are
put aside rather than believed; the other way round a line is a row of Chinese, and much plainer [assumed]."""
_LINES_ENOUGH: Final = 2_000
"""How many lines that are not ASCII are judged: each line is looked at again when it is read."""
_LINES_TOLD_APART: Final = 200
"""How many of them are judged one by one to say which are in which."""
_LINES_OF_NEIGHBOURS: Final = 200
"""How many of them tell whether they are from a neighbouring country [assumed]."""


def seven_bits(head: bytes) -> bool:
    """Whether what begins like this is text of this country in a seven-bit encoding: HZ, ISO 2022, UTF-7."""
    if not head.isascii():
        return False
    if _SHIFT.search(head):
        return True
    found = _UTF_7.findall(head)
    return bool(found) and all(_HANZI_ALONE.fullmatch(one.decode("utf-7", "ignore")) for one in found)


def encoding_named(name: str) -> str | None:
    """The encoding that somebody names, by any of its usual names; None if it is neither of the two."""
    written = _BETWEEN_WORDS.sub("", name).lower()
    try:
        found = codecs.lookup(_BY_YEAR.sub("gb18030", written)).name
    except LookupError:
        found = written
    encoding = _ALSO_CALLED.get(found, found)
    return encoding if encoding in SHOWN else None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a file's encoding is.

    Attributes:
        encoding: None if that cannot be told.
        line: where to look: the line that differs most from the others, else the first; 0 if the encoding
            could be told.
    """

    encoding: str | None
    line: int = 0


@dataclass(slots=True)
class _EncodingFit:
    """How well the lines that are not ASCII fit one encoding.

    A word that comes again says nothing new, so each counts once: a column of 男 and 女 is not a name a row.

    Attributes:
        encoding: the one in which they are read.
        cost: that of their words.
        gain: how much more arbitrary bytes would cost in their place; never below zero for a damaged line,
            since a lost byte shifts all that follow it.
        worst: for the line that speaks most against this encoding, how much more it costs than in the other,
            and its number; zeros at first.
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
        """How many bytes its characters beyond ASCII have; bytes that are not text do not count."""
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
        """Decide; if no line can be read in either, they are refused one by one, whatever the encoding.

        Only blanks cost nothing.
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
    """The encoding of a file by its lines, read as far as necessary; plain ASCII is UTF-8."""
    evidence = _Evidence()
    for line in islice(_not_ascii(lines), _LINES_ENOUGH):
        evidence.add(line)
    return evidence.judgement()


def _not_ascii(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines that say something of the encoding; a mark before one, where files were joined, does not."""
    for line in lines:
        if not line.whole and not line.raw.isascii():
            raw = line.raw.removeprefix(BYTE_ORDER_MARK)
            if not raw.isascii():
                yield replace(line, raw=raw)


def told_apart(lines: Iterable[Line]) -> Mapping[str, list[int]]:
    """The numbers of the first lines that are plainly in one encoding, each judged alone, by encoding."""
    found: dict[str, list[int]] = {}
    for line in islice(_not_ascii(lines), _LINES_TOLD_APART):
        if encoding := judge([line]).encoding:
            found.setdefault(encoding, []).append(line.number)
    return found


@dataclass(frozen=True, slots=True)
class LineDecoder:
    """Reads lines of one encoding.

    Attributes:
        encoding: UTF_8 or GB18030.
        named: somebody named it and answers for it; else a line that is plainly in the other one is refused.
    """

    encoding: str
    named: bool = False

    def read(self, raw: bytes) -> tuple[str, str]:
        """The text, and the code of the reason why it cannot be trusted, empty if it can.

        Bytes that are not text come as lone surrogates. Characters that older tables put into the private use
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
        """The other of the two encodings."""
        return _OTHER[self.encoding]

    def _reads_better_otherwise(self, raw: bytes, text: str) -> bool:
        if self.encoding == UTF_8 and _common_characters_alone(text):
            return False
        otherwise = _text(raw, self.other)
        return _is_whole(otherwise) and cost(text) - cost(otherwise) >= _MARGINS_OF_A_LINE[self.encoding]


def _text(raw: bytes, encoding: str) -> str:
    """Bytes that are not text come as lone surrogates."""
    text = raw.decode(encoding, "surrogateescape")
    return standard_text(text) if encoding == GB18030 else text


def _common_characters_alone(text: str) -> bool:
    """Whether it is Chinese as in GB/T 2312: three bytes of UTF-8 each, which no two of GB18030 outdo.

    It answers for most rows in a microsecond, whereas weighing both readings takes twelve.
    """
    if _TWO_BYTES_OF_UTF_8.search(text):
        return False
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _is_whole(text: str) -> bool:
    """Whether every byte is text."""
    try:
        text.encode(UTF_8)
    except UnicodeEncodeError:
        return False
    return True
