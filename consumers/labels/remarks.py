"""What is remarkable in a value, in few words beside it; the whole sentences are the receipt's."""

from collections.abc import Mapping
from typing import Final

from avro_schemas.catalogue import Document
from consumers.labels.words import Words, words

REMARKS: Final[Mapping[str, Words]] = {
    "name_damaged": Words("姓名转码损坏", "name damaged in conversion"),
    "name_is_number": Words("姓名栏为号码", "a number for a name"),
    "name_placeholder": Words("姓名为占位内容", "no name given"),
    "name_escaped": Words("姓名含转义字符", "escapes in the name"),
    "name_misread": Words("姓名疑似乱码", "name read in a wrong encoding?"),
    "name_with_digits": Words("姓名含数字", "digits in the name"),
    "name_with_gaps": Words("姓名有缺字", "characters of the name missing"),
    "name_with_more": Words("姓名栏有其他内容", "more than a name"),
    "name_with_lookalikes": Words("姓名含形似字符", "characters that only look like the name's"),
    "name_is_office": Words("姓名栏为单位或地名", "an office or a place for a name"),
    "time_unit_wrong": Words("时间单位疑有误", "time in a wrong unit?"),
    "time_too_early": Words("时间过早", "impossibly early"),
    "time_is_default": Words("系统默认日期", "a day that systems fill in"),
    "time_doubtful": Words("时间早得少见", "unusually early"),
    "age_doubtful": Words("年龄高得少见", "older than anybody known"),
    "code_unlisted": Words("不在代码表中，视为未填写", "not in its list, counts as not stated"),
}


def remark_words(remarked: Document) -> tuple[Words, ...]:
    """Return what is remarkable in a field of the form (codes) or in a record's entry (codes with fields)."""
    found = remarked.get("warnings", ())
    codes = [one if isinstance(one, str) else one["code"] for one in found]
    return tuple(words(REMARKS, code) for code in codes)
