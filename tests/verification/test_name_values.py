"""What belongs into another column instead of a name, and more around a name; beside many real names."""

from datetime import timedelta

import pytest

from exchange.domain.policy import load_policy
from tests.cases import given as record_given
from tests.cells import each_cell
from tests.common_names import COMMONEST, GIVEN
from verification.acceptance import Accepted, accept
from verification.name_faults import name_finding

VALUES = [
    *("支气管哮喘", "多发伤", "褥疮", "保姆", "理发师", "粮农", "单身", "肺气肿"),
    *(
        "高血压病",
        "肝硬化失代偿",
        "脑梗后遗症",
        "已退休",
        "正常参保",
        "暂停缴费",
        "民办教师",
        "乡村医生",
        "离休干部",
    ),
    *("心梗", "脑梗", "病逝", "车祸身亡", "因公死亡", "低保", "特困", "残疾", "丧葬费"),
    *(
        "肺炎",
        "脑出血",
        "急性心力衰竭",
        "冠心病",
        "糖尿病",
        "肝癌",
        "多器官衰竭",
        "肾病综合征",
        "猝死",
        "溺水",
    ),
    *("交通事故", "自然死亡", "病故", "急性心肌 梗死", "胃炎\u200b", "晚期胃癌", "老年痴呆", "恶性淋巴瘤病"),
    *("农民", "退休", "退休人员", "无业", "干部", "个体户", "已婚", "丧偶", "未婚", "文盲", "小学", "群众"),
    *("居民", "职工", "城乡居民", "正常", "封存", "销户", "有效", "非农业户口", "Baby Boy", "newborn"),
    *("EMPLOYEE", "Resident", "ACTIVE", "female", "MALE", "Ｃｌｏｓｅｄ", "widowed", "retired"),
]
MORE = [
    *(
        "王芳 Wang Fang",
        "Wang Fang 王芳",
        "王 yan 芳",
        "WANG FANG MRS",
        "Smith, Mr. John",
        "Anna Berg, Ms",
        "Herr Müller",
        "王姓男子",
        "李明 Li",
        "金哲 Kim",
        "Kim 金哲 Chul",
    ),
    *("Mr. John Smith", "Mr John Smith", "Mrs Li", "Ms. Wang Fang", "Miss Li", "Dr. Li Ming", "Prof Wang"),
    *("MR. JOHN SMITH", "MRS LI", "Dr.Li"),
    *("baby of Li Fang", "Baby boy of Li Fang", "infant of Wang", "Son of Li Ming", "wife of Ali"),
    *(
        "户主王芳",
        "家属李明",
        "配偶张伟",
        "村民李建国",
        "参保人王芳",
        "被继承人赵强",
        "退休人员王建国",
        "持卡人 李明",
    ),
    *("李芳女婴", "王男婴", "欧阳芳婴儿", "王丽新生儿"),
]
MISREAD = [
    *("ｳﾂｾｲ", "НхЬј", "АоГч"),
    *("陈静".encode("gbk").decode("shift_jis"), "李明".encode("gbk").decode("cp1251")),
]
GOOD = {
    "names with a character of an illness": [
        *(
            "李炎",
            "王癌",
            "单身豪",
            "师傅明",
            "农丰收",
            "章太炎",
            "孙炎",
            "周炎",
            "霍去病",
            "辛弃疾",
            "王癸",
            "郑病己",
            "肖长炎",
            "肠明",
            "胃芳",
            "李肝胆",
        ),
        *(
            "高血",
            "白血",
            "王损",
            "司马炎",
            "王硬",
            "李中",
            "出云",
            "王梗",
            "脑子明",
            "心梗生",
            "马上风",
            "齐老年",
        ),
    ],
    "names like those of occupations and states": [
        *(
            "农民生",
            "农明",
            "工布",
            "干将",
            "师旷",
            "医明",
            "居正",
            "居里",
            "居民富",
            "职明",
            "钱正常",
            "常正",
            "封存礼",
        ),
        *(
            "安居民",
            "王退休",
            "李在职",
            "黄婚",
            "党员明",
            "王小学",
            "高中",
            "大本",
            "任群众",
            "王农民",
            "田自然",
        ),
        *("Mala", "Fema Lee", "Val Idris", "Natalie", "Akt Ivan", "Reid Ent", "Emily", "Closey", "Deceanne"),
    ],
    "names before which something could stand": [
        *("户明", "户主", "家明", "家属楼明", "配明", "村上春树", "居易", "白居易", "参明", "持明", "受明明"),
        *(
            "婴宁",
            "王婴",
            "子婴",
            "李子婴",
            "晏婴",
            "程婴",
            "王女",
            "李男",
            "胎明",
            "新生",
            "王新生",
            "李孩儿",
        ),
    ],
    "names in Latin letters": [
        *("MS Dhoni", "M S Dhoni", "M R Khan", "Md Rahman", "Mrinal Sen", "Missy Elliott", "Drew Barry"),
        *(
            "Profumo Li",
            "Ms",
            "Dr",
            "Baby",
            "Baby Kumar",
            "Infanta Li",
            "Sonof Ali",
            "Wilson Ofori",
            "Child Lee",
            "Miss",
        ),
        *(
            "A Li",
            "Maria de la Cruz",
            "Nguyễn Văn A",
            "O'Brien",
            "Jean-Luc",
            "van der Berg",
            "John Q. Public",
        ),
    ],
    "names in two kinds of characters that belong together": [
        *("一ノ瀬", "山田みどり", "金 철수", "李 A", "丁·O", "高橋 ケン", "買買提·艾力", "马 é"),
    ],
    "names in half-width kana and in Cyrillic": [
        *("ﾔﾏﾀﾞ", "ﾔﾏﾀﾞ ﾀﾛｳ", "ｽｽﾞｷ", "ﾀﾅｶ", "ｻﾄｳ", "ﾐｷ", "ﾅｶﾑﾗ", "ｺﾊﾞﾔｼ", "ﾏﾂｵ ﾊﾞｼｮｳ", "ｲﾄｳ"),
        *(
            "Иван",
            "Σωκράτης",
            "Ελένη",
            "ΓΙΩΡΓΟΣ",
            "ИВАНОВ",
            "Иванова Мария",
            "Мак-Грегор",
            "МакГрегор",
            "ДеСантис",
            "Ли",
            "ЛИ",
            "КИМ",
            "Пак",
            "Цой",
        ),
        *("О'Коннор", "Әлихан", "Ўткир", "Дугаров", "ван дер Берг", "Сүхбаатар"),
    ],
    "a person's own name": [
        *(
            "王芳",
            "李建国",
            "欧阳建国",
            "买买提·艾力",
            "阿卜杜热依木·麦麦提",
            "尕让措",
            "才让多杰",
            "卓玛",
            "索南 卓玛",
        ),
        *(
            "爱新觉罗·启星",
            "김철수",
            "བསོད་ནམས",
            "ئەخمەت",
            "ᠪᠠᠲᠤ",
            "王",
            "李㛃",
            "䶮",
            "𠮷田",
            "石头",
            "吴明",
            "贾明",
            "王李氏",
        ),
    ],
}


