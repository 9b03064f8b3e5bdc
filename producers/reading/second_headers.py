"""Second headers of a table: exports that were joined need not have their columns in one order.

Below a header of other columns every value would be read as something else, so nothing there is a record of
the first header's. Pure but for what was seen last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from producers.reading.columns import Column, Vocabulary
from producers.reading.headers import Header, listed
from producers.reading.tables import BOOLEANS, LOOKS_RIGHT, Row
from verification.field_names import FieldNames
from verification.reasons import Reason, reason
from verification.shapes import terms_of

_ENOUGH_NAMES: Final = 3
"""Every record has an id, a time and a name."""
_FEWEST_LETTERS: Final = 2
_MOST_DIGITS: Final = 4
_NOWHERE: Final = "–"
_HIDDEN: Final = "***"


@dataclass(frozen=True, slots=True)
class SecondHeader:
    """A later header with other columns than the first.

    Attributes:
        row: where it stands, alone or at the end of a row without a line end.
        found: the columns that stand elsewhere, with both places from 1; nothing personal. Empty if its
            names are not known.
    """

    row: Row
    found: str

    def reason(self, row: Row, first: Header) -> Reason:
        """Why a row at it or below it is not read."""
        lines = {"lines": row.lines, "header": self.row.lines, "first": first.row.lines}
        return reason("header_differs" if self.found else "header_unclear", found=self.found, **lines)


@dataclass(slots=True)
class SecondHeaders:
    """Which header stands above a row, if it is not one like the first; asked once for each row, in order."""

    _first: Header
    _vocabulary: Vocabulary
    _separator: str
    _last: SecondHeader | None = field(default=None, init=False)
    _any_record: bool = field(default=False, init=False)
    _names: "_HeaderNames" = field(init=False)

    def __post_init__(self) -> None:
        self._names = _HeaderNames(self._first, self._vocabulary)

    def above(self, row: Row) -> SecondHeader | None:
        """The second header at this row or above it; None if the first one holds, or one like it."""
        found = [] if self._is_plain(row) else self._found(row)
        if not found:
            self._any_record = True
        elif self._differs(found):
            self._last = SecondHeader(row, self._names.moved(found) if self._names.is_header(found) else "")
        else:  # as at the beginning: labels may follow
            self._last, self._any_record = None, False
        return self._last

    def _is_plain(self, row: Row) -> bool:
        """Whether it is one line with an id or a number in its place: nearly every row is."""
        if row.whole or len(row.cells) != len(self._first.columns) or row.last_line > row.first_line:
            return row.whole is not None
        places = self._first.places
        return any(
            LOOKS_RIGHT[name](row.cells[places[name]].text.strip()) for name in LOOKS_RIGHT if name in places
        )

    def _found(self, row: Row) -> list[str]:
        """The cells of the header that a row is, or of the last of several within it; empty if none is."""
        texts = [cell.text.strip() for cell in row.cells]
        if found := self._header_in(texts) or self._names.words_alone(texts):
            return found
        lines = row.raw.decode("utf-8", "ignore").splitlines()
        if row.cells and len(lines) == 1:
            return []
        return next(filter(None, (self._header_in(line.split(self._separator)) for line in lines[::-1])), [])

    def _header_in(self, cells: Sequence[str]) -> list[str]:
        """All of the cells, or those behind a record; without the empty ones at their end."""
        texts = [cell.strip() for cell in cells]
        found = texts if self._names.is_header(texts) else self._names.behind_a_record(texts)
        while found and not found[-1]:
            found.pop()
        return found

    def _differs(self, texts: list[str]) -> bool:
        """Whether a column stands elsewhere; what stands right below the header may be labels of any kind."""
        return not self._names.are_the_same(texts, any_label=not self._any_record)


def _is_word(text: str) -> bool:
    """Whether it may name a column: it has letters, and no more digits than a year has (2025年余额)."""
    letters, digits = (sum(map(of_kind, text)) for of_kind in (str.isalpha, str.isdigit))
    return letters > digits == 0 or (letters >= _FEWEST_LETTERS and digits <= _MOST_DIGITS)


def _is_value(word: str, column: Column) -> bool:
    """Whether it is one of the words that the column's values are."""
    return column.field is not None and (word in column.field.symbols or word.casefold() in BOOLEANS)


