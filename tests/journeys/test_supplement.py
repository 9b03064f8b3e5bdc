"""A record by hand on real parts: taken once, refused with its reason, and what was refused closed."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import pytest

from consumers.quarantine.reader import EntryFilter
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk, open_desk
from exchange.desk.quarantined import discard, quarantined
from exchange.desk.supplement import draw_blank, supplement
from exchange.runtime.settings import Settings, load_settings
from tests.people import QINZHOU, id_number
from tests.waiting import wait_for

HANDLER: Final = Asker("li", "department_handler", {"department": "civil_affairs"}, "console")
OPERATOR: Final = Asker("ma", "operator", {}, "console")
NUMBER: Final = id_number(QINZHOU, date(1932, 5, 6), 733)
REUSED: Final = EntryFilter("civil_affairs", "record_id_reused")


@pytest.fixture(scope="module")
def desk(stack: Settings) -> Iterator[Desk]:
    """A desk as a server has it."""
    with open_desk(load_settings(stack.home), 2) as opened:
        yield opened


def test_a_record_by_hand_is_one_record_however_often_it_is_sent(desk: Desk) -> None:
    """With other content under its id it is refused; the operator closes that, and nobody else may."""
    blank = draw_blank(desk, HANDLER, "cremation")
    typed = {
        "name": "赵桂英",
        "id_number": NUMBER,
        "death_time": "2026-03-02",
        "cremation_time": "2026-03-04",
        "cremation_place": "天水市殡仪馆",
    }
    taken = supplement(desk, HANDLER, blank, typed).receipt
    assert taken is not None
    assert (taken.status, taken.case_id) == ("ACCEPTED", desk.case_ids.of_key(NUMBER))
    again = supplement(desk, HANDLER, blank, typed).receipt
    assert again is not None
    assert again.status == "DUPLICATE"
    other = supplement(desk, HANDLER, blank, {**typed, "cremation_place": "麦积区殡仪馆"})
    assert [one.code for one in other.reasons] == ["record_id_reused"]
    wait_for("the entry in the quarantine", lambda: quarantined(desk, OPERATOR, REUSED).entries)
    (entry,) = quarantined(desk, OPERATOR, REUSED).entries
    assert discard(desk, OPERATOR, entry["entry_id"], "试录")
    assert not quarantined(desk, OPERATOR, REUSED).entries
    assert not discard(desk, OPERATOR, entry["entry_id"], "again")
