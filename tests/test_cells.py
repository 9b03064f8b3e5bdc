"""A table tried in one test: it fails where one cell does, and says which."""

from typing import Any

import pytest

from tests.cells import each_cell


def told(table: list[Any], **options: Any) -> str:
    """What a test says of a table of which only even numbers are right."""

    @each_cell("number", table, **options)
    def even(number: int) -> None:
        assert number % 2 == 0, f"{number} is odd"

    with pytest.raises(AssertionError) as failed:
        even()
    return str(failed.value)


def test_every_cell_is_tried_and_each_that_fails_is_named_with_its_fault() -> None:
    """Not the first alone, and none that passes."""
    first, *lines = told([2, 3, 4, 5]).splitlines()
    assert first == "2 of 4 cells:"
    assert [line.split("\n")[0] for line in lines if "is odd" in line] == [
        "3: AssertionError: 3 is odd",
        "5: AssertionError: 5 is odd",
    ]
    assert not [line for line in lines if line.startswith(("2:", "4:"))]


@pytest.mark.parametrize(
    ("table", "options", "named"),
    [
        ([3], {}, "3: "),
        ([3], {"ids": ["three"]}, "three: "),
        ([3], {"ids": lambda number: f"no {number}"}, "no 3: "),
        ([pytest.param(3, id="three")], {}, "three: "),
    ],
)
def test_a_cell_is_called_as_under_pytest(table: list[Any], options: dict[str, Any], named: str) -> None:
    """By its values where nobody names it."""
    assert told(table, **options).splitlines()[1].startswith(named)


def test_where_all_pass_so_does_the_test() -> None:
    """With what it asks for beside the table."""
    seen = []

    @each_cell(("one", "other"), [(1, 2), (3, 4)])
    def sums(one: int, other: int, more: int) -> None:
        seen.append(one + other + more)

    sums(more=10)
    assert seen == [13, 17]


@pytest.mark.parametrize("leave", [pytest.skip, pytest.fail])
def test_a_cell_that_is_left_is_not_passed(leave: Any) -> None:
    """What `pytest.raises` says of a refusal that does not come is no Exception to Python."""

    @each_cell("number", [1])
    def left(number: int) -> None:
        leave("not tried")

    with pytest.raises(AssertionError, match=r"1 of 1 cells:\n1: .*not tried"):
        left()


def test_an_empty_table_is_refused() -> None:
    """Nothing would be tried, and nobody would see it."""
    with pytest.raises(ValueError, match="no cell to try"):
        each_cell("number", [])


@each_cell("number", [1, 2])
def test_pytest_gives_what_else_a_test_asks_for(number: int, request: pytest.FixtureRequest) -> None:
    """Here `request`; and it does not look for a fixture `number`."""
    assert number in (1, 2)
    assert request.node.name == "test_pytest_gives_what_else_a_test_asks_for"
