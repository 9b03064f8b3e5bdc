"""Made-up families: what came of each, and what it is to be told; matters in the order of their numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.cases import HEIR, Given, applied, given, next_of, record_id, resulted
from tests.people import HMT_RESIDENT, id_number

DAY = date(2026, 3, 25)
CERTIFICATE = given("death_certificate")
EMPLOYEE = given("social_insurance")
RESIDENT = given("social_insurance", scheme="RESIDENT_PENSION")
FUND = given("provident_fund")
MEDICAL = given("medical_insurance")
REGISTER = {"kind": 3, "original_sighted": True}
DEED = {"kind": 7, "original_sighted": True}
CARD, PENSION_FORM = {"kind": 5, "original_sighted": False}, {"kind": 6, "original_sighted": False}
REVOKED = next_of(CERTIFICATE, "REVOKED", "revoked", recorded_at="2026-03-25T09:00:00+08:00")
OF_ZHANGJIACHUAN = given("death_certificate", id_number=id_number("620525"))
WILL = given("notary", beneficiaries=[HEIR])
BURIED = given("decision", kind="MATTER_NOT_APPLICABLE", matter=2)
HELD = given("decision", kind="MATTER_HELD", matter=3, reason="等派出所核对")
RELEASED = given(
    *("decision", "released"),
    kind="MATTER_RELEASED",
    matter=3,
    reason="已核对",
    recorded_at="2026-03-06T09:00:00+08:00",
)
ASKED_9 = applied(9, materials=[REGISTER])
BACK = resulted(9, "RETURNED", to_correct=["申请表第二页未签名"])
SIGNED = next_of(ASKED_9, "AMENDED", "signed", recorded_at="2026-04-03T09:00:00+08:00")
AGAIN = applied(9, label="again", materials=[REGISTER], recorded_at="2026-04-05T09:00:00+08:00")
SISTER = {"name": "王小红", "id_number": id_number(sequence=72)}
NEPHEW = {"name": "王小明", "id_number": id_number(sequence=73), "relation": "93"}
HERS = applied(
    *(3, 7), label="sister", applicant=SISTER, materials=[REGISTER], recorded_at="2026-03-22T09:00:00+08:00"
)
KIN = [{"kind": 8, "original_sighted": False}, {"kind": 9, "original_sighted": False}]
HERS_AT_ANOTHER_BANK = applied(
    10,
    label="other bank",
    applicant=SISTER,
    banks=[{"bank_name": "兰州银行"}],
    materials=KIN,
    recorded_at="2026-04-22T09:00:00+08:00",
)
HERS_LATE = applied(7, label="late", applicant=SISTER, recorded_at="2026-04-22T09:00:00+08:00")

USUAL_TOLD: Mapping[str, str] = {
    "health": "1C",
    "civil_affairs": "2R",
    "police": "3R",
    "justice": "9R",
    "market_regulation": "12R",
}
"""Who is told of a death with no other record, as "2R 3R"."""
USUAL_ASKS: Mapping[int, str] = {
    2: "apply 1 2 4",
    3: "apply 1 2 3 4",
    4: "apply_early 6",
    5: "apply_early 6",
    6: "apply_early 6",
    7: "apply_early",
    8: "apply_early 7",
    9: "apply 3",
    10: "name_bank apply 8 9",
    12: "apply 8",
}
"""What a family is asked for then."""
EARLY_ASKS: Mapping[int, str] = {
    2: "apply_early 1 2",
    3: "apply_early 1 2 3",
    7: "apply_early",
    8: "apply_early 7",
    9: "apply_early 3",
    10: "name_bank apply_early 8 9",
    12: "apply_early 8",
}
"""What it is asked for at any rate while the death is not established."""


def unusual_told(**told: str | None) -> Mapping[str, str]:
    """Who was told, where it differs from the usual; None: nobody there."""
    return {name: said for name, said in {**USUAL_TOLD, **told}.items() if said is not None}


def unusual_asks(asks: Mapping[int, str | None]) -> Mapping[int, str]:
    """What is asked for, where it differs from the usual; None: nothing."""
    return {number: said for number, said in {**USUAL_ASKS, **asks}.items() if said is not None}


@dataclass(frozen=True)
class Family:
    """One family.

    Attributes:
        states: A letter for each row of the case: N not applicable, W waiting, R ready, A applied, I
            accepted, C completed, X refused, S suspended; for matter 10 one for each bank.
        told: Department → what it was told, as "2R 3R".
        asks: Matter → what the family is asked for, materials as their kinds.
        says: What stands on its page.
        to_applicant: What stands there, and the hotline may not say.
        not_said: What does not.
    """

    name: str
    records: tuple[Given, ...]
    states: str = ""
    told: Mapping[str, str] = field(default_factory=lambda: USUAL_TOLD)
    asks: Mapping[int, str] = field(default_factory=lambda: USUAL_ASKS)
    says: tuple[str, ...] = ()
    to_applicant: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()
    day: date = DAY


FAMILIES = (
    Family(
        "a death in hospital, nobody has applied",
        (EMPLOYEE, MEDICAL, CERTIFICATE),
        states="CRRRRNRWRRWR",
        told=unusual_told(human_resources="4R 5R", medical_insurance="7R"),
        asks=unusual_asks({4: "apply 5 6", 5: "apply 5 6", 6: None, 7: "apply"}),
        says=(
            *("【请您申请】", "3 户口注销，市公安局", "最迟2026年4月1日"),
            "    · 同时符合基本养老、工伤、失业保险丧葬补助金领取条件的，只能选择领取其中一项",
            "已故人员社保卡或银行卡、社会保险参保人员遗属待遇及个人账户返还业务申请表",
        ),
        not_said=("尚未收到", "城乡居民基本养老保险注销登记表"),
    ),
    Family(
        "a death at home, nobody has applied",
        (RESIDENT,),
        states="WWWNNWWWWWWW",
        told=unusual_told(civil_affairs=None, health=None, justice=None, market_regulation=None, police=None),
        asks={**EARLY_ASKS, 1: "apply 3", 6: "apply_early 5 6"},
        says=("尚未收到死亡证明", "在家中等医疗卫生机构以外去世的，请申请", "城市在葬前、农村在一个月以内"),
        not_said=("【部门正在办理】", "最迟"),
    ),
    Family(
        "a resident's pension",
        (RESIDENT, CERTIFICATE),
        states="CRRNNRWWRRWR",
        told=unusual_told(human_resources="6R"),
        asks=unusual_asks({4: None, 5: None, 6: "apply 5 6"}),
        says=("6 城乡居民基本养老保险享受待遇身故注销登记", "事项6，社会保险经办条例"),
        not_said=("企业职工基本养老保险", "丧葬补助金领取条件"),
    ),
    Family(
        "all papers handed in",
        (EMPLOYEE, CERTIFICATE, applied(4, 5, 9, materials=[REGISTER, CARD, PENSION_FORM])),
        states="CRRAANWWARWR",
        told=unusual_told(human_resources="4R 5R 4A 5A", justice="9R 9A"),
        asks=unusual_asks({4: None, 5: None, 6: None, 9: None}),
        says=("【部门正在办理】不需要您做什么。",),
        not_said=("请您补充材料", "社会保险经办条例"),
    ),
    Family(
        "a pension applied for without its papers",
        (EMPLOYEE, CERTIFICATE, applied(4)),
        states="CRRARNWWRRWR",
        told=unusual_told(human_resources="4R 5R 4A"),
        asks=unusual_asks({4: "5 6", 5: "apply 5 6", 6: None}),
        says=(
            "【请您补充材料】",
            "已故人员社保卡或银行卡：尚缺（用于事项4；",
            "办理期限暂停计算，还剩15个工作日",
        ),
        not_said=("【部门正在办理】",),
    ),
    Family(
        "the fund without the deed",
        (FUND, CERTIFICATE),
        states="CRRWWWWWRRWR",
        asks=unusual_asks({8: "apply 7"}),
        says=("8 住房公积金提取（死亡），市公积金中心", "申请时请备：具有法律效力的继承受遗赠文件"),
        not_said=("等待市公积金中心",),
    ),
    Family(
        "the fund, applied for without the deed",
        (FUND, CERTIFICATE, applied(8)),
        states="CRRWWWWWRRWR",
        asks=unusual_asks({8: "7"}),
        says=("具有法律效力的继承受遗赠文件：尚缺（用于事项8；附件2第7行）",),
        not_said=("等待市公积金中心", "等待市司法局"),
    ),
    Family(
        "the fund with the deed",
        (FUND, CERTIFICATE, applied(8, materials=[DEED])),
        states="CRRWWWWARRWR",
        told=unusual_told(provident_fund="8A"),
        asks=unusual_asks({8: None}),
        says=("【部门正在办理】不需要您做什么。\n  8 住房公积金提取（死亡）",),
        not_said=("请您补充材料",),
    ),
    Family(
        "a will at the notary's",
        (FUND, given("notary"), CERTIFICATE),
        states="CRRWWWWRRRWR",
        told=unusual_told(provident_fund="8R"),
        asks=unusual_asks({8: "apply", 10: "name_bank apply 9", 12: "apply"}),
        says=("8 住房公积金提取（死亡），市公积金中心", "自知道受遗赠之日起六十日内"),
        not_said=("继承受遗赠文件",),
    ),
    Family(
        "a bank over the limit",
        (given("bank_deposit", balance_fen=5_000_001), CERTIFICATE, applied(10)),
        states="CRRWWWWWRNWR",
        asks=unusual_asks({10: "way_out"}),
        says=("【您申请过，现不适用】", "共11项"),
        to_applicant=("需办理继承公证",),
        not_said=("已故人如有银行存款",),
    ),
    Family(
        "a bank without data",
        (CERTIFICATE, applied(10)),
        states="CRRWWWWWRRWR",
        asks=unusual_asks({10: "name_bank 8 9"}),
        says=("【请您告知】", "已故人如有银行存款，请写明在哪家银行"),
    ),
    Family(
        "two banks",
        (
            given("bank_deposit"),
            given("bank_deposit", "b", bank_name="兰州银行", account_no_tail="0002"),
            CERTIFICATE,
            applied(10),
        ),
        states="CRRWWWWWRAAWR",
        told=unusual_told(financial_regulation="10R 10R 10A 10A"),
        asks=unusual_asks({10: "8 9 8 9"}),
        says=("10 小额存款支取（甘肃银行）", "10 小额存款支取（兰州银行）"),
        not_said=("已故人如有银行存款",),
    ),
    Family(
        "an empty account",
        (given("medical_insurance", account_balance_fen=0), CERTIFICATE, applied(7)),
        states="CRRWWWNWRRWR",
        asks=unusual_asks({7: "way_out"}),
        says=("【您申请过，现不适用】", "依据市医保局提供的数据，此事项不适用", "如对数据有疑问"),
    ),
    Family(
        "a certificate revoked",
        (EMPLOYEE, CERTIFICATE, applied(3, 4), REVOKED),
        states="SSSSSNWWSSWS",
        told=unusual_told(
            civil_affairs="2R 2S",
            health="1C 1S",
            human_resources="4R 5R 4A 4S 5S",
            justice="9R 9S",
            market_regulation="12R 12S",
            police="3R 3A 3S",
        ),
        asks={},
        says=("死亡证明已由出具单位撤销", "暂不需要您做什么"),
        not_said=("尚未收到", "法定时限", "尚缺", "已中止", "接着办理", "丧葬补助金领取条件"),
    ),
    Family(
        "a certificate revoked, and then applied for",
        (
            CERTIFICATE,
            REVOKED,
            applied(1, materials=[REGISTER], recorded_at="2026-03-26T09:00:00+08:00"),
        ),
        states="ASSWWWWWSSWS",
        told=unusual_told(
            civil_affairs="2R 2S",
            health="1C 1S 1A",
            justice="9R 9S",
            market_regulation="12R 12S",
            police="3R 3S",
        ),
        asks={1: "2"},
        says=("死亡证明已由出具单位撤销", "1 出具死亡证明，市卫生健康委"),
    ),
    Family(
        "two proofs of different days",
        (CERTIFICATE, given("abnormal_death", death_time="2026-02-20T08:00:00+08:00"), applied(9)),
        states="CSSWWWWWSSWS",
        told=unusual_told(
            civil_affairs="2R 2S", justice="9R 9S", market_regulation="12R 12S", police="3R 3S"
        ),
        asks={},
        says=("死亡证明已收到，但与其他部门的记录不一致，正在核实",),
        not_said=("尚未收到", "冲突"),
    ),
    Family(
        "two names under one number",
        (given("medical_insurance", name="张三"), CERTIFICATE, applied(9)),
        states="SSSWWWSWSSWS",
        told=unusual_told(civil_affairs=None, health=None, justice=None, market_regulation=None, police=None),
        asks={},
        says=("死亡证明已收到，身份信息正在核实",),
        not_said=("尚未收到", "张三"),
    ),
    Family(
        "held by a handler",
        (CERTIFICATE, HELD, applied(3)),
        states="CRSWWWWWRRWR",
        told=unusual_told(police="3R 3S"),
        asks=unusual_asks({3: "1 2 3 4"}),
        says=("等待市政务服务中心作出恢复办理的核定", "居民户口簿：尚缺"),
        not_said=("已中止",),
    ),
    Family(
        "held and released",
        (CERTIFICATE, HELD, RELEASED),
        states="CRRWWWWWRRWR",
        told=unusual_told(police="3R 3S 3R"),
        says=("【请您申请】",),
        not_said=("恢复办理",),
    ),
    Family(
        "a burial, as a handler found",
        (CERTIFICATE, BURIED),
        states="CNRWWWWWRRWR",
        told=unusual_told(civil_affairs="2R 2S"),
        asks=unusual_asks({2: None}),
        says=("共11项",),
        not_said=("火化",),
    ),
    Family(
        "a burial, though cremation was applied for",
        (CERTIFICATE, applied(2), BURIED),
        states="CNRWWWWWRRWR",
        told=unusual_told(civil_affairs="2R 2A 2S"),
        asks=unusual_asks({2: "way_out"}),
        says=("【您申请过，现不适用】", "经市政务服务中心核定，此事项不适用", "共11项"),
    ),
    Family(
        "a court's declaration alone",
        (given("death_declaration"),),
        states="NRRWWWWWRRWR",
        told=unusual_told(health=None),
        says=("共11项",),
        not_said=("出具死亡证明",),
    ),
    Family(
        "an abnormal death",
        (given("abnormal_death"),),
        states="CRRWWWWWRRWR",
        told=unusual_told(health=None, police="1C 3R"),
        says=("1 出具死亡证明，市公安局",),
    ),
    Family(
        "a resident of Hong Kong",
        (given("death_certificate", id_type="HMT_RESIDENCE_PERMIT", id_number=HMT_RESIDENT),),
        states="CRNWWWWWRRWR",
        told=unusual_told(police=None),
        asks=unusual_asks({3: None}),
        says=("共11项",),
        not_said=("户口注销，", "户口登记条例"),
    ),
    Family(
        "refused",
        (CERTIFICATE, ASKED_9, resulted(9, "REJECTED", reason="不是继承人")),
        states="CRRWWWWWXRWR",
        told=unusual_told(justice="9R 9A 9X"),
        asks=unusual_asks({9: "apply_again"}),
        says=("【不予受理或不予办理，可以重新申请】", "不是继承人"),
    ),
    Family(
        "refused, and applied again",
        (CERTIFICATE, ASKED_9, resulted(9, "REJECTED", reason="不是继承人"), AGAIN),
        states="CRRWWWWWARWR",
        told=unusual_told(justice="9R 9A 9X 9A"),
        asks=unusual_asks({9: None}),
        says=("【部门正在办理】不需要您做什么。\n  9 ",),
        not_said=("可以重新申请",),
    ),
    Family(
        "sent back to be put right",
        (CERTIFICATE, ASKED_9, BACK),
        states="CRRWWWWWARWR",
        told=unusual_told(justice="9R 9A"),
        asks=unusual_asks({9: "correct"}),
        says=("【请您补充材料】", "需补正：申请表第二页未签名"),
        not_said=("【部门正在办理】",),
    ),
    Family(
        "put right",
        (CERTIFICATE, ASKED_9, BACK, SIGNED),
        states="CRRWWWWWARWR",
        told=unusual_told(justice="9R 9A 9A"),
        asks=unusual_asks({9: None}),
        says=("【部门正在办理】不需要您做什么。\n  9 ",),
        not_said=("未签名",),
    ),
    Family(
        "paid, and the certificate revoked",
        (MEDICAL, CERTIFICATE, applied(7), resulted(7), REVOKED),
        states="SSSWWWCWSSWS",
        told=unusual_told(
            civil_affairs="2R 2S",
            health="1C 1S",
            justice="9R 9S",
            market_regulation="12R 12S",
            medical_insurance="7R 7A 7C 7RECOVERY",
            police="3R 3S",
        ),
        asks={},
        says=("【正在核对信息】",),
        not_said=("已办结。", "追回"),
    ),
    Family(
        "a department that is late",
        (CERTIFICATE, ASKED_9),
        day=date(2026, 9, 1),
        states="CRRWWWWWARWR",
        told=unusual_told(justice="9R 9A"),
        asks=unusual_asks({9: None}),
        says=("已超过办理期限，可拨打12345反映",),
    ),
    Family(
        "a late feed: the pension's record after the application",
        (CERTIFICATE, applied(4), EMPLOYEE),
        states="CRRARNWWRRWR",
        told=unusual_told(human_resources="4A 5R"),
        asks=unusual_asks({4: "5 6", 5: "apply 5 6", 6: None}),
        says=("已故人员社保卡或银行卡：尚缺（用于事项4；",),
        not_said=("等待市人社局",),
    ),
    Family(
        "loaded history",
        (given("death_certificate", backfill=True),),
        states="CRRWWWWWRRWR",
        told=unusual_told(civil_affairs=None, health=None, justice=None, market_regulation=None, police=None),
        says=("1 出具死亡证明，市卫生健康委",),
    ),
    Family(
        "deadlines passed",
        (EMPLOYEE, CERTIFICATE),
        day=date(2026, 5, 6),
        states="CRRRRNWWRRWR",
        told=unusual_told(human_resources="4R 5R"),
        asks=unusual_asks({4: "apply 5 6", 5: "apply 5 6", 6: None}),
        says=("最迟2026年4月1日，时限已过，请尽快办理", "最迟2026年3月27日，时限已过，请尽快办理"),
    ),
    Family(
        "a register one day off",
        (MEDICAL, CERTIFICATE, given("hukou_cancellation", death_time="2026-03-02")),
        states="CRCWWWRWRRWR",
        told=unusual_told(police="3R 3C", medical_insurance="7R"),
        asks=unusual_asks({3: None, 7: "apply"}),
        says=("7 参保人员职工基本医疗保险个人账户余额一次性支取，市医保局",),
        not_said=("正在核对信息", "核定"),
    ),
    Family(
        "a register a month off",
        (MEDICAL, CERTIFICATE, given("hukou_cancellation", death_time="2026-02-01"), applied(7)),
        states="CRCWWWSWRSWR",
        told=unusual_told(police="3R 3C", medical_insurance="7R 7S"),
        asks=unusual_asks({3: None, 7: None, 10: "name_bank"}),
        says=("等待市政务服务中心作出对不一致日期的核定",),
        not_said=("冲突",),
    ),
    Family(
        "two siblings",
        (MEDICAL, CERTIFICATE, applied(3, 7), HERS),
        states="CRAWWWSWRRWR",
        told=unusual_told(police="3R 3A 3A", medical_insurance="7R 7A 7S"),
        asks=unusual_asks({3: "1 2 4", 7: None}),
        says=("等待市政务服务中心作出确定申请人的核定",),
        not_said=("王小",),
    ),
    Family(
        "a sister who applies after her brother was paid",
        (MEDICAL, CERTIFICATE, applied(7), resulted(7, amount_fen=123_405), HERS_LATE),
        states="CRRWWWCWRRWR",
        told=unusual_told(medical_insurance="7R 7A 7C 7C"),
        asks=unusual_asks({7: None}),
        says=("【部门正在办理】不需要您做什么。\n  7 参保人员职工基本医疗保险个人账户余额一次性支取"),
        not_said=("1,234.05", "王小"),
    ),
    Family(
        "a death at home, and the certificate applied for",
        (applied(1, materials=[{"kind": 2, "original_sighted": True}, REGISTER]),),
        states="AWWWWWWWWWWW",
        told={"health": "1A"},
        asks={**EARLY_ASKS, 4: "apply_early 6", 5: "apply_early 6", 6: "apply_early 6"},
        says=("【部门正在办理】不需要您做什么。\n  1 出具死亡证明，市卫生健康委",),
    ),
    Family(
        "another bank than the one that the family names is over the limit",
        (
            given("bank_deposit", bank_name="兰州银行", balance_fen=5_000_001),
            CERTIFICATE,
            applied(10, banks=[{"bank_name": "甘肃银行"}], materials=KIN),
        ),
        states="CRRWWWWWRNAWR",
        told=unusual_told(financial_regulation="10A"),
        asks=unusual_asks({10: None}),
        says=("【部门正在办理】不需要您做什么。\n  10 小额存款支取（甘肃银行）",),
        not_said=("您申请过", "兰州银行", "需办理继承公证"),
    ),
    Family(
        "a bank that nobody knows",
        (CERTIFICATE, applied(10, banks=[{"bank_name": "秦州村镇银行"}], materials=KIN)),
        states="CRRWWWWWRAWR",
        told=unusual_told(financial_regulation="10A"),
        asks=unusual_asks({10: None}),
        says=("银行名称由市政务服务中心核实",),
    ),
    Family(
        "who died before retiring, nobody has applied",
        (given("social_insurance", receiving_benefit=False), CERTIFICATE),
        states="CRRNNNWWRRWR",
        asks=unusual_asks({4: "other_way", 5: "other_way", 6: None}),
        says=("共9项",),
        to_applicant=("【另有办理途径】", "个人账户余额可以继承", "遗属可以领取丧葬补助金和抚恤金"),
        not_said=("您申请过",),
    ),
    Family(
        "a resident who had drawn no pension yet",
        (given("social_insurance", scheme="RESIDENT_PENSION", receiving_benefit=False), CERTIFICATE),
        states="CRRNNNWWRRWR",
        asks=unusual_asks({4: None, 5: None, 6: "other_way"}),
        to_applicant=("【另有办理途径】", "个人账户余额可以继承"),
    ),
    Family(
        "two branches of one bank, each below the limit",
        (
            given("bank_deposit", bank_name="甘肃银行秦州支行", balance_fen=3_000_000),
            given(
                *("bank_deposit", "b"),
                bank_name="甘肃银行麦积支行",
                account_no_tail="0002",
                balance_fen=3_000_000,
            ),
            CERTIFICATE,
            applied(10),
        ),
        states="CRRWWWWWRNWR",
        asks=unusual_asks({10: "way_out"}),
        to_applicant=("10 小额存款支取（甘肃银行）", "需办理继承公证"),
    ),
    Family(
        "a bank that the family names",
        (CERTIFICATE, applied(10, banks=[{"bank_name": "兰州银行天水分行"}], materials=KIN)),
        states="CRRWWWWWRAWR",
        told=unusual_told(financial_regulation="10A"),
        asks=unusual_asks({10: None}),
        says=("【部门正在办理】不需要您做什么。\n  10 小额存款支取（兰州银行）",),
        not_said=("已故人如有银行存款",),
    ),
    Family(
        "a nephew at the bank",
        (
            CERTIFICATE,
            applied(
                10,
                applicant=NEPHEW,
                banks=[{"bank_name": "兰州银行"}],
                materials=KIN,
            ),
        ),
        states="CRRWWWWWRAWR",
        told=unusual_told(financial_regulation="10A"),
        asks=unusual_asks({10: None}),
        to_applicant=("简化手续适用于配偶、子女、父母",),
    ),
    Family(
        "a sister at another bank than her brother's",
        (
            CERTIFICATE,
            applied(10, banks=[{"bank_name": "甘肃银行"}], materials=KIN),
            resulted(10, instance="甘肃银行", amount_fen=123_405),
            HERS_AT_ANOTHER_BANK,
        ),
        states="CRRWWWWWRACWR",
        told=unusual_told(financial_regulation="10A 10C 10A"),
        asks=unusual_asks({10: None}),
        says=("10 小额存款支取（兰州银行）",),
        not_said=("1,234.05", "王小"),
    ),
    Family(
        "an heir before the deed",
        (CERTIFICATE, applied(12, materials=[REGISTER])),
        states="CRRWWWWWRRWA",
        told=unusual_told(market_regulation="12R 12A"),
        asks=unusual_asks({12: None}),
        says=("【部门正在办理】不需要您做什么。\n  12 股权信息查询",),
        not_said=("继承受遗赠文件：尚缺",),
    ),
    Family(
        "a driving licence",
        (given("driving_licence"), CERTIFICATE),
        states="CRRWWWWWRRRR",
        told=unusual_told(police="3R 11R"),
        says=("公安机关依法注销驾驶证，不需要您申请",),
    ),
    Family(
        "who was paid a pension by a public body",
        (given("social_insurance", scheme="CIVIL_SERVICE_PENSION"), CERTIFICATE, applied(4)),
        states="CRRNNNWWRRWR",
        asks=unusual_asks({4: "way_out", 5: "other_way", 6: "other_way"}),
        says=("【您申请过，现不适用】",),
        to_applicant=("由原单位按规定申领、发放", "【另有办理途径】"),
    ),
    Family(
        "a death in Zhangjiachuan, nobody has chosen",
        (OF_ZHANGJIACHUAN,),
        states="CWRWWWWWRRWR",
        told=unusual_told(civil_affairs=None),
        asks=unusual_asks({2: "choose"}),
        says=("【请您告知】", "  2 出具火化证，市民政局\n    · 请告知选择火化还是土葬"),
        not_said=("应当火化", "等待市政务服务中心提供"),
    ),
    Family(
        "a burial in Zhangjiachuan",
        (OF_ZHANGJIACHUAN, applied(3, burial=True, id_number=id_number("620525"))),
        states="CNAWWWWWRRWR",
        told=unusual_told(civil_affairs=None, police="3R 3A"),
        asks=unusual_asks({2: None, 3: "1 2 3 4"}),
        says=("共11项",),
        not_said=("火化证，", "选择火化还是土葬"),
    ),
    Family(
        "a cremation in Zhangjiachuan",
        (OF_ZHANGJIACHUAN, applied(2, id_number=id_number("620525"))),
        states="CARWWWWWRRWR",
        told=unusual_told(civil_affairs="2A"),
        asks=unusual_asks({2: "1 2 4"}),
        says=("【请您补充材料】",),
        not_said=("选择火化还是土葬",),
    ),
    Family(
        "siblings who want a burial and a cremation",
        (
            CERTIFICATE,
            applied(2, burial=True),
            applied(2, label="hers", applicant=SISTER, recorded_at="2026-03-22T09:00:00+08:00"),
        ),
        states="CWRWWWWWRRWR",
        told=unusual_told(civil_affairs="2R 2S"),
        asks=unusual_asks({2: "choose"}),
        says=("【请您告知】",),
        not_said=("王小",),
    ),
    Family(
        "a burial, and nobody is asked there",
        (CERTIFICATE, applied(2, 3, burial=True)),
        states="CNAWWWWWRRWR",
        told=unusual_told(civil_affairs="2R 2S", police="3R 3A"),
        asks=unusual_asks({2: "way_out", 3: "1 2 3 4"}),
        says=("【您申请过，现不适用】", "家属已选择土葬，不再办理火化证。"),
        not_said=("依据",),
    ),
    Family(
        "a burial after anthrax",
        (given("death_certificate", ethnicity="回族", death_cause_icd10="A22.1"), applied(2, burial=True)),
        states="CARWWWWWRRWR",
        told=unusual_told(civil_affairs="2R 2A"),
        asks=unusual_asks({2: "1 2 4"}),
        says=("依照法律规定，此情形应当火化，不能选择土葬。",),
        not_said=("炭疽", "选择火化还是土葬"),
    ),
    Family(
        "a deed that the notary has taken back",
        (FUND, WILL, CERTIFICATE, applied(8), next_of(WILL, "REVOKED", "no")),
        states="CRRWWWWSRRWR",
        told=unusual_told(provident_fund="8R 8A 8S"),
        asks=unusual_asks({8: "7"}),
        says=("具有法律效力的继承受遗赠文件：已由出具单位撤销（用于事项8；附件2第7行）",),
        not_said=("继承受遗赠文件：尚缺",),
    ),
    Family(
        "a brother whose sister was chosen",
        (
            *(MEDICAL, CERTIFICATE),
            applied(7, label="sister", applicant=SISTER, recorded_at="2026-03-19T09:00:00+08:00"),
            applied(7),
            given(
                *("decision", "hers"),
                kind="CONFLICT_RESOLVED",
                in_favour_of=record_id("application", "sister"),
                reason="核对了亲属关系",
                recorded_at="2026-03-22T09:00:00+08:00",
            ),
        ),
        states="CRRWWWAWRRWR",
        told=unusual_told(medical_insurance="7R 7A 7S 7A"),
        asks=unusual_asks({7: "way_out"}),
        says=("【您申请过，现不适用】",),
        to_applicant=("经核定，此事项按其他申请人的申请办理；如有异议，可到综合受理窗口反映。",),
        not_said=("王小", "此事项不适用"),
    ),
    Family(
        "a nephew beside a daughter at the bank",
        (
            CERTIFICATE,
            applied(
                10,
                label="daughter",
                applicant={**SISTER, "relation": "30"},
                banks=[{"bank_name": "兰州银行"}],
                materials=KIN,
                recorded_at="2026-03-19T09:00:00+08:00",
            ),
            applied(10, applicant=NEPHEW, banks=[{"bank_name": "兰州银行"}], materials=KIN),
        ),
        states="CRRWWWWWRSWR",
        told=unusual_told(financial_regulation="10A 10S"),
        asks=unusual_asks({10: None}),
        says=("简化手续适用于配偶、子女、父母", "您仍可向银行咨询办理"),
        not_said=("王小红",),
    ),
)
