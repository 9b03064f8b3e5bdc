"""A table whose every cell is tried in one test: a test of its own for each costs more than most cells do."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Final

import pytest

Test = Callable[..., None]
Ids = Callable[[Any], object] | Sequence[str] | None
_MARKED: Final = type(pytest.param())
_NOT_PASSED: Final = (Exception, pytest.fail.Exception, pytest.skip.Exception)
"""What a cell may raise; one that is skipped would be missed by nobody."""


def each_cell(
    names: str | Sequence[str],
    table: Iterable[Any],
    *,
    ids: Ids = None,
) -> Callable[[Test], Test]:
    """Try every cell of a table in one test, which fails with the name and the fault of each that fails.

    It is written like `pytest.mark.parametrize` and takes its place where cells need no fixture each for
    itself: what else the test asks for is the same one for all of them.

    Args:
        names: of the test's arguments, as there.
        table: a value for each of them, or the value where there is one.
        ids: what a cell is called, for each, or made of its value; else by its values.

    Raises:
        ValueError: the table is empty, so that nothing would be tried; or a cell has marks.
    """
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    single = isinstance(names, str) and len(wanted) == 1
    cells = list(table)
    if not cells or any(isinstance(cell, _MARKED) and cell.marks for cell in cells):
        raise ValueError("no cell to try, or one with a mark, which nobody would look at")

    def over_all(test: Test) -> Test:
        @wraps(test)
        def tried(**others: Any) -> None:
            failed = []
            for at, cell in enumerate(cells):
                values = _values(cell, single=single)
                try:
                    test(**dict(zip(wanted, values, strict=True)), **others)
                except _NOT_PASSED as fault:
                    failed.append((_name(at, cell, values, ids), fault))
            if failed:
                told = "\n".join(f"{name}: {type(fault).__name__}: {fault}" for name, fault in failed)
                raise AssertionError(f"{len(failed)} of {len(cells)} cells:\n{told}") from failed[0][1]

        asked = inspect.signature(test).parameters.values()
        tried.__signature__ = inspect.Signature([one for one in asked if one.name not in wanted])
        return tried

    return over_all


def _values(cell: Any, *, single: bool) -> tuple[Any, ...]:
    if isinstance(cell, _MARKED):
        return tuple(cell.values)
    return (cell,) if single else tuple(cell)


def _name(at: int, cell: Any, values: tuple[Any, ...], ids: Ids) -> str:
    """What a cell is called; one with a number too long to be written, by its place."""
    if isinstance(cell, _MARKED) and cell.id:
        return str(cell.id)
    if callable(ids):
        return "-".join(str(ids(value)) for value in values)
    try:
        return str(ids[at]) if ids else ", ".join(map(repr, values))
    except ValueError:
        return f"cell {at}"