@each_cell("name", VALUES)
def test_what_belongs_into_another_column_is_no_name(name):
    """As where a sheet was sorted or pasted beside its header."""
    assert name_finding(name) == ("name_is_value", "name_values")


@each_cell("name", MORE)
def test_more_around_a_name_is_asked_about(name):
    """A second writing of it, a form of address, what somebody is, a child by its mother's name."""
    assert name_finding(name) == ("name_with_more", "name_values")


@pytest.mark.parametrize("name", MISREAD)
def test_gbk_read_in_an_encoding_of_japan_or_russia_is_known(name):
    """It reads as letters that nobody is called by."""
    assert name_finding(name) == ("name_misread", "name_values")


@each_cell("name", [name for listed in GOOD.values() for name in listed])
def test_whoever_is_really_called_so_is_asked_nothing(name):
    """The word may be part of a name, or the name of somebody."""
    found = name_finding(name)
    assert found is None or found.rule_set != "name_values"


def test_good_names_are_more_than_the_bad():
    """And the commonest names of the country besides."""
    assert sum(map(len, GOOD.values())) >= len(VALUES) + len(MORE) + len(MISREAD)
    assert not [name for name in (a + b for a in COMMONEST for b in GIVEN) if name_finding(name)]


def test_they_hold_from_a_moment_of_their_own():
    """What the log took before is a warning."""
    rules = load_policy().acceptance
    since = rules.since["name_values"]
    record_type, raw = record_given("death_certificate", name="肺炎")
    old, new = (
        accept(record_type, raw, owner="health", rules=rules, taken_at=at)
        for at in (since - timedelta(milliseconds=1), since)
    )
    assert isinstance(old, Accepted)
    assert isinstance(new, Accepted)
    assert [one.code for one in old.warnings] == ["name_is_value"]
    assert ([one.code for one in new.held], old.held) == (["name_is_value"], ())
