"""Cases whose forms are printed: the usual one, one with every complication, one torn, one of the living."""

from typing import Any

from consumers.printed_form.application_choice import choose_application
from consumers.printed_form.filled import FilledForm, fill
from exchange.domain.policy import load_policy
from exchange.runtime.city import City
from tests.cases import HEIR, applied, document, given

LONG_ADDRESS = (
    "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县"
    + "纳达齐牛录乡清泉东村（原红旗公社第三生产大队）" * 4
    + "12号楼3单元501室"
)
RARE_NAME = "阿卜杜热合曼·买买提吐尔逊·𠮷田㐀䶮"
NO_TYPE = "\U0002a6b3"
"""A character of Extension B that neither font has."""
DECEASED = "李秀𠮷·㐀"
ADDRESS = "甘肃省天水市秦州区民主西路12号3单元501室"
CARD = {
    "account_name": "李秀兰",
    "bank_name": "甘肃银行天水秦州支行",
    "account_no": "6222021234567890123",
    "bank_routing_no": "313825892184",
    "active": True,
}
APPLICANT: dict[str, Any] = {
    **HEIR,
    "sex": "男",
    "ethnicity": "汉族",
    "phone": "13900001234",
    "relation": "子女",
    "residential_address": ADDRESS,
    "registered_address": ADDRESS,
}
PAYEE = {"account_no": "6222005555555555555", "bank_name": "兰州银行天水分行"}
CERTIFICATE = given("death_certificate", sex="女", ethnicity="汉族", death_place="天水市第一人民医院")
ORDINARY = document(
    CERTIFICATE,
    given("hukou_cancellation", registered_address=ADDRESS),
    given("social_insurance", social_card=CARD),
    given("medical_insurance"),
    given("provident_fund", employer="天水长城开关厂集团有限公司"),
    given("driving_licence"),
    given("bank_deposit"),
    applied(3, 4, 7, 8, 10, applicant=APPLICANT, payee=PAYEE),
)
FIRST = applied(3, name=DECEASED, applicant=APPLICANT)
SECOND = applied(
    *(2, 3, 8, 10),
    label="second",
    name=DECEASED,
    applicant={
        **APPLICANT,
        "name": RARE_NAME + NO_TYPE,
        "ethnicity": "维吾尔族",
        "phone": "+8613900001234-0938-888888",
        "residential_address": LONG_ADDRESS,
        "registered_address": LONG_ADDRESS,
    },
    payee={**PAYEE, "bank_name": "中国邮政储蓄银行股份有限公司天水市秦州区民主西路支行"},
    recorded_at="2026-03-25T09:00:00+08:00",
)
HARD = document(
    given("death_certificate", name=DECEASED, death_place=LONG_ADDRESS, sex="女", ethnicity="土家族"),
    given("abnormal_death", name=DECEASED, death_time="2026-02-27"),
    given("hukou_cancellation", name=DECEASED, registered_address=LONG_ADDRESS),
    given("provident_fund", name=DECEASED, employer="TianshuiChangcheng" * 6),
    given("bank_deposit", name=DECEASED),
    given("bank_deposit", "b", name=DECEASED, bank_name="兰州银行天水秦州区支行", account_no_tail="0002"),
    FIRST,
    SECOND,
)
TORN = document(CERTIFICATE, given("medical_insurance", name="赵冬生"))
LIVING = document(given("medical_insurance"))


def paper(case: dict[str, Any], application: str = "") -> FilledForm:
    """What is printed for a case."""
    return fill(case, choose_application(case, application), City().layout, load_policy())