class _HeaderNames:
    """What the cells of a header mean, beside the first header's columns."""

    def __init__(self, first: Header, vocabulary: Vocabulary) -> None:
        self._first = first
        self._vocabulary = vocabulary

    def is_header(self, texts: Sequence[str]) -> bool:
        """Whether enough of the cells are names of fields, and none is a record's key."""
        written = [text for text in texts if text]
        named = sum(map(self._means, written))
        keyed = any(known(text) for text in written for known in LOOKS_RIGHT.values())
        return named >= _ENOUGH_NAMES and not keyed

    def words_alone(self, texts: Sequence[str]) -> list[str]:
        """The cells if each column has a word of its own and none a value: no record is like that."""
        columns = self._columns
        words = list(texts[: len(columns)])
        if len(set(words)) < max(len(columns), _ENOUGH_NAMES) or any(texts[len(columns) :]):
            return []
        named = zip(words, columns, strict=True)
        return [] if any(not _is_word(word) or _is_value(word, column) for word, column in named) else words

    def behind_a_record(self, texts: Sequence[str]) -> list[str]:
        """The header that follows the last cell of a record, whose line did not end; empty if none does."""
        width = len(self._first.columns)
        last, rest = texts[width - 1 : width], texts[width:]
        if not self.is_header(rest):
            return []
        end = last[0].casefold()
        known = (
            name for name in sorted(self._vocabulary.fields, key=len, reverse=True) if end.endswith(name)
        )
        return [next(known, _HIDDEN), *rest]

    def are_the_same(self, texts: Sequence[str], *, any_label: bool) -> bool:
        """Whether each cell means the column in its place."""
        columns = self._columns
        return len(texts) == len(columns) and all(
            self._fits(text, at, any_label) for at, text in enumerate(texts)
        )

    def moved(self, texts: Sequence[str]) -> str:
        """The columns that stand elsewhere: `name 4→5`, or with a dash where one of the two lacks it."""
        places = {column.name: str(at) for at, column in enumerate(self._columns, 1)}
        others: dict[str, str] = {}
        for at, text in enumerate(texts, 1):
            fits = at <= len(self._columns) and self._fits(text, at - 1, any_label=False)
            others[self._columns[at - 1].name if fits else self._shown(text)] = str(at)
        names = dict.fromkeys((*others, *places))
        pairs = ((name, places.get(name, _NOWHERE), others.get(name, _NOWHERE)) for name in names)
        return listed([f"{name} {old}→{new}" for name, old, new in pairs if old != new])

    def _means(self, text: str) -> bool:
        return self._vocabulary.column(text).field is not None or self._vocabulary.names.means(text)

    def _fits(self, text: str, at: int, any_label: bool) -> bool:
        column = self._columns[at]
        known = self._vocabulary.column(text)
        if known.field or not text or not column.written:
            return known.name == column.name or not (text or column.written)
        if any_label and not self._vocabulary.names.means(text):
            return True
        return self._own[at].means(text) or self._vocabulary.names.nearest(text) == column.name

    def _shown(self, text: str) -> str:
        names = self._vocabulary.names
        known = self._vocabulary.column(text)
        if known.field:
            return known.name
        if names.means(text) and (meant := names.nearest(text)):
            return meant
        return text if names.may_show(text, "columns") else _HIDDEN

    @cached_property
    def _columns(self) -> tuple[Column, ...]:
        """The first header's columns up to the last that has a name."""
        columns = list(self._first.columns)
        while columns and not columns[-1].written:
            columns.pop()
        return tuple(columns)

    @cached_property
    def _own(self) -> tuple[FieldNames, ...]:
        """What each column by itself is called: several fields may have one term (姓名)."""
        terms = terms_of(self._vocabulary.fields)
        return tuple(FieldNames.of({one.name: terms.get(one.name, "")}) for one in self._columns)
