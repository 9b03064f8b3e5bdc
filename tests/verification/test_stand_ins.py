"""What stands in place of accounts, banks and numbers of documents, beside many that are meant so."""

from datetime import timedelta

import pytest

from avro_schemas.catalogue import SHIPPED
from exchange.domain.policy import load_policy
from tests.cells import each_cell
from tests.verification.test_remarks import submit, told
from verification.acceptance import Accepted, Refused
from verification.shapes import field_at
from verification.stand_ins import stand_in
from verification.watched_fields import kind_of

SINCE = load_policy().acceptance.since["stand_ins"]
BEFORE = SINCE - timedelta(milliseconds=1)

AS_NUMBER = [
    *("6.21E+18", "6.21700012345678E+18", "6.217e+18", "6,21E+18", "6E+17", "6.21E18", "６．２１Ｅ＋１８"),
    *("938.0", "6217000123456789.0", "938.00", "938.0\u200b"),
]  # fmt: skip
AS_FORMULA = [
    '="0938"',
    "=VLOOKUP(A2,Sheet2!A:C,3,0)",
    "=A1",
    "＝A1",
    "@SUM(A1)",
    "+VLOOKUP(A2)",
    '="天水银行"',
]
ERRORS = [
    *("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "########", "#ref!", "＃N/A"),
    *("Err:502",),
    *("NULL", "null", "(null)", "<NULL>", "[NULL]", "\\N", "\\\\N", "NaN", "NaT", "<NA>", "nil"),
    *("None", "undefined"),
]  # fmt: skip
DAMAGED = [
    "?????",
    "？？？",
    "??",
    "锟斤拷",
    "锟斤拷锟斤拷",
    "天水\ufffd\ufffd",
    "????银行",
    "烫烫烫",
    "ï»¿天水",
]
FULL = ["6217000123456789012", "6217 0001 2345 6789", "６２１７０００１２３４５６７８９"]
WORDS = [
    *("无", "没有", "暂无", "不详", "未知", "待查", "待补充", "未提供", "同上", "见附件", "空", "无 "),
    *("N/A", "n.a."),
    *("unknown", "TBD", "-", "——", "/", "***", "。", "×××", "测试", "编号", "xxx"),
]  # fmt: skip
NUMBERS, NAMES = ("accounts", "tails", "documents"), ("banks", "offices")
BAD = [
    *((kind, text, "value_as_number", "refused") for text in AS_NUMBER for kind in (*NUMBERS, *NAMES)),
    *((kind, text, "value_as_formula", "refused") for text in AS_FORMULA for kind in (*NUMBERS, *NAMES)),
    *((kind, "'6217000123456789", "value_as_formula", "refused") for kind in NUMBERS),
    *((kind, "6,217,000,123,456,789", "value_as_number", "refused") for kind in NUMBERS[:2]),
    *((kind, text, "value_is_error", "refused") for text in ERRORS for kind in (*NUMBERS, *NAMES)),
    *((kind, text, "value_damaged", "refused") for text in DAMAGED for kind in (*NUMBERS, *NAMES)),
    *((kind, text, "value_placeholder", "refused") for text in WORDS for kind in (*NUMBERS[:2], "banks")),
    *((kind, text, "value_placeholder", "warning") for text in WORDS for kind in ("documents", "offices")),
    *(("accounts", text, "value_placeholder", "refused") for text in ("无账号", "现金", "ABC", "男")),
    *(("texts", text, "value_as_formula", "warning") for text in AS_FORMULA),
    *(("texts", text, "value_is_error", "warning") for text in ERRORS),
    *(("texts", text, "value_damaged", "warning") for text in DAMAGED),
    *((kind, text, "value_with_gaps", "warning") for text in ("天水?行", "甘肃□行") for kind in NAMES),
    *(("tails", text, "account_tail_full", "refused") for text in FULL),
    *((kind, text, "account_digits_lost", "warning") for text in ("1", "38", "938") for kind in NUMBERS[:2]),
    ("accounts", "6217000123456780000", "account_digits_lost", "warning"),
]  # fmt: skip
GOOD = {
    "accounts": [
        *("6217000123456789012", "6222001234567890", "6228480402564890018", "62220012", "0938", "00001234"),
        *("6217 0001 2345 6789 012", "6217-0001-2345-6789", "27-001100460012345", "A0012345"),
        *("AB12-34/5", "GZ1234"),
        *("０９３８１２３４", "31050161364000001234", "1001014509007654321", "101-8801-0002"),
        *("甘0938123", "2.715.001"),
        *("620500198801150027", "12E10", "10000", "1000000000000000", "6217000123456700"),
        *("9558.8012.3456.78",),
        *("No.12345", "(2019)1234", "6230520000000000", "123456789012345", "0000"),
        *("农0001", "60-12-3"),
    ],
    "tails": [
        *("0938", "0001", "0000", "1234", "９９９９", "****0938", "*0938", "尾号0938", "0938 ", "X938"),
        *("938X",),
        *("6217********0938", "0093", "09380", "12345678", "00938", "A123", "09-38", "6217…0938", "0938号"),
    ],
    "documents": [
        *("6205202600001", "甲2", "（2026）天公证字第1号", "(2026)甘05民特1号", "620503195001010027"),
        *("1", "12", "No.7"),
        *("A-1", "101,102", "101,102,103", "1E5", "天公秦（2026）0001号", "2026-001", "D2026/0012"),
        *("H001", "无锡公证2026-1"),
        *("空0001", "甘E12345"),
        *("G620500123", "死亡证[2026]1号", "编号12", "12.5", "2026.03.05", "X", "0", "00012", "第1号"),
        *("NA12", "TEST-1"),
    ],
    "banks": [
        *("天水银行", "甘肃银行天水秦州支行"),
        *("中国农业银行股份有限公司甘肃省天水市秦州区中华西路支行营业部", "兰州银行"),
        *("中国工商银行（天水分行）", "ICBC", "Bank of China", "中国邮政储蓄银行", "天水农商银行"),
        *("建设银行", "农行"),
        *("秦安县农村信用合作联社", "渣打银行(中国)有限公司", "HSBC", "甘肃\u3000银行", "建行7号网点"),
        *("3号支行",),
        *("无锡农村商业银行", "无为农商行", "空港支行", "不夜城支行", "同上海路支行", "KEB Hana"),
        *("J.P. Morgan", "e招行"),
    ],
    "offices": [
        *("天水市第一人民医院", "无锡市公安局", "空军986医院", "天水市秦州区人民法院"),
        *("甘肃省天水市公证处", "120急救中心"),
        *("第940医院", "天水市殡仪馆", "中心卫生院", "秦安县王窑乡卫生院", "麦积分局", "测试中心"),
        *("某某镇卫生院",),
        *("天水市公安局秦州分局·七里墩派出所", "Mayo Clinic", "O'Connor Hospital", "A&B有限公司"),
        *("八路军兰州办事处", "N"),
    ],
    "texts": [
        *("无", "不详", "待查", "天水市秦州区", "是否属实?", "938.0", "-", "/", "肺炎?", "1/2", "50%"),
        *("A1,C1", "C1=轿车"),
        *("秦州区中华西路12-3号", "心梗?肺炎??", "见附件", "6号楼+2单元", "（无）", "王桂芳", "窗口7"),
        *("同上", "N/A?"),
    ],
}  # fmt: skip


@each_cell(("kind", "text", "code", "weight"), BAD)
def test_what_stands_in_place_of_a_value_is_known(kind, text, code, weight):
    """Each kind in each kind of field."""
    assert stand_in(kind, text) == (code, weight)


@each_cell(("kind", "text"), [(kind, text) for kind, texts in GOOD.items() for text in texts])
def test_what_is_meant_so_passes(kind, text):
    """Passbooks with letters, short tails, long names of banks, names that begin like a placeholder."""
    assert stand_in(kind, text) is None


def test_there_are_many_good_ones():
    """A rule is as good as what it lets pass."""
    assert sum(map(len, GOOD.values())) > 120


@each_cell(
    ("record_type", "path", "kind"),
    [
        ("social_insurance", "social_card.account_no", "accounts"),
        ("application", "payee.account_no", "accounts"),
        ("application", "deceased_bank_card.account_no", "accounts"),
        ("provident_fund", "account_no", "accounts"),
        ("bank_deposit", "account_no_tail", "tails"),
        ("bank_deposit", "bank_name", "banks"),
        ("cremation", "certificate_no", "documents"),
        ("cremation", "issuer_name", "offices"),
        ("cremation", "cremation_place", "texts"),
        ("cremation", "id_number", ""),
        ("cremation", "name", ""),
        ("bank_deposit", "bank_uscc", ""),
    ],
)
def test_it_is_told_by_the_field_what_it_holds(record_type, path, kind):
    """A bank card by its rule, the others by their names."""
    assert kind_of(field_at(record_type, path, SHIPPED)) == kind


RECORDS = [
    ({"social_card": {"account_no": "6.21E+18"}}, "value_as_number", "social_card.account_no"),
    ({"social_card": {"bank_name": "#N/A"}}, "value_is_error", "social_card.bank_name"),
    ({"issuer_name": "锟斤拷"}, "value_damaged", "issuer_name"),
    ({"certificate_no": "\\N"}, "value_is_error", "certificate_no"),
]


@pytest.mark.parametrize(("own", "code", "field"), RECORDS)
def test_it_is_refused_from_its_moment_on_and_at_the_door_and_remarked_upon_before(own, code, field):
    """What the log took stays taken."""
    new, door, old = (submit("social_insurance", at, **own) for at in (SINCE, None, BEFORE))
    assert isinstance(old, Accepted)
    assert (code, field) in told(old.warnings)
    for answer in (new, door):
        assert isinstance(answer, Refused)
        assert told(answer.reasons) == [(code, field)]


def test_of_a_list_each_is_looked_at():
    """What a family has to put right is a list of sentences; one of them may be an error value."""
    own = {"outcome": "RETURNED", "to_correct": ["请补交关系证明。", "#N/A"]}
    answer = submit("result", SINCE, **own)
    assert isinstance(answer, Accepted)
    assert told(answer.warnings) == [("value_is_error", "to_correct[1]")]
