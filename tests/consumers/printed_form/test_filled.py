"""What is printed: which application, what is ticked, and what is said of blanks, conflicts and sources."""

from datetime import date

import pytest

from consumers.printed_form.application_choice import choose_application
from consumers.printed_form.filled import IN_CONFLICT, LABELS, FilledForm
from exchange.runtime.errors import ExchangeError
from tests.cases import HEIR, applied, document, given, next_of, record_id
from tests.form_papers import (
    ADDRESS,
    APPLICANT,
    CERTIFICATE,
    FIRST,
    HARD,
    LIVING,
    ORDINARY,
    PAYEE,
    RARE_NAME,
    SECOND,
    TORN,
    paper,
)
from tests.people import id_number

NOT_LATEST = LABELS["not_latest"].zh


def values(form: FilledForm) -> dict[str, str]:
    """What stands in each field."""
    return {box.cell.field: box.text for box in form.boxes if box.cell.field}


def remarks(form: FilledForm) -> dict[str, str]:
    """What is said beside each field."""
    return {box.cell.field: box.remark for box in form.boxes if box.cell.field}


def test_the_paper_says_what_the_case_says_in_full() -> None:
    """It is the application itself: nothing is masked, and times are Tianshui's."""
    found = values(paper(ORDINARY))
    assert found["applicant.id_number"] == HEIR["id_number"]
    assert found["deceased.death_time"] == "2026-03-01 08:00:00"
    assert found["accounts.payee_account_no"] == PAYEE["account_no"]
    assert found["deceased.registered_address"] == ADDRESS


def test_what_this_application_asks_for_is_ticked_and_what_else_is_ready_is_shown() -> None:
    """The family sees what it could have asked for."""
    ticks = {tick.number: tick for tick in paper(ORDINARY).ticks}
    assert [number for number, tick in ticks.items() if tick.chosen] == [3, 4, 7, 8, 10]
    assert (ticks[11].chosen, ticks[11].state) == (False, "可申办")
    assert ticks[10].state == "甘肃银行 已申请"
    assert len(ticks) == 12


def test_of_several_applications_the_latest_in_force_is_printed() -> None:
    """Two heirs apply one after the other: one paper is never put together from both, nor counts them."""
    latest, first = paper(HARD), paper(HARD, FIRST[1]["record_id"])
    assert values(latest)["applicant.name"].startswith(RARE_NAME)
    assert SECOND[1]["record_id"][:8] in "".join(latest.about)
    assert values(first)["applicant.name"] == HEIR["name"]
    assert values(first)["accounts.payee_account_no"] == ""
    assert NOT_LATEST not in (*latest.about, *first.about)
    assert [tick.number for tick in first.ticks if tick.chosen] == [3]


def test_who_applied_again_sees_on_the_first_paper_that_another_one_counts() -> None:
    """Two papers of one hand: without this the window might take the wrong one."""
    again = applied(4, label="again", applicant=APPLICANT, recorded_at="2026-04-20T09:00:00+08:00")
    found = document(CERTIFICATE, applied(3, applicant=APPLICANT), again)
    assert [NOT_LATEST in paper(found, one["record_id"]).about for one in found["applications"]] == [
        True,
        False,
    ]


def test_an_application_is_found_by_how_its_id_begins() -> None:
    """Nobody types a uuid."""
    wanted = record_id("application")
    assert choose_application(HARD, wanted[:8])["record_id"] == wanted  # type: ignore[index]


@pytest.mark.parametrize("wanted", ["nonsense", record_id("application", "revoked")])
def test_an_application_that_is_not_in_force_is_refused_with_those_that_are(wanted: str) -> None:
    """A withdrawn application is not printed as if it stood."""
    asked, withdrawn = applied(3, label="asked"), applied(9, label="revoked")
    case = document(CERTIFICATE, asked, withdrawn, next_of(withdrawn, "REVOKED", "revocation"))
    with pytest.raises(ExchangeError) as refused:
        choose_application(case, wanted)
    assert "no such application" in refused.value.message
    assert asked[1]["record_id"] in refused.value.hint
    assert withdrawn[1]["record_id"] not in refused.value.hint


def test_the_beginning_of_two_ids_chooses_neither() -> None:
    """The wrong family's paper is worse than none."""
    case = {"applications": [{"record_id": "ab1"}, {"record_id": "ab2"}]}
    with pytest.raises(ExchangeError, match="several"):
        choose_application(case, "ab")


def test_an_amended_application_is_printed_as_it_stands_now() -> None:
    """A complete replacement: nothing of the former remains."""
    asked = applied(3, 8, payee=PAYEE)
    case = document(CERTIFICATE, asked, next_of(asked, "AMENDED", "amended", matters=[3], payee=None))
    form = paper(case)
    assert values(form)["accounts.payee_account_no"] == ""
    assert [tick.number for tick in form.ticks if tick.chosen] == [3]
    assert len(case["applications"]) == 1


def test_blanks_say_who_fills_them() -> None:
    """What nobody has said is for the applicant to write, or is missing; neither is guessed."""
    said = remarks(paper(LIVING))
    assert said["applicant.name"] == "由申请人填写"
    assert said["accounts.card_account_no"] == "由申请人填写"
    assert said["deceased.death_place"] == "尚缺"
    assert "死亡事实尚未成立" in "".join(paper(LIVING).about)
    assert "尚无申请" in "".join(paper(LIVING).about)


