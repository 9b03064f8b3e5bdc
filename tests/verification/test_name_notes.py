"""Notes around a name, as funeral homes, banks and registers write them; beside as many real names."""

from datetime import timedelta

import pytest

from exchange.domain.policy import load_policy
from tests.cases import given as record_given
from tests.cells import each_cell
from tests.common_names import COMMONEST, GIVEN
from verification.acceptance import Accepted, accept
from verification.name_faults import name_finding

NOBODY = [
    *("急诊患者", "急诊无名", "三无人员", "路倒", "流浪乞讨人员", "无人认领", "昏迷患者", "存款人", "无 主"),
    *("冰棺三号", "三号厅", "十二号", "待火化", "已火化", "未认领", "见身份证复印件", "详见附件表", "同原件"),
    *("无法获取", "查询失败", "加载中", "公民身份号码", "死亡时间", "户名", "未查询到"),
    *("无名患者\u200b", "被保险人", "储户"),
    *(
        "未知男性",
        "未知女性",
        "未知身份",
        "不明身份",
        "不明男子",
        "无名流浪人员",
        "无名流浪汉",
        "流浪人员甲",
        "待确认身份",
    ),
    *("不详男", "张三测试", "测试一", "测试患者", "演示用户", "虚拟患者", "模拟人员", "培训学员"),
]
MISREAD = [
    name.encode("gb2312").translate(bytes(one & 0x7F for one in range(256))).decode()
    for name in ("赵玉珍", "杨洋", "田中", "王云")
]
NOTED = [
    *(
        "李建国之妻王桂芳",
        "李建国妻王桂芳",
        "王桂芳的女儿李芳",
        "王桂芳又叫王小芳",
        "法名妙音",
        "李芳双胎之一",
    ),
    *(
        "先父王建国",
        "先母李秀英",
        "显考王公建国",
        "显妣李秀英",
        "王公讳建国",
        "亡夫王建国",
        "亡妻 李秀英",
        "慈父王建国",
    ),
    *("回族王芳", "藏族李芳", "男 王芳", "女\u3000李芳", "女性 欧阳芳", "母亲李秀英", "岳父王建国"),
    *("王芳死亡", "王芳病故", "王建国殁", "王芳销户", "王芳已注销", "王芳 冻结", "王芳挂失", "欧阳芳芳销户"),
    *(
        "王芳账户",
        "王建国工资",
        "王芳医保",
        "王芳户口本",
        "王芳次子",
        "李芳长女",
        "王芳丈夫",
        "王芳之婴",
        "王芳监护人",
    ),
    *("王建国老大人", "李秀英孺人", "王建国府君", "王建国代办", "王建国亲属", "王建国灵柩"),
    *("王建国代李秀英", "王建国转李秀英", "王建国委托李秀英"),
    *("王˙芳", "买买提˙吐尔逊", "王￣芳", "王\u0300芳", "王芳\u20e3", "王가", "王ก芳", "扎西བཀྲ", "王ஂ芳"),
]
GOOD = {
    "names with capitals": [
        *(
            "McDonald",
            "DeAngelo",
            "LeRoyA",
            "UEDA",
            "Ueda",
            "MacKay",
            "JoAnn",
            "VanDyke",
            "LaToya",
            "DeShawn",
            "KIM",
            "LiMing",
        ),
    ],
    "names that begin or end like words for nobody": [
        *(
            "李培训",
            "石无名",
            "吴明汉",
            "身世杰",
            "不明山",
            "马未央",
            "卫知秀",
            "章拟",
            "莫虚怀",
            "未来",
            "流星雨",
            "汪详汉",
        ),
    ],
    "names with a word of a place or of a state": [
        *(
            "王厅",
            "厅厅",
            "李号",
            "号声",
            "冰冰",
            "李冰",
            "冰心",
            "王火",
            "火华",
            "王安葬",
            "同心",
            "如意",
            "见明",
            "附明",
        ),
        *("李家人", "王一人", "丽人", "欧阳中人", "户明", "李身", "原件明", "王待"),
    ],
    "names with a word of kin or of names": [
        *(
            "李妻",
            "王之妻",
            "安妻明",
            "李之子",
            "王子",
            "王之女",
            "陈建夫",
            "夫之李",
            "王小名",
            "又叫",
            "俗名",
            "之妻",
        ),
    ],
    "names that begin like a note": [
        *(
            "先父",
            "先富",
            "亡命",
            "慈禧",
            "严父",
            "严复",
            "爱新觉罗·启星",
            "家慈",
            "显荣",
            "父子明",
            "岳父",
            "岳飞",
        ),
        *(
            "回良玉",
            "藏克家",
            "男英",
            "女英",
            "母亲一",
            "公孙胜",
            "公输班",
            "王公义",
            "王公子",
            "李公朴",
            "满江红",
        ),
    ],
    "names that end like a note": [
        *(
            "王死亡",
            "王病",
            "王殁",
            "销户明",
            "李工资",
            "王户",
            "王长子",
            "李长女",
            "李次女",
            "王之孙",
            "欧阳之婴",
        ),
        *(
            "王养",
            "李医保",
            "王亲",
            "李丈夫",
            "王女",
            "李儿",
            "张孺人",
            "李老大",
            "王档",
            "王存",
            "李婴",
            "王遗",
        ),
    ],
    "names with a word that joins others": [
        *(
            "王代",
            "代玉",
            "李代桃",
            "李转运",
            "王转",
            "转华",
            "代王李",
            "王代李",
            "马转芳",
            "委明",
            "王委托",
            "张代伟",
        ),
    ],
    "names in other characters": [
        *(
            "金 철수",
            "김철수",
            "བསོད་ནམས",
            "ئەخمەت",
            "ᠪᠠᠲᠤ",
            "山田みどり",
            "高橋 ケン",
            "José",
            "Ngu\u0302yen",
            "สมชาย",
        ),
    ],
    "people's own names": [
        *(
            "王芳",
            "买买提·吐尔逊",
            "买买提•吐尔逊",
            "阿卜杜热依木·麦麦提",
            "扎西顿珠",
            "王李氏",
            "欧阳建国",
            "女 英",
        ),
        *("无忌", "无主明", "路倒明", "急明", "储明", "车明", "存明", "户明", "三无明"),
    ],
}


