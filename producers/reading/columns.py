"""The names that a header may hold for a record type. Pure."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from avro_schemas.catalogue import Schemas
from verification.characters import in_one_line, without_shape
from verification.field_names import FieldNames
from verification.shapes import Field, shape_of, terms_of

# A person has a number or is said to have none; in a file with neither column no row could be taken.
_NUMBER, _KIND_OF_NUMBER = "id_number", "id_type"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    Attributes:
        written: its name as the file has it.
        path: its field, as the parts of a dotted name; if the name is not a field's, that name.
        field: None if the type has no such field, or the column has no name.
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
        names: what a column may mean.
        required: the fields that every record has, down to the innermost.
    """

    fields: dict[str, Field]
    names: FieldNames
    required: tuple[str, ...]

    def column(self, written: str) -> Column:
        """The column of that name; case, width, and blanks around it do not matter."""
        name = in_one_line(without_shape(unicodedata.normalize("NFKC", written))).casefold()
        return Column(written.strip(), tuple(name.split(".")), self.fields.get(name))

    def missing(self, columns: tuple[Column, ...]) -> list[str]:
        """The required fields without a column, unless they are part of an object that has its own column."""
        named = {column.name for column in columns}
        needed = {*self.required, *(() if _KIND_OF_NUMBER in named else (_NUMBER,))}
        wanted = (name for name in self.fields if name in needed and self._applies(name, named))
        return [name for name in wanted if not named & set(_and_wholes(name))]

    def _applies(self, name: str, named: set[str]) -> bool:
        """Whether it is missing; a part of an optional object is missing only beside its other parts."""
        whole = name.rpartition(".")[0]
        return not whole or self.fields[whole].required or any(one.startswith(f"{whole}.") for one in named)


@cache
def vocabulary_of(record_type: str, schemas: Schemas) -> Vocabulary:
    """The vocabulary of a record type.

    Raises:
        KeyError: there is no such type.
    """
    fields = dict(_named(shape_of(record_type, schemas).fields, ""))
    return Vocabulary(
        fields,
        FieldNames.of(terms_of(fields)),
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
