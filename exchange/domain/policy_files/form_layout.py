"""How annex 1 is printed: which label and which field stands in which cell, read from `annex1.yaml`.

A wrong word in the file stops the command, which names its line.
"""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from topics.policy_file import error_at, no_such, read_policy

LAYOUT: Final = "annex1.yaml"
FormNames = Mapping[str, Collection[str]]
"""The form that a policy has: section → names of its fields."""

CellSpan = Annotated[int, Field(ge=1)]


class _LayoutEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormCell(_LayoutEntry):
    """A label of the form, or the place of a field; `|` in a label is where its line breaks."""

    label: str = ""
    field: str = ""
    heading: bool = False
    small: bool = False
    rows: CellSpan = 1
    columns: CellSpan = 1

    @model_validator(mode="after")
    def _label_or_field(self) -> Self:
        if bool(self.label) == bool(self.field):
            raise ValueError("a cell has either a label or a field")
        return self

    @property
    def words(self) -> str:
        """Return the label as the plan has it, without our line breaks."""
        return self.label.replace("|", "")


class FormRow(_LayoutEntry):
    """A row: the cells that begin in it, from left to right, and its least height."""

    height_mm: Annotated[float, Field(gt=0)]
    cells: tuple[FormCell, ...]


class Below(_LayoutEntry):
    """What is printed below the table of the annex."""

    note: str
    matters: str
    signatures: str
    signed_by: tuple[tuple[str, ...], ...]
    height_mm: Annotated[float, Field(gt=0)]


class FormLayout(_LayoutEntry):
    """``annex1.yaml``."""

    annex: str
    title: str
    source: str
    columns_mm: tuple[Annotated[float, Field(gt=0)], ...]
    table: tuple[FormRow, ...]
    below: Below

    @property
    def cells(self) -> tuple[FormCell, ...]:
        """Return every cell, in reading order."""
        return tuple(cell for row in self.table for cell in row.cells)


def places(layout: FormLayout) -> tuple[tuple[tuple[int, FormCell], ...], ...]:
    """Return, for each row, its cells, each with the number, from 0, of the column in which it begins.

    Raises:
        ValueError: the cells leave a gap, overlap, or reach beyond the table.
    """
    taken: set[tuple[int, int]] = set()
    found = []
    for at, row in enumerate(layout.table):
        begin, placed = 0, []
        for cell in row.cells:
            while (at, begin) in taken:
                begin += 1
            spots = {(at + y, begin + x) for y in range(cell.rows) for x in range(cell.columns)}
            if spots & taken:
                raise ValueError(f"row {at + 1}: a cell lies over another")
            taken |= spots
            placed.append((begin, cell))
        found.append(tuple(placed))
    whole = {(y, x) for y in range(len(layout.table)) for x in range(len(layout.columns_mm))}
    if taken != whole:
        raise ValueError(f"the cells do not fill the table: row {min(taken ^ whole)[0] + 1}")
    return tuple(found)


def load_layout(form: FormNames, path: Path) -> FormLayout:
    """Read the layout, and check it against the form that it prints.

    Raises:
        PolicyFileError: it names a field that the form does not have, or its cells do not fill the table.
    """
    layout, text = read_layout(path)
    _check_fields(path, text, layout, form)
    return layout


@cache
def read_layout(path: Path) -> tuple[FormLayout, str]:
    """Read the layout, whatever form it is for, and its text.

    Raises:
        PolicyFileError: its cells do not fill the table, or it says something unknown.
    """
    layout, text = read_policy(path, FormLayout)
    try:
        places(layout)
    except ValueError as problem:
        raise error_at(path, text, ("table",), str(problem)) from None
    return layout, text


def _check_fields(path: Path, text: str, layout: FormLayout, form: FormNames) -> None:
    fields = [f"{section}.{name}" for section, names in form.items() for name in names]
    for at, row in enumerate(layout.table):
        for index, cell in enumerate(row.cells):
            if cell.field and cell.field not in fields:
                keys = ("table", at, "cells", index)
                raise error_at(path, text, keys, no_such("field of the form", cell.field, fields))