@each_cell("name", NOBODY)
def test_how_somebody_came_in_is_no_name(name):
    """Held until somebody says who it is."""
    assert name_finding(name) == ("name_placeholder", "name_notes")


@pytest.mark.parametrize("name", MISREAD)
def test_gbk_that_lost_its_eighth_bits_is_known(name):
    """As old mail carried it: 赵玉珍 became UTSqUd."""
    assert name_finding(name) == ("name_misread", "name_notes")


@each_cell("name", NOTED)
def test_a_note_around_a_name_is_asked_about(name):
    """A title of a funeral, a state, an account, kin, two names; or a sign that no name has."""
    assert name_finding(name) == ("name_with_more", "name_notes")


@each_cell("name", [name for listed in GOOD.values() for name in listed])
def test_whoever_is_really_called_so_is_asked_nothing(name):
    """A note's word may be part of a name."""
    found = name_finding(name)
    assert found is None or found.rule_set != "name_notes"


def test_good_names_are_more_than_the_bad():
    """And the commonest names of the country besides."""
    assert sum(map(len, GOOD.values())) >= len(NOBODY) + len(NOTED) + len(MISREAD)
    assert not [name for name in (a + b for a in COMMONEST for b in GIVEN) if name_finding(name)]


def test_they_hold_from_a_moment_of_their_own():
    """What the log took before is a warning."""
    rules = load_policy().acceptance
    since = rules.since["name_notes"]
    record_type, raw = record_given("death_certificate", name="急诊患者")
    old, new = (
        accept(record_type, raw, owner="health", rules=rules, taken_at=at)
        for at in (since - timedelta(milliseconds=1), since)
    )
    assert isinstance(old, Accepted)
    assert isinstance(new, Accepted)
    assert [one.code for one in old.warnings] == ["name_placeholder"]
    assert ([one.code for one in new.held], old.held) == (["name_placeholder"], ())
