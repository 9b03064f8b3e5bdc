"""The words of the page of sources, which annex 1 does not have."""

from typing import Final

SOURCES_TITLE: Final = "来源页：各栏内容的来源"
SOURCES_HEAD: Final = ("区块", "栏目", "来源部门", "记录", "记录编号", "修订", "登记时间（北京时间）", "状态")
CONFLICTS_TITLE: Final = "数据冲突：须由经办人裁定"
CONFLICTS_HEAD: Final = ("栏目", "规则", "内容", "来源部门", "记录编号", "登记时间（北京时间）", "影响")
LACKING_TITLE: Final = "字库缺字"
LACKING_ABOUT: Final = "字库缺字，以 〓 代替，见来源页。"


def lacking_note(code_points: str) -> str:
    """Return what is said of characters that no font has."""
    return f"字库没有下列字符，表中以 〓 代替，请按证件手写：{code_points}。"
