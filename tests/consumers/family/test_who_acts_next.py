"""What is missing and who acts next: the family is asked for all that only it can do, and nothing else."""

from datetime import date

import pytest

from consumers.family.deadlines import deadlines_of
from consumers.family.next_steps import FAMILY, NextStep, asks_of, next_steps
from consumers.family.progress import progress_of
from exchange.command.views.family import ProgressPage
from exchange.domain.policy import load_policy
from exchange.runtime.city import City
from tests.cases import Given, applied, document, given, next_of, resulted
from tests.cells import each_cell
from topics.labels import LANGUAGES, Language

POLICY, FAMILY_POLICY = load_policy(), City().family
DAY = date(2026, 3, 25)
CERTIFICATE = given("death_certificate")
FUND = given("provident_fund")
REVOKED = next_of(CERTIFICATE, "REVOKED", "revoked", recorded_at="2026-03-25T09:00:00+08:00")
OTHER_DAY = given("abnormal_death", death_time="2026-02-20T08:00:00+08:00")
OTHER_NAME = given("medical_insurance", name="张三")
REGISTER = [{"kind": 3, "original_sighted": True}]


def steps(number: int, *records: Given, day: date = DAY) -> list[NextStep]:
    """The steps of one matter."""
    case = document(*records)
    found = next_steps(case, POLICY, day)
    (own,) = (one for one, matter in zip(found, case["matters"], strict=True) if matter["matter"] == number)
    return own


def said(number: int, *records: Given, day: date = DAY) -> set[tuple[str, str]]:
    """Who does what."""
    return {(code, one["what"]) for one in steps(number, *records, day=day) for code in one["acts"]}


def page(*records: Given, audience: str = "applicant", day: date = DAY, language: Language = "zh") -> str:
    """What the family reads."""
    case, reader = document(*records), FAMILY_POLICY.audience(audience)
    assert reader is not None
    application = case["applications"][-1] if case["applications"] else None
    view = progress_of(case, application, reader, FAMILY_POLICY, POLICY, day)
    return "\n".join(ProgressPage(POLICY, language).lines(view, FAMILY_POLICY, ()))


def asked_materials(number: int, *records: Given) -> set[int | None]:
    """The kinds that the family is asked for in one matter."""
    return {one["material"] for one in steps(number, *records) if one["what"] in {"bring", "bring_along"}}


@each_cell(
    ("number", "records", "wanted"),
    [
        pytest.param(1, (FUND,), {("family", "apply")}, id="a death at home: nobody issues unasked"),
        pytest.param(3, (CERTIFICATE,), {("family", "apply")}, id="data in: the family applies"),
        pytest.param(
            *(4, (CERTIFICATE,), {("family", "apply_early"), ("human_resources", "send")}),
            id="no data: who owes it, and that an application is needed all the same",
        ),
        pytest.param(4, (CERTIFICATE, applied(4)), {("human_resources", "send")}, id="applied, no data"),
        pytest.param(8, (CERTIFICATE, FUND), {("family", "apply")}, id="only the deed is missing"),
        pytest.param(8, (CERTIFICATE, FUND, applied(8)), set(), id="applied, only the deed is missing"),
        pytest.param(10, (CERTIFICATE, applied(10)), {("family", "name_bank")}, id="no bank is known"),
        pytest.param(
            11, (CERTIFICATE, given("driving_licence")), {("police", "decide")}, id="police act unasked"
        ),
        pytest.param(
            *(9, (CERTIFICATE, applied(9, materials=REGISTER)), {("justice", "decide")}),
            id="all is there: the department decides",
        ),
        pytest.param(
            9, (CERTIFICATE, resulted(9, "REJECTED")), {("family", "apply_again")}, id="it was refused"
        ),
        pytest.param(9, (CERTIFICATE, resulted(9)), set(), id="done"),
        pytest.param(3, (CERTIFICATE, OTHER_DAY), {("service_centre", "check")}, id="proofs disagree"),
        pytest.param(3, (CERTIFICATE, OTHER_NAME), {("service_centre", "check")}, id="a proof is held"),
        pytest.param(
            *(
                3,
                (CERTIFICATE, REVOKED),
                {("health", "send"), ("police", "send"), ("service_centre", "send")},
            ),
            id="the proof was revoked",
        ),
        pytest.param(
            *(
                3,
                (CERTIFICATE, given("decision", kind="MATTER_HELD", matter=3)),
                {("service_centre", "rule")},
            ),
            id="a handler holds it",
        ),
        pytest.param(
            7,
            (CERTIFICATE, given("medical_insurance", account_balance_fen=0), applied(7)),
            {("family", "way_out")},
            id="it does not apply, and they applied",
        ),
        pytest.param(
            7, (CERTIFICATE, given("medical_insurance", account_balance_fen=0)), set(), id="nor did they"
        ),
    ],
)
def test_each_matter_says_who_acts_next(
    number: int, records: tuple[Given, ...], wanted: set[tuple[str, str]]
) -> None:
    """Materials apart, which have their own test."""
    assert {one for one in said(number, *records) if not one[1].startswith("bring")} == wanted


