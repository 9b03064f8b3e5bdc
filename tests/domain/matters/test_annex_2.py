"""Annex 2 of the work plan, row by row and in its own words, held against the policy and what cases ask for.

The table is written from the plan (天政办电〔2025〕7号, 附件2), not from the policy.
"""

import pytest

from exchange.domain.policy import load_policy
from tests.cases import applied, document, given, matter, next_of, resulted
from tests.cells import each_cell

TITLES = {
    "出具死亡证明": 1,
    "出具火化证": 2,
    "户口注销": 3,
    "企业职工基本养老保险退休人员身故个人账户一次性待遇申领": 4,
    "企业职工基本养老保险退休人员身故遗属待遇申领": 5,
    "城乡居民基本养老保险享受待遇身故注销登记": 6,
    "参保人员职工基本医疗保险个人账户余额一次性支取": 7,
    "住房公积金提取（死亡）": 8,
    "遗嘱继承公证信息核查": 9,
}
ORIGINALS = "出具火化证、户口注销需要材料原件"
CARD = (
    "办理企业职工基本养老保险退休人员身故个人账户一次性待遇申领、企业职工基本养老保险退休人员身故遗属待遇申领、"
    "城乡居民基本养老保险享受待遇身故注销登记必须提供已故人员社保卡"
    "（无社保卡或社保卡未激活可提供已故人员其他银行卡信息）"
)
PENSIONS = [
    "企业职工基本养老保险退休人员身故个人账户一次性待遇申领",
    "企业职工基本养老保险退休人员身故遗属待遇申领",
    "城乡居民基本养老保险享受待遇身故注销登记",
]
MEDICAL = "参保人员职工基本医疗保险个人账户余额一次性支取"
FUND = "住房公积金提取（死亡）"
NOTARY = "遗嘱继承公证信息核查"
ANNEX_2 = {
    1: (
        "申请人居民身份证",
        ["出具死亡证明", "出具火化证", "户口注销", *PENSIONS, MEDICAL, FUND, NOTARY],
        ORIGINALS,
    ),
    2: (
        "已故人员居民身份证",
        ["出具死亡证明", "出具火化证", "户口注销", *PENSIONS, FUND, NOTARY],
        ORIGINALS,
    ),
    3: ("居民户口簿", ["出具死亡证明", NOTARY, "户口注销"], "线下办理，线下提供"),
    4: ("死亡证明", ["出具火化证", "户口注销", *PENSIONS, MEDICAL, FUND, NOTARY], ORIGINALS),
    5: ("已故人员社保卡或银行卡", [*PENSIONS, MEDICAL], CARD),
    6: (
        "社会保险参保人员遗属待遇及个人账户返还业务申请表 / 城乡居民基本养老保险注销登记表及承诺书",
        PENSIONS,
        "",
    ),
    7: ("具有法律效力的继承受遗赠文件", [FUND], ""),
}
PAIRS = [(row, title) for row, (_, titles, _) in ANNEX_2.items() for title in titles]
FOR_ORIGINALS = ("出具火化证", "户口注销")
EVERY_RECORD = (
    given("death_certificate"),
    given("social_insurance"),
    given("medical_insurance"),
    given("provident_fund"),
    given("notary"),
    given("bank_deposit"),
    given("driving_licence"),
)


def test_annex_2_has_36_pairs() -> None:
    """Nine for the applicant's card, eight, three, eight, four, three and one."""
    assert len(PAIRS) == 36


@each_cell(("row", "title"), PAIRS)
def test_each_pair_of_annex_2_stands_in_the_policy_in_its_own_words(row: int, title: str) -> None:
    """Material and matter are called what the plan calls them."""
    policy = load_policy()
    (of_plan,) = (entry for entry in policy.matters if entry.term == title)
    (wanted,) = (one for one in of_plan.materials if one.kind == row)
    assert of_plan.matter == TITLES[title]
    assert policy.materials[row].term == ANNEX_2[row][0]
    assert wanted.original == (row in (1, 2, 4) and title in FOR_ORIGINALS)
    assert not wanted.assumed


