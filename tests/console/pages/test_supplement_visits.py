"""系统补录 in the browser: who may publish what, both ways, and what comes of it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final
from uuid import uuid4

import pytest

from exchange.desk.actions.table import FORMS
from tests.console.pages.read_page import faults, find, read_page
from tests.console.pages.visits import CITY, Visits, visitor
from tests.people import LI_XIULAN

SUPPLIERS: Final = {"department_handler", "bank_clerk", "county"}
OWNED: Final = {
    "health": {"death_certificate"},
    "police": {"abnormal_death", "hukou_cancellation", "driving_licence"},
    "service_centre": {"death_declaration"},
    "civil_affairs": {"cremation"},
    "human_resources": {"social_insurance"},
    "medical_insurance": {"medical_insurance"},
    "provident_fund": {"provident_fund"},
    "justice": {"notary"},
    "market_regulation": {"equity"},
    "financial_regulation": {"bank_deposit"},
}
"""Department → the records that the domain lets it publish, and for which the desk has no form."""


def filled(**more: str) -> dict[str, str]:
    """A cremation as a browser sends it."""
    known = {
        "record_id": str(uuid4()),
        "recorded_at": datetime.now(UTC).isoformat(),
        "name": "李秀兰",
        "id_type": "RESIDENT_ID",
        "id_number": LI_XIULAN,
        "action": "ISSUED",
        "revision": "1",
        "backfill": "no",
        "death_time": "2026-03-02",
        "cremation_time": "2026-03-04",
        "cremation_time@time": "08:50",
        "cremation_place": "天水市殡仪馆",
        "rows": "1",
        "send": "yes",
    }
    return known | more


def test_each_role_fills_in_the_records_of_its_own_department_and_no_others() -> None:
    """Both ways, and counted; who is refused reads the calm page, and nothing is written."""
    visits, outcomes = Visits(), Counter[str]()
    types = sorted({*CITY.catalogue.owners})
    for role, department in product(CITY.access.roles, OWNED):
        asker = visitor(role, department)
        for name in types:
            found = visits.open(asker, f"/supplement/{name}")
            wanted = role in SUPPLIERS and name in OWNED[department]
            assert found.status_code == (200 if wanted else 403), (role, department, name)
            outcomes["shown" if wanted else "refused"] += 1
            if not wanted:
                assert "不在您的权限内" in found.text
            sent = visits.send(
                asker, f"/supplement/{name}", {"record_id": "x", "recorded_at": "2026-03-02T00:00Z"}
            )
            assert sent.status_code == (422 if wanted else 403), (role, department, name)
        listed = visits.open(asker, "/supplement")
        assert listed.status_code == (200 if role in SUPPLIERS else 403), role
        if role in SUPPLIERS:
            links = {one["href"] for one in find(read_page(listed.text), "a", **{"class": "whole"})}
            assert links == {f"/supplement/{name}" for name in OWNED[department]}
    assert outcomes == {"shown": 3 * 12, "refused": len(CITY.access.roles) * 10 * len(types) - 36}
    assert not visits.records.written
    assert not visits.accesses.noted


def test_every_record_has_its_form() -> None:
    """A type that no department could fill in would be a department that cannot take part."""
    offered = {name for names in OWNED.values() for name in names}
    by_forms = {
        kind.record_type for kind in FORMS.values() if kind.record_type
    }  # a withdrawal is of its record's
    assert offered | by_forms == {*CITY.catalogue.owners}


def test_a_record_is_published_as_the_department_and_leaves_an_access_record() -> None:
    """By the admission of all records: its topic is the department's own."""
    visits, form = Visits(), filled()
    sent = visits.send(visitor("department_handler", "civil_affairs"), "/supplement/cremation", form)
    assert sent.status_code == 202
    assert faults(read_page(sent.text)) == []
    (record,) = visits.records.written
    assert (record.topic, record.department) == ("records.cremation", "civil_affairs")
    assert record.record_id == form["record_id"]
    (noted,) = visits.accesses.noted
    assert (noted["case_id"], noted["purpose"], noted["actor"]) == (record.case_id, "supplement", "zhangmin")
    assert "cremation.cremation_place" in noted["fields"]
    assert LI_XIULAN not in str(noted)


