"""Numbers that are nobody's, and what spreadsheets and pages make of accounts; beside many that are good."""

from datetime import date, timedelta

import pytest

from exchange.domain.policy import load_policy
from tests.cells import each_cell
from tests.people import FOREIGNER_2017, FOREIGNER_2023, HMT_RESIDENT, id_number, id_number_15
from tests.verification.test_remarks import submit, told
from verification.acceptance import Accepted, Refused
from verification.identity import UnfitIdentityError, identify, nobodys
from verification.stand_ins import stand_in

SINCE = load_policy().acceptance.since["value_forms"]
BEFORE = SINCE - timedelta(milliseconds=1)

FILLERS = ["1" * 15, "121212121212121", "110110110110110", "101010101010101", "１" * 15]
NO_PERMITS = ["ABC123456789012", "GJJ000061000001", "TEL138001380000", "gjj000061000001", "ICB620502000000"]
GOOD_NUMBERS = [
    *(id_number(), id_number_15(), HMT_RESIDENT, FOREIGNER_2023, FOREIGNER_2017, "GBR310085120412"),
    *("DEU620500040229", "KOR110019123115", id_number("110110", date(1911, 1, 10), 111)),
    *(id_number("121212", date(1912, 12, 12), 122), id_number_15("111111", date(1911, 11, 11), 112)),
    *(id_number("620620", date(1962, 6, 20), 621), id_number_15("620503", date(1950, 1, 1), 111)),
    *(id_number("222222", date(1922, 2, 22), 222), id_number("620502", date(2001, 11, 11), 111)),
]
NONE = ["无", "不详", "NULL", "-", "0", "000", "0" * 18, "暂无", "N/A", "/", "——", "未知", "(null)", "#N/A"]
OTHERS = ["E12345678", "EA1234567", "G12345678", "H1234567890", "M12345678", "A123456789", "军字第1234567号"]
NO_DOCUMENTS = {
    "620503-19500101-0118": "id_characters_wrong",
    "王桂芳": "id_characters_wrong",
    "6205031950010101": "id_length_wrong",
    "USA1100700203": "id_length_wrong",
    "6.20503E+17": "id_as_number",
    id_number()[:-3] + "000": "id_digits_lost",
    "无身份证": "id_characters_wrong",
}

DATES = [
    *("3月12日", "1月2日", "12-Mar", "2-Jan", "12-MAR-25", "Mar-25", "Jan-02", "sep-25", "２月３日"),
    *("3-June", "Dec 3", "Sept-12"),
]
MONTHS = [
    *("2025年3月", "12月", "2025年3月12日", "2025/3/1 0:00", "2025-3-1 0:00"),
]
ESCAPED = [
    *("天水&#31206;州", "天水&#x79E6;州", "甘肃银行&nbsp;分行", "A&amp;B公司", "\\u7518\\u8083"),
    *(
        "%E7%94%98%E8%82%83",
        "甘肃银行<br>",
        "甘肃<br/>银行",
        "<p>甘肃银行</p>",
        "甘肃银行_x000D_",
        "天水\\n秦州",
    ),
]
ONE, OTHER = "6217000012345678901", "6217000012345678919"
BAD = [
    *(
        (kind, text, "value_as_date", "refused")
        for text in DATES
        for kind in ("accounts", "tails", "documents")
    ),
    *((kind, text, "value_as_date", "refused") for text in MONTHS for kind in ("documents", "offices")),
    *((kind, "2025年3月", "value_as_date", "refused") for kind in ("accounts", "tails")),
    ("accounts", "2025-03-01 00:00:00.0", "value_as_date", "refused"),
    *(
        (kind, text, "value_as_date", "refused")
        for text in ("2025-09-01", "2025/9/1")
        for kind in ("accounts", "tails")
    ),
    *(("texts", text, "value_as_date", "warning") for text in DATES),
    *(
        ("accounts", f"{ONE}{sign}{OTHER}", "account_several", "refused")
        for sign in ("/", "、", "；", ",", "和", " 或 ")
    ),
    *(
        ("tails", f"1234{sign}5678", "account_several", "refused")
        for sign in ("/", "、", "；", ", ", "和", ".", "与")
    ),
    ("tails", "12.34", "account_several", "refused"),
    *(("accounts", f"{ONE}{blank}{OTHER}", "account_several", "refused") for blank in (" ", "\n", "；\n")),
    ("accounts", "6217 0000 1234 5678 901 / 6217 0000 1234 5678 919", "account_several", "refused"),
    *(("accounts", f"6217{gap}0938", "value_masked", "warning") for gap in ("…", "......", "____")),
    *(
        ("accounts", text, "value_masked", "warning")
        for text in ("6217****0938", "6217＊＊＊＊0938", "6217XXXXXX0938")
    ),
    *(("accounts", text, "value_masked", "warning") for text in ("6217●●●●0938", "尾号0938", "末四位0938")),
    ("documents", "甘天证字第***号", "value_masked", "warning"),
    *((kind, text, "value_escaped", "warning") for text in ESCAPED for kind in ("banks", "offices", "texts")),
    *(
        ("accounts", text, "account_with_more", "warning")
        for text in (f"工行{ONE}", f"{ONE}(李明)", f"{ONE} 王芳")
    ),
    *(("handlers", text, "value_placeholder", "warning") for text in ("无", "-", "不详", "N/A")),
    ("handlers", "NULL", "value_is_error", "warning"),
]
GOOD = {
    "accounts": [
        *(ONE, "6217 0000 1234 5678 901", "6217-0000-1234-5678-901", "GJJ000061", "天水公积金0001"),
        *("27-001100460012345", "101001234567890/0001", "620500123456-01", "(2019)1234", "甘存字第123号"),
        *("2025-09", "20250901", "2025-0901-0001", "AB12-34/5", "9558.8012.3456.78", "X0001XX"),
    ],
    "tails": [
        *("1234", "0001", "尾号0938", "****0938", "09-38", "6217…0938", "0938号", "123X", "2025", "0901"),
    ],
    "documents": [
        *(
            "（2025）甘天证字第12号",
            "2025-0123",
            "12-3",
            "（２０２５）甘天证字第１号",
            "甘E12345",
            "2026.03.05",
        ),
        *("2025-03-01", "2025/3/1", "Mar-2025-1", "MAR12", "三月12", "D2026/0012", "A*1", "公证[2025年]3号"),
    ],
    "banks": [
        *(
            "AT&T银行",
            "甘肃银行&天水",
            "Johnson&Johnson",
            "R&D Bank",
            "e招行",
            "甘肃银行（天水分行）",
            "<甘肃银行>",
        ),
        *("100%控股", "三月银行", "C:\\甘肃"),
    ],
    "offices": [
        *("天水市第一人民医院", "120急救中心", "3月8日妇女儿童医院", "A&B有限公司", "八一学校", "五月花公司"),
        *("Johnson & Johnson; Co",),
    ],
    "texts": [
        *(
            "1/2",
            "50%",
            "二分之一",
            "3月12日下午",
            "2025-09-01",
            "2025/9/1",
            "2025年9月",
            "秦州区中华西路12-3号",
        ),
        *("A1,C1", "3-12", "May", "may-be", "肺炎 & 心衰", "a<b", "x_1", "八月十五", "*", "见**小区"),
    ],
    "handlers": ["李红", "王芳", "无忌", "否极", "admin", "窗口3 李红", "买买提·艾力"],
}