def test_what_is_waited_for_is_called_what_it_is() -> None:
    """In conflict, held or revoked is never told as not received."""
    for records, standing, words in (
        ((), "NOT_RECEIVED", "尚未收到死亡证明"),
        ((CERTIFICATE, OTHER_DAY), "IN_CONFLICT", "与其他部门的记录不一致"),
        ((CERTIFICATE, OTHER_NAME), "HELD", "身份信息正在核实"),
        ((CERTIFICATE, REVOKED), "REVOKED", "已由出具单位撤销"),
    ):
        waits = [one for one in steps(3, FUND, *records) if one["prerequisite"] == "death"]
        assert [one["standing"] for one in waits] == [standing]
        assert words in page(FUND, *records)
        assert ("尚未收到" in page(FUND, *records)) == (not records)


def test_the_deed_is_asked_for_in_every_state_in_which_it_is_missing() -> None:
    """Whether the fund's data is in or not, whether they have applied or not."""
    for records in (
        (CERTIFICATE,),
        (CERTIFICATE, FUND),
        (CERTIFICATE, applied(8)),
        (CERTIFICATE, FUND, applied(8)),
    ):
        assert 7 in asked_materials(8, *records)
        assert "继承受遗赠文件" in page(*records)
    assert 7 not in asked_materials(8, CERTIFICATE, FUND, given("notary"))


def test_what_awaited_data_may_prove_is_not_asked_for() -> None:
    """A paper is asked for once no record can stand for it; an original is replaced by none."""
    assert asked_materials(4, CERTIFICATE) == {6}  # the card may come with the pension's record
    assert asked_materials(4, CERTIFICATE, given("social_insurance")) == {5, 6}
    assert asked_materials(3, FUND) == {1, 2, 3}  # nobody can bring a certificate that is still to be issued
    assert asked_materials(1, applied(1)) == {2, 3}  # nothing comes before the certificate


def test_nothing_is_to_be_done_is_said_only_where_nothing_is_asked() -> None:
    """For every state that the cases here are in."""
    for records in (
        *((FUND,), (CERTIFICATE,), (CERTIFICATE, applied(4, 8, 9, 10)), (CERTIFICATE, REVOKED, applied(3))),
        *(
            (CERTIFICATE, OTHER_DAY, applied(3)),
            (CERTIFICATE, FUND, applied(8)),
            (CERTIFICATE, resulted(9, "REJECTED")),
        ),
    ):
        case, reader = document(*records), FAMILY_POLICY.audiences[0]
        view = progress_of(case, None, reader, FAMILY_POLICY, POLICY, DAY)
        for one in view["matters"]:
            (situation,) = (each for each in FAMILY_POLICY.situations if each.situation == one["situation"])
            for language in LANGUAGES:
                free = (
                    "不需要您做什么" in situation.next.zh
                    if language == "zh"
                    else "need not" in situation.next.en
                )
                assert not (free and asks_of(one["next_steps"])), (one["matter"], one["next_steps"])