def test_who_writes_for_a_county_or_a_bank_cannot_write_for_another() -> None:
    """The account says whose it is; the form does not ask, and what is slipped into it counts for nothing."""
    visits = Visits()
    clerk = visitor("county", "civil_affairs")
    shown = visits.open(clerk, "/supplement/cremation")
    assert not find(read_page(shown.text), "select", name="county")
    sent = visits.send(clerk, "/supplement/cremation", filled(county="麦积区"))
    assert sent.status_code == 202
    assert "秦州区".encode() in visits.records.written[-1].value
    banker = visitor("bank_clerk", "financial_regulation")
    deposit = filled(balance_fen="1234.5", account_no_tail="8899", bank_uscc="91620500812415868R")
    assert visits.send(banker, "/supplement/bank_deposit", deposit).status_code == 202
    assert b"91620500439150008B" in visits.records.written[-1].value
    other = filled(balance_fen="1", issuer_uscc="91620500812415868R")
    refused = visits.send(banker, "/supplement/bank_deposit", other)
    assert refused.status_code == 422
    assert "other_bank" in refused.text
    assert len(visits.records.written) == 2


def test_what_cannot_stand_comes_back_with_all_that_was_typed() -> None:
    """With the coded reason at its field; nothing is written, and nobody was shown anything."""
    visits = Visits()
    form = filled(id_number="620502194007100018", cremation_time="", name="王<b>")
    sent = visits.send(visitor("department_handler", "civil_affairs"), "/supplement/cremation", form)
    assert sent.status_code == 422
    page = read_page(sent.text)
    assert faults(page) == []
    assert find(page, "input", name="name")[0]["value"] == "王<b>"
    assert find(page, "input", name="record_id")[0]["value"] == form["record_id"]
    assert "id_checksum_wrong" in sent.text
    assert "field_missing" in sent.text
    assert not visits.records.written
    assert not visits.accesses.noted


def test_another_row_is_added_without_publishing() -> None:
    """And what was typed into the others is kept."""
    visits = Visits()
    form = {**filled(), "more": "holdings", "holdings[0].company_name": "甲公司"}
    del form["send"]
    sent = visits.send(visitor("department_handler", "market_regulation"), "/supplement/equity", form)
    assert sent.status_code == 200
    page = read_page(sent.text)
    assert find(page, "input", name="holdings[0].company_name")[0]["value"] == "甲公司"
    assert find(page, "input", name="holdings[2].company_name")
    assert not visits.records.written


def test_where_the_access_cannot_be_noted_nothing_is_written_and_nothing_is_lost() -> None:
    """No record, no view; the form says so and keeps what was typed."""
    visits = Visits()
    visits.accesses.closed = True
    sent = visits.send(visitor("department_handler", "civil_affairs"), "/supplement/cremation", filled())
    assert sent.status_code == 503
    assert find(read_page(sent.text), "input", name="cremation_place")[0]["value"] == "天水市殡仪馆"
    assert not visits.records.written
    visits.accesses.closed = False
    assert (
        visits.send(
            visitor("department_handler", "civil_affairs"), "/supplement/cremation", filled()
        ).status_code
        == 202
    )


@pytest.mark.parametrize(
    "form", [{}, {"recorded_at": "yesterday"}, {"recorded_at": "0001-01-01T00:00+14:00"}]
)
def test_what_was_never_drawn_is_no_form(form: dict[str, str]) -> None:
    """Told calmly, with a next step."""
    sent = Visits().send(visitor("department_handler", "civil_affairs"), "/supplement/cremation", form)
    assert sent.status_code in {400, 422}
    assert faults(read_page(sent.text)) == []


def test_a_type_that_nobody_knows_is_no_page() -> None:
    """Whoever asks."""
    for role in CITY.access.roles:
        assert Visits().open(visitor(role), "/supplement/marriage").status_code == 404


def test_a_record_may_not_be_of_tomorrow() -> None:
    """Its time was made when the form was drawn; one that was altered is judged as any other record's."""
    visits = Visits()
    late = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    sent = visits.send(
        visitor("department_handler", "civil_affairs"),
        "/supplement/cremation",
        filled(recorded_at=late, cremation_time="2199-01-01"),
    )
    assert sent.status_code == 422


@pytest.mark.parametrize("amount", ["一千", "1.234", "-5", "1e999999", "9" * 17])
def test_of_a_wrong_amount_it_is_said_how_one_is_written(amount: str) -> None:
    """In yuan: nobody types fen; and it comes back as it was typed."""
    deposit = filled(balance_fen=amount, account_no_tail="8899")
    sent = Visits().send(visitor("bank_clerk", "financial_regulation"), "/supplement/bank_deposit", deposit)
    assert sent.status_code == 422
    page = read_page(sent.text)
    assert faults(page) == []
    assert find(page, "input", name="balance_fen")[0]["value"] == amount
    (told,) = find(page, "span", id="f-balance-fen-wrong")
    assert "请填以元为单位的数字" in told.text
    assert "1234.50" in told.text
    assert "分" not in told.text
