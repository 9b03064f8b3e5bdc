"""The names that a header may hold for a record type, and the one nearest to what somebody wrote. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from verification.characters import in_one_line, without_shape
from verification.shapes import Field, shape_of

_NEAR_ENOUGH: Final = 0.6
_LONG_ENOUGH_FOR_A_PART: Final = 4
_SEPARATING: Final = re.compile(r"[\W_]+")
# A person has a number or is said to have none; a file without both columns has no row that could be taken.
_NUMBER, _KIND_OF_NUMBER = "id_number", "id_type"
# Acceptance fills it in, so nobody means it by a name of their own.
_NOT_STATED: Final = "id_number_original"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    Attributes:
        written: its name as the file has it.
        path: its field, the parts of a dotted name one by one; of a name that is none, that name.
        field: None where the type has no such field, or the column has no name.
    """

    written: str
    path: tuple[str, ...]
    field: Field | None

    @property
    def name(self) -> str:
        """The dotted name of its field."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a record type's fields are called.

    Attributes:
        fields: by their dotted names.
        terms: dotted names by Chinese terms.
        letters: dotted names by their letters and digits alone, small.
        required: those that every record has, down to the innermost.
    """

    fields: dict[str, Field]
    terms: dict[str, str]
    letters: dict[str, str]
    required: tuple[str, ...]

    def column(self, written: str) -> Column:
        """The column of that name; case, width, and blanks around it do not matter."""
        name = in_one_line(without_shape(unicodedata.normalize("NFKC", written))).casefold()
        return Column(written.strip(), tuple(name.split(".")), self.fields.get(name))

    def nearest(self, written: str) -> str | None:
        """The field that was probably meant."""
        if term := difflib.get_close_matches(written, self.terms, 1, _NEAR_ENOUGH):
            return self.terms[term[0]]
        letters = _letters(written)
        if found := difflib.get_close_matches(letters, self.letters, 1, _NEAR_ENOUGH):
            return self.letters[found[0]]
        within = [name for whole, name in self.letters.items() if letters in whole]
        return within[0] if len(within) == 1 and len(letters) >= _LONG_ENOUGH_FOR_A_PART else None

    def means(self, written: str) -> bool:
        """Whether it can only be the name of a field, if not written as one: recordId, 姓名."""
        return written in self.terms or _letters(written) in self.letters

    def missing(self, columns: tuple[Column, ...]) -> list[str]:
        """The required fields that have no column, and are no part of an object that has one of its own."""
        named = {column.name for column in columns}
        needed = {*self.required, *(() if _KIND_OF_NUMBER in named else (_NUMBER,))}
        wanted = (name for name in self.fields if name in needed and self._applies(name, named))
        return [name for name in wanted if not named & set(_and_wholes(name))]

    def _applies(self, name: str, named: set[str]) -> bool:
        """Whether it is missed; a part of an object that may be left out, only beside its other parts."""
        whole = name.rpartition(".")[0]
        return not whole or self.fields[whole].required or any(one.startswith(f"{whole}.") for one in named)


@cache
def vocabulary_of(record_type: str) -> Vocabulary:
    """The vocabulary of a record type.

    Raises:
        KeyError: there is no such type.
    """
    fields = dict(_named(shape_of(record_type).fields, ""))
    stated = {name: field for name, field in reversed(fields.items()) if name != _NOT_STATED}
    return Vocabulary(
        fields,
        terms={field.doc.partition(":")[0]: name for name, field in stated.items()},
        letters={_letters(name): name for name in stated},
        required=tuple(name for name, field in fields.items() if field.required and not field.fields),
    )


def _named(fields: tuple[Field, ...], within: str) -> Iterator[tuple[str, Field]]:
    for field in fields:
        yield within + field.name, field
        yield from _named(field.fields, f"{within}{field.name}.")


def _and_wholes(name: str) -> Iterator[str]:
    """`a.b.c`, `a.b` and `a`."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _letters(text: str) -> str:
    return _SEPARATING.sub("", unicodedata.normalize("NFKC", text).casefold())
