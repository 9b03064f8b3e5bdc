"""Rows that a quotation mark has made part of a cell: some of the cell's lines would be rows. Pure."""

from collections.abc import Mapping

from producers.reading.csv_rows import cells_of
from producers.reading.tables import LOOKS_RIGHT, Cell, Row


def swallows_rows(row: Row, width: int, places: Mapping[str, int], separator: str) -> bool:
    """Whether a cell of the row holds what would be whole rows.

    Args:
        row: one of any number of lines.
        width: how many cells a row has.
        places: name of a field → its column, from 0.
        separator: what stands between cells.
    """
    if row.last_line == row.first_line:
        return False
    following = len(row.cells)
    return any(
        _holds_rows(cell, following - cell.column, width, places, separator)
        for cell in row.cells
        if cell.last_line > cell.first_line
    )


def _holds_rows(cell: Cell, following: int, width: int, places: Mapping[str, int], separator: str) -> bool:
    first, *others = (cells_of(line, separator) for line in cell.text.replace("\r", " ").split("\n"))
    if any(len(parts) == width for parts in others[:-1]) or any(_has_key(parts, places) for parts in others):
        return True
    # What stands before the opening quotation mark, and after the closing one, belongs to the outer rows.
    return cell.column - 1 + len(first) == width == len(others[-1]) + following


def _has_key(parts: list[str], places: Mapping[str, int]) -> bool:
    """Whether it says, in the place where a row does, which record or person it is about."""
    if len(parts) == 1:
        return False
    return any(
        place < len(parts) and LOOKS_RIGHT[name](parts[place].strip())
        for name, place in places.items()
        if name in LOOKS_RIGHT
    )
