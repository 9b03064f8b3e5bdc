"""What the use cases share: whoever has an account is counted with whom it is shown."""

from typing import Any, cast
from unittest.mock import Mock

import pytest

from exchange.desk.access_records import Access
from exchange.desk.asker import Asker, shell
from exchange.desk.desk import Desk
from tests.desk.made_desk import KeptAccesses

CLERK = Asker("李娜", "window_clerk", {}, "api")


@pytest.mark.parametrize(
    ("asker", "case_ids", "counted"),
    [(CLERK, ("one",), 1), (CLERK, (), 0), (shell("张敏"), ("one",), 0)],
    ids=["a person", "nobody", "by the shell"],
)
def test_who_has_an_account_is_counted_with_whom_it_is_shown(
    asker: Asker, case_ids: tuple[str, ...], counted: int
) -> None:
    """Numbers, and a search that found nobody, show no person; each is on record all the same."""
    nothing, accesses = cast(Any, None), KeptAccesses()
    desk = Desk(nothing, nothing, nothing, nothing, cast(Any, accesses), nothing, nothing)
    people = desk.__dict__["people"] = Mock()
    desk.note(Access(asker, "search", "search", case_ids))
    assert (people.count.call_count, len(accesses.noted)) == (counted, 1)