def test_a_conflict_is_left_open_and_every_value_of_it_stands_on_the_last_page() -> None:
    """Nobody wins by being printed."""
    form = paper(HARD)
    assert values(form)["deceased.death_time"] == IN_CONFLICT
    assert {row[2] for row in form.conflicts} == {"2026-03-01 08:00:00", "2026-02-27"}
    assert {row[-1] for row in form.conflicts} == {"核定前暂停办理"}
    assert values(paper(TORN))["deceased.name"] == IN_CONFLICT


def test_a_damaged_name_is_printed_with_what_is_wrong_with_it() -> None:
    """Beside the name and on the last page; a name without fault has nothing beside it."""
    form = paper(document(given("death_certificate", name="李?兰")))
    assert values(form)["deceased.name"] == "李?兰"
    assert remarks(form)["deceased.name"] == "※ 姓名有缺字"
    assert any("姓名有缺字" in cell for row in form.sources for cell in row)
    assert remarks(paper(ORDINARY))["deceased.name"] == ""


def test_a_damaged_name_that_others_dispute_has_both_beside_it() -> None:
    """Neither remark hides the other."""
    case = document(given("death_certificate", name="李?兰"), given("cremation", name="李?兰"))
    conflict = {**HARD["conflicts"][0], "field": "deceased.name", "decisive": False}
    said = remarks(paper({**case, "conflicts": [conflict]}))["deceased.name"]
    assert said == "※ 记录不一致，见来源页；姓名有缺字"


def test_numbers_of_heirs_are_masked_among_the_conflicts() -> None:
    """Two records of a notary differ on them: their numbers are not the applicant's to carry about."""
    first, number = given("notary"), id_number(birth=date(1980, 1, 1))
    heirs = ({"name": "李强", "relation": "子女", "id_number": number}, {"name": "李红", "relation": "子女"})
    at = {"recorded_at": "2026-05-04T09:00:00+08:00"}
    rivals = (next_of(first, "AMENDED", heir["name"], beneficiaries=[heir], **at) for heir in heirs)
    form = paper(document(given("death_certificate"), first, *rivals))
    assert "李强" in str(form.conflicts)
    assert "620***11" in str(form.conflicts)
    assert number not in str(form.conflicts)


def test_a_number_for_a_name_is_printed_nowhere() -> None:
    """Whose it is nobody knows; the paper goes from hand to hand."""
    number = "13800138000"
    other = applied(3, applicant={**APPLICANT, "name": number})
    form = paper(document(given("death_certificate"), other))
    assert values(form)["applicant.name"] == "1***0"
    assert remarks(form)["applicant.name"] == "※ 姓名栏为号码"
    shown = [*values(form).values(), *(cell for row in (*form.sources, *form.conflicts) for cell in row)]
    assert not any(number in cell for cell in shown)


def test_a_people_that_no_list_knows_is_printed_as_written_and_asked_for() -> None:
    """The family sees what was written, and that it does not count."""
    form = paper(document(given("death_certificate", ethnicity="穿青人")))
    assert values(form)["deceased.ethnicity"] == "穿青人"
    assert remarks(form)["deceased.ethnicity"] == "※ 不在代码表中，视为未填写"


def test_a_value_that_others_dispute_is_marked_though_it_is_filled() -> None:
    """What holds nothing up is still no settled matter."""
    conflict = {**HARD["conflicts"][0], "field": "deceased.death_place", "decisive": False}
    form = paper({**ORDINARY, "conflicts": [conflict]})
    assert values(form)["deceased.death_place"] == "天水市第一人民医院"
    assert remarks(form)["deceased.death_place"].startswith("※")
    assert {row[-1] for row in form.conflicts} == {"不影响办理"}


def test_every_field_names_its_source() -> None:
    """Department, kind of record, id, revision, time and state, in the order of the form."""
    rows = paper(ORDINARY).sources
    assert len(rows) == 22
    assert rows[0][:2] == ("申请人", "姓名")
    employer = next(row for row in rows if row[1] == "工作单位")
    fund = record_id("provident_fund")[:8]
    told = ("市公积金中心", "公积金缴存", fund, "1", "2025-12-01 09:00:00", "已预填")
    assert employer == ("已故人", "工作单位", *told)


def test_nothing_on_the_paper_depends_on_when_it_is_printed() -> None:
    """Its date is that of the last record."""
    form = paper(ORDINARY)
    assert form.as_of == max(entry["recorded_at"] for entry in ORDINARY["records"])


def test_a_form_shows_nothing_of_a_person_in_a_log() -> None:
    """A value that is printed by mistake says nothing."""
    form = paper(ORDINARY)
    assert HEIR["id_number"] not in repr(form) + repr(form.boxes) + repr(form.ticks)


def test_a_living_persons_application_can_be_printed() -> None:
    """Somebody applied before the certificate came in."""
    form = paper(document(given("medical_insurance"), applied(7)))
    assert values(form)["applicant.name"] == HEIR["name"]
