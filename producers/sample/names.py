"""Names of made-up people, and the ways in which files write one name."""

from random import Random

DOT = "·"
_DOTS = ("·", "•", "．", "・", "‧")

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
_MALE = [
    "建国",
    "志强",
    "国栋",
    "明",
    "军",
    "永福",
    "文斌",
    "世杰",
    "德胜",
    "玉林",
    "成龙",
    "继宗",
    "万山",
    "全喜",
    "天祥",
    "宝成",
    "俊杰",
    "晓东",
    "海涛",
    "伟",
]
_FEMALE = [
    "秀兰",
    "桂英",
    "玉梅",
    "淑珍",
    "小红",
    "春花",
    "翠莲",
    "丽",
    "巧云",
    "菊香",
    "彩霞",
    "雪梅",
    "金凤",
    "静",
    "爱琴",
    "粉霞",
    "月娥",
    "芳",
    "银环",
    "素珍",
]

_HUI_SURNAMES = "马丁哈穆铁撒李毛杨"
_HUI_MALE = ["占林", "志福", "进才", "德清", "努海", "尔萨", "依布拉", "穆萨", "哈三", "胡塞尼"]
_HUI_FEMALE = ["玉花", "法图麦", "阿依舍", "海力麦", "秀英", "麦燕", "则乃白", "桂兰"]

_UYGHUR_MALE = ["买买提", "艾力", "吐尔逊", "阿卜杜拉", "玉素甫", "艾合买提", "库尔班", "依明"]
_UYGHUR_FEMALE = ["阿依古丽", "帕提古丽", "热孜万古丽", "古丽娜尔", "阿米娜", "左热古丽"]
_TIBETAN = ["扎西", "才让", "卓玛", "多杰", "央金", "索南", "旦增", "拉姆"]


def han_name(rng: Random, male: bool) -> str:
    """A surname and a given name."""
    return rng.choice(_SURNAMES) + rng.choice(_MALE if male else _FEMALE)


def hui_name(rng: Random, male: bool) -> str:
    """As most are written, or with the dot that some registers put between the parts of a name."""
    given = rng.choice(_HUI_MALE if male else _HUI_FEMALE)
    return rng.choice(_HUI_SURNAMES) + (DOT if rng.random() < 0.4 else "") + given


def uyghur_name(rng: Random, male: bool) -> str:
    """A given name, the dot, the father's name."""
    return rng.choice(_UYGHUR_MALE if male else _UYGHUR_FEMALE) + DOT + rng.choice(_UYGHUR_MALE)


def tibetan_name(rng: Random, male: bool) -> str:  # noqa: ARG001 - the same names serve both
    """Two parts without a surname."""
    first, second = rng.sample(_TIBETAN, 2)
    return first + second


def as_another_file_writes(rng: Random, name: str) -> str:
    """The same name with another dot, or with a space that someone typed: still the same name."""
    if DOT in name:
        return name.replace(DOT, rng.choice(_DOTS))
    return f"{name[0]} {name[1:]}" if len(name) == 2 and rng.random() < 0.1 else name