def test_overdue_is_said_to_the_family_and_to_the_hotline() -> None:
    """Who waits too long is told that it is too long, and whom to tell."""
    records = (CERTIFICATE, applied(9, materials=REGISTER))
    (step,) = steps(9, *records)
    assert step["until"] is not None
    assert not step["overdue"]
    after = date(2026, 12, 1)
    (late,) = steps(9, *records, day=after)
    assert late["overdue"]
    for audience in ("applicant", "12345"):
        assert "已超过办理期限，可拨打12345反映" in page(*records, audience=audience, day=after)
        assert "已超过" not in page(*records, audience=audience, day=step["until"])


def test_what_does_not_apply_any_more_stays_with_the_way_out() -> None:
    """An account over the limit: what they applied for does not vanish."""
    over = (CERTIFICATE, given("bank_deposit", balance_fen=5_000_001), applied(10))
    assert "需办理继承公证" in page(*over)
    assert "have the inheritance notarised" in page(*over, language="en")
    assert "小额存款支取" not in page(*over[:2])
    assert page(*over).startswith("身后“一件事”：共11项")  # it is told, and not counted


@pytest.mark.parametrize(
    ("records", "day", "wanted"),
    [
        pytest.param((CERTIFICATE,), DAY, {3: ("2026-04-01", False), 4: ("2026-03-27", False)}, id="in time"),
        pytest.param(
            (CERTIFICATE,), date(2026, 4, 2), {3: ("2026-04-01", True), 4: ("2026-03-27", True)}, id="passed"
        ),
        pytest.param((CERTIFICATE, applied(3, 4)), DAY, {}, id="they have applied"),
        pytest.param((FUND,), DAY, {3: (None, False), 4: (None, False)}, id="no day of death is known"),
        pytest.param((CERTIFICATE, REVOKED), DAY, None, id="nobody may have died"),
    ],
)
def test_the_familys_own_deadlines_are_told_until_they_have_applied(
    records: tuple[Given, ...], day: date, wanted: dict[int, tuple[str | None, bool]] | None
) -> None:
    """The register within a month, the pension within 20 working days; the legatee's has no day."""
    case, reader = document(*records), FAMILY_POLICY.audiences[0]
    told = progress_of(case, None, reader, FAMILY_POLICY, POLICY, day)["deadlines"]
    found = {one["matters"][0]: (one["until"] and one["until"].isoformat(), one["passed"]) for one in told}
    if wanted is None:
        assert found == {}
    else:
        assert found == wanted | {9: (None, False)}
        assert ("时限已过" in page(*records, day=day)) == any(passed for _, passed in wanted.values())


@pytest.mark.parametrize(
    ("died", "until"),
    [("2026-01-31", date(2026, 2, 28)), ("2025-12-31", date(2026, 1, 31)), ("2026-03-01", date(2026, 4, 1))],
)
def test_a_month_ends_on_the_day_of_its_number_or_on_the_last(died: str, until: date) -> None:
    """A death on 31 January: the month is over on 28 February."""
    case = document(given("death_certificate", death_time=died))
    (register,) = (
        one
        for one in deadlines_of(case, {3: frozenset({"apply"})}, FAMILY_POLICY, POLICY.working_days, DAY)
        if one["matters"] == [3]
    )
    assert register["until"] == until


def test_a_family_page_has_no_arrows_and_each_language_its_own_words() -> None:
    """Nothing of one language is left in the other's page, but names and a department's own words."""
    records = (FUND, CERTIFICATE, applied(3, 4, 8, 9, 10, materials=REGISTER))
    for audience in ("applicant", "12345"):
        zh, en = page(*records, audience=audience), page(*records, audience=audience, language="en")
        assert not set("→←") & set(zh + en)
        assert not any("\u4e00" <= one <= "\u9fff" for one in en.replace("李秀兰", "").replace("李**", "")), (
            en
        )
        assert "_" not in en


def test_only_the_family_is_asked_for_what_only_it_can_do() -> None:
    """No step is both the family's and a department's."""
    for number in (1, 4, 8, 10):
        for one in steps(number, CERTIFICATE, FUND, applied(4, 8, 10)):
            assert (one["acts"] == [FAMILY]) == (FAMILY in one["acts"])