@pytest.mark.parametrize("number", FILLERS)
def test_a_few_digits_again_and_again_are_nobodys_number(number):
    """Fifteen of them can be a number with a birth date, and many persons would then be one."""
    assert nobodys(identify(number).number) == "id_filler"


@pytest.mark.parametrize("number", NO_PERMITS)
def test_a_permit_of_2017_has_a_birthday(number):
    """Accounts and telephone numbers have its form."""
    assert nobodys(identify(number).number) == "id_permit_wrong"


@each_cell("number", GOOD_NUMBERS)
def test_numbers_that_may_be_somebodys_pass(number):
    """Also those that repeat some of their digits."""
    assert nobodys(identify(number).number) == ""


@each_cell(
    ("text", "code"),
    [
        *((text, "id_number_missing") for text in NONE),
        *((text, "id_of_other_document") for text in OTHERS),
        *NO_DOCUMENTS.items(),
    ],
)
def test_it_is_said_what_to_do_where_there_is_no_number(text, code):
    """Words for nothing, and numbers of other documents, are not merely wrong characters."""
    with pytest.raises(UnfitIdentityError) as refused:
        identify(text)
    assert refused.value.code == code
    assert ("NONE" in refused.value.reason.message_en) is (text not in NO_DOCUMENTS)


@each_cell(("kind", "text", "code", "weight"), BAD)
def test_what_a_value_was_made_into_is_known(kind, text, code, weight):
    """A date, two numbers, hidden digits, an escape, words beside a number."""
    assert stand_in(kind, text) == (code, weight)


@each_cell(("kind", "text"), [(kind, text) for kind, texts in GOOD.items() for text in texts])
def test_what_is_meant_so_passes(kind, text):
    """Numbers with signs, years and months within text, and signs that are no escapes."""
    assert stand_in(kind, text) is None


RECORDS = [
    ("death_certificate", {"id_number": "1" * 15}, "id_filler", "id_number"),
    ("death_certificate", {"id_number": "GJJ000061000001"}, "id_permit_wrong", "id_number"),
    (
        "notary",
        {"beneficiaries": [{"name": "王", "id_number": "1" * 15}]},
        "id_filler",
        "beneficiaries[0].id_number",
    ),
    (
        "social_insurance",
        {"social_card": {"account_no": "12-Mar"}},
        "value_as_date",
        "social_card.account_no",
    ),
    ("social_insurance", {"certificate_no": "3月12日"}, "value_as_date", "certificate_no"),
    (
        "social_insurance",
        {"social_card": {"account_no": f"{ONE}/{OTHER}"}},
        "account_several",
        "social_card.account_no",
    ),
]


@each_cell(("record_type", "own", "code", "field"), RECORDS)
def test_they_are_refused_from_their_moment_on_and_remarked_upon_before(record_type, own, code, field):
    """What the log took stays taken."""
    new, door, old = (submit(record_type, at, **own) for at in (SINCE, None, BEFORE))
    assert isinstance(old, Accepted)
    assert (code, field) in told(old.warnings)
    for answer in (new, door):
        assert isinstance(answer, Refused)
        assert told(answer.reasons) == [(code, field)]
