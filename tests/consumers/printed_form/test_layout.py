"""The layout of annex 1: the plan's words, every field once, and no hole in the table."""

from pathlib import Path

import pytest

from exchange.domain.form import FORM_SECTIONS
from exchange.domain.policy import load_policy
from exchange.domain.policy_files.form_layout import LAYOUT, load_layout
from exchange.runtime.city import City
from topics.policy_file import PolicyFileError

ANNEX_1 = (
    "基本信息",
    "申请人信息",
    *("姓 名", "性 别", "民 族", "公民身份证号码", "联系电话", "与已故人员关系", "居住地址", "户籍地址"),
    "已故人信息",
    *("姓 名", "性 别", "民 族", "工作单位", "公民身份证号码", "户籍地址", "死亡时间", "死亡地点"),
    "参保人员职工基本医疗保险个人账户余额一次性支取",
    "已故人员社保卡账户信息（无社保卡或社保卡未激活可提供已故人员其他银行卡信息）",
    "开户姓名",
    "企业职工基本养老保险退休人员身故个人账户一次性待遇申领、企业职工基本养老保险退休人员身故遗属待遇申领、"
    "城乡居民基本养老保险享受待遇身故注销登记",
    *("开户银行", "银行账号", "银行行号"),
    "职工死亡或被宣告死亡提取住房公积金",
    "继承人或受遗赠人 I 类银行储蓄卡账号",
    "账户开户银行名称",
)
"""Every label of the plan's annex 1, in its order."""


def test_the_labels_are_those_of_the_plan_to_the_letter() -> None:
    """A clerk who has the plan's form beside it finds no other word."""
    layout = City().layout
    assert layout.title == "个人身后“一件事”申请表"
    assert tuple(cell.words for cell in layout.cells if cell.label) == ANNEX_1


def test_every_field_of_the_form_has_one_place() -> None:
    """Nothing that is prefilled is left off the paper, and nothing stands on it twice."""
    form = load_policy().form
    expected = {f"{section}.{name}" for section in FORM_SECTIONS for name in form[section]}
    placed = [cell.field for cell in City().layout.cells if cell.field]
    assert sorted(placed) == sorted(expected)


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ("{field: applicant.sex}", "{field: applicant.gender}", "annex1.yaml:16: .*applicant.gender"),
        ("{field: accounts.payee_bank_name}", "{label: 空}", None),
        ("{label: 联系电话}, ", "", "annex1.yaml:.*do not fill the table: row 3"),
        ("{label: 民 族}", "{label: 民 族, columns: 2}", "lies over|fill the table"),
        ("{label: 姓 名}", "{label: 姓 名, field: applicant.name}", "either a label or a field"),
    ],
)
def test_a_wrong_layout_is_refused_with_its_line(
    tmp_path: Path, was: str, becomes: str, complaint: str | None
) -> None:
    """A city that edits the file is told where it went wrong."""
    text = City().path_of(LAYOUT).read_text(encoding="utf-8")
    assert was in text
    edited = tmp_path / LAYOUT
    edited.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    if complaint is None:
        assert load_layout(load_policy().form, edited)
    else:
        with pytest.raises(PolicyFileError, match=complaint):
            load_layout(load_policy().form, edited)
