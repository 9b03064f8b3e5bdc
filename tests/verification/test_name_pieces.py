"""Names in one piece that hold more than a name, places in a ward, traditional words; beside real names."""

import random
from typing import Final

from tests.cells import each_cell
from tests.common_names import names
from tests.examples import TIMES
from verification.names.faults import name_finding

_LONGER: Final = """
王桂芳女儿代 王桂芳已领 王桂芳孙子来 王建国交通事故 张秀兰不在了 李小明没有证 马玉芳同村的 赵玉兰丧葬费
王芳的邻居 杨国庆第二次 刘建军二儿媳 欧阳建国女儿代 牟建国女儿代 护送人王建国 护送人王芳 报案者李四海
送诊人员张强 家中老人王建国 民警李秀英送来 三组村民牟建国 同病室李桂英 邻居王建国报 李建国现住兰州
王王桂芳女儿 兄王建国 妹李桂芳 五保户李四 王芳转院
"""
_ENDED: Final = """
王建国公 王建国氏 李桂英妣 张志明翁 王建国领 王建国签 李秀英收 王建国代 刘建华亡 王芳已领 王建国已到
"""
_PLACES: Final = """
病区三床 王芳三床 三床王芳 东区五栋 二楼五室 三号楼二单元 内科病房 急诊抢救室 第五病室 重症监护室
外科二病室 手术室 太平间 王桂芳住院部 二楼
"""
_TRADITIONAL: Final = """
王桂芳已領 王芳銷戶 王建國已註銷 陳建國領 戶主王芳 親屬王芳 李秀英醫保 王芳的女兒李芳 王建國帳戶
王芳複印件 劉志強複印件
"""
_NOBODY_IN_TRADITIONAL: Final = """
急診患者 見附件 無此人 查無此人 待覈實 未登記 聯繫電話 無名屍體 肺結核 車禍
"""
LONGER, ENDED, PLACES = _LONGER.split(), _ENDED.split(), _PLACES.split()
TRADITIONAL, NOBODY_IN_TRADITIONAL = _TRADITIONAL.split(), _NOBODY_IN_TRADITIONAL.split()
GOOD: Final = {
    "Uyghur, Kazakh and Kirghiz": """
        马合木提江 阿不都热西提 买买提依明 唐买买提 叶尔波拉提 夏木西努尔 胡尔曼别克 贾尼别克 谢尔扎提江
        金恩斯别克 罗孜买买提 苏来曼江 古丽米热 阿依古丽 毛兰江 吾买尔江 艾尔肯江 库尔班江 沙吾提江
        夏依达古丽""",
    "Tibetan": """
        万玛才旦 罗藏东智 尕藏卓玛才让 杨才让卓玛 王扎西才让 李加才让 夏吾才让 万德扎西 周太扎西
        龙日江措 江白多吉 石达才让 高日才让 常乐扎西 完么才让 官却扎西 马才让东智 赵卓玛吉 李毛措吉
        金巴仁青""",
    "Hui, Salar, Dongxiang, Bonan": """
        马哈麦德 马一不拉黑 马阿卜杜拉 韩穆罕默德 马木哈买德 马伊斯玛力 马尤素福 马撒里木 韩木沙
        马艾力卜 马胡赛尼 韩阿卜杜拉 马法土麦 白努海 妥哈三 冶阿里 马主麻尔萨 丁尤素福""",
    "Mongolian, Yi, Manchu, Daur": """
        孟克巴雅尔 苏德毕力格 白音巴图 孟和额尔敦 高娃其其格 胡日查巴特尔 马卡拉且史 吉克曲布
        爱新觉罗溥仪 爱新觉罗启星 叶赫那拉婉贞 叶赫那拉建国 郭络罗明珠 郭布罗婉容 钮祜禄和珅 马佳氏玉芳""",
    "Japan, Korea, Vietnam": """
        山本五十六 小泉纯一郎 金正日 阮文绍 高桥留美子 石原慎太郎 田中真纪子 江户川乱步 小林多喜二
        小林美智子 长谷川町子 后藤田正晴 江崎玲于奈 毛利小五郎 武者小路实笃 贺来千香子 白石麻衣 江国香织
        黎氏玉明珠 阮氏明开 南宫珉""",
    "other languages": """
        罗伯特史密斯 马丁路德金 史蒂夫乔布斯 马克吐温 马可波罗 卡尔马克思 白求恩 高尔基 罗斯福 莫泊桑""",
    "two surnames": """
        张李建国 司马相如 欧阳修公 欧阳建国 长孙无忌 陈方安生 范徐丽泰 张欧阳秀英 欧阳李秀英
        公孙申屠媛媛 张王文君 李林文代 上官婉儿""",
    "like a place, an ending or a state": """
        李一楼 王三室 张三排 张李三楼 欧阳三楼 王五栋 王未来 张代伟 王公 李思公 张领 王李氏 张文君
        王病已 辛弃疾 霍去病 孙已生 刘签 王房 杜科""",
    "in traditional characters": """
        陳發 劉醫生 張親 龍應台 歐陽脩 司馬遷 諸葛亮 林語堂 錢鍾書 李登輝 蕭乾 羅貫中 買買提
        阿卜杜熱依木 達瓦卓瑪 羅桑達傑 張無忌 馬識途 嚴復 葉聖陶 吳阿不都熱依木 張李建國""",
}


@each_cell("name", [*LONGER, *ENDED, *PLACES, *TRADITIONAL])
def test_more_than_a_name_is_asked_about(name):
    """By how a name is made, not by the words that happen to stand around it."""
    assert name_finding(name) == ("name_with_more", "name_notes")


@each_cell("name", NOBODY_IN_TRADITIONAL)
def test_words_for_nobody_are_known_in_traditional_characters(name):
    """Held or asked about like the same words in simplified ones, but from the newest moment on."""
    found = name_finding(name)
    assert found is not None
    assert found.rule_set == "name_notes"


@each_cell("name", [name for listed in GOOD.values() for name in listed.split()])
def test_whoever_is_really_called_so_is_asked_nothing(name):
    """Also where the dot of another people's name was left out."""
    assert name_finding(name) is None


def test_good_names_are_more_than_the_bad():
    """And common ones besides, as often as they occur."""
    bad = [*LONGER, *ENDED, *PLACES, *TRADITIONAL, *NOBODY_IN_TRADITIONAL]
    assert sum(len(listed.split()) for listed in GOOD.values()) > len(bad)
    assert not [name for name in names(random.Random(14), round(20_000 * TIMES)) if name_finding(name)]