def test_the_policy_asks_for_nothing_else_without_saying_that_it_is_assumed() -> None:
    """Where the plan lists no materials (matters 10, 11 and 12), each one is marked."""
    pairs = {(row, TITLES[title]) for row, title in PAIRS}
    for entry in load_policy().matters:
        for one in entry.materials:
            assert one.assumed == ((one.kind, entry.matter) not in pairs)
            assert one.assumed == (entry.matter in (10, 11, 12))


@pytest.mark.parametrize("row", [row for row, (_, _, remark) in ANNEX_2.items() if remark])
def test_the_remark_of_a_row_is_said_with_the_request(row: int) -> None:
    """备注: what the family is told is the plan's own remark, or all of it that concerns the paper."""
    remark, said = ANNEX_2[row][2], load_policy().materials[row].remark
    assert said is not None
    for words in said.zh.split("；"):
        assert words in remark


@each_cell(("row", "title"), PAIRS)
def test_a_case_lists_and_asks_for_each_pair_of_annex_2(row: int, title: str) -> None:
    """What no record waives is asked for, with annex 2's row, once somebody has applied."""
    number = TITLES[title]
    scheme = {"scheme": "RESIDENT_PENSION"} if number == 6 else {}
    known = (given("death_certificate"), given("social_insurance", **scheme), *EVERY_RECORD[2:4])
    found = document(*known, applied(number))
    state = next(one["state"] for one in matter(found, number)["materials"] if one["kind"] == row)
    asked = {
        one["kind"]: [(need["matter"], need["annex_2_row"]) for need in one["needs"]]
        for one in found["requests"]
    }
    if row in (1, 2, 4) and title in FOR_ORIGINALS:
        assert state == "original_to_sight"
    else:
        assert state == {1: "supplied", 2: "verified_by_data", 4: "verified_by_data"}.get(row, "missing")
    done = number == 1  # the certificate is there: nobody is asked for anything more
    listed = (row, number) == (5, 7)  # the remark makes the card a must for the pensions alone
    owed = state in ("missing", "original_to_sight") and not done and not listed
    assert asked.get(row) == ([(number, row)] if owed else None)


def test_only_what_the_chosen_matters_need_is_asked_for_and_once() -> None:
    """一套材料: the household register for 3 and 9 is one request; the original serves who wants a copy."""
    found = document(*EVERY_RECORD, applied(3, 4, 9))
    asked = {one["kind"]: one for one in found["requests"]}
    assert list(asked) == [1, 2, 3, 4, 5, 6]
    assert [need["matter"] for need in asked[3]["needs"]] == [3, 9]
    assert asked[2] == {
        "kind": 2,
        "state": "original_to_sight",
        "needs": [{"matter": 3, "original": True, "annex_2_row": 2}],
        "standing": None,
    }
    assert document(*EVERY_RECORD)["requests"] == []


def test_what_the_plan_does_not_list_is_asked_for_as_assumed() -> None:
    """Matter 12 is in the plan's text and not in annex 2: no row can be named."""
    found = document(given("death_certificate"), applied(12))
    (kinship,) = (one for one in found["requests"] if one["kind"] == 8)
    assert kinship["needs"] == [{"matter": 12, "original": False, "annex_2_row": None}]


def test_what_is_handed_in_is_asked_for_no_more_and_its_hash_is_kept() -> None:
    """supplied: with the SHA-256 of the file, and whether the window has seen the original."""
    paper = {"kind": 3, "sha256": "ab" * 32, "original_sighted": True}
    found = document(given("death_certificate"), applied(9, materials=[paper]))
    (register,) = (one for one in matter(found, 9)["materials"] if one["kind"] == 3)
    assert register == {
        "kind": 3,
        "state": "supplied",
        "proof": None,
        "sha256": "ab" * 32,
        "original_sighted": True,
        "required": True,
        "standing": None,
    }
    assert found["requests"] == []


def test_a_decided_matter_asks_for_nothing() -> None:
    """What is completed or withdrawn is nobody's errand."""
    asked = applied(9)
    withdrawn = next_of(asked, "REVOKED", "withdrawn", recorded_at="2026-03-21T09:00:00+08:00")
    assert document(given("death_certificate"), asked)["requests"]
    assert document(given("death_certificate"), asked, resulted(9))["requests"] == []
    assert document(given("death_certificate"), asked, withdrawn)["requests"] == []
