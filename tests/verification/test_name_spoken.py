"""What is said around a name, each kind beside many names of people who are really called so."""

from datetime import timedelta

import pytest

from exchange.domain.policy import load_policy
from tests.cases import given as record_given
from tests.cells import each_cell
from tests.common_names import COMMONEST, GIVEN
from verification.acceptance import Accepted, accept
from verification.name_faults import name_finding

BAD = [
    *("小王", "小李", "小张", "小刘", "小陈", "小赵", "小孙", "小马", "小周", "小吴", "小郑", "小欧阳"),
    *("老王", "老李", "老张", "老刘", "老马", "老林"),
    *("老高", "老欧阳", "老王头", "老李头", "小 王", "老\u3000李"),
    *("王大姐", "李大哥", "张大嫂", "刘大叔", "陈大婶"),
    *("赵大伯", "孙大姨", "周大舅", "张大姐\u200b", "王 大姐"),
    *("王叔叔", "李伯伯", "张婶婶", "赵婶子", "刘嫂子", "李婆婆"),
    *("王妈妈", "张爸爸", "王老太", "李老爹", "赵老爷子"),
    *("王桂芳大姐", "李建国大哥", "欧阳大姐", "張大姐", "王芳妈妈"),
    *("张主任", "李局长", "王书记", "马队长", "陈律师"),
    *("刘教授", "欧阳主任", "王经理", "赵村长", "李建国所长"),
    *("故王桂芳", "已故王桂芳", "故 李强", "王桂芳已故"),
    *("王桂芳 已故", "王桂芳-已故", "王桂芳–已死亡", "李强死者"),
    *("王桂芳本人", "欧阳建国逝者", "李强已去世"),
]  # fmt: skip
NOBODY = [
    "无名男",
    "无名女",
    "未知名",
    "不知名",
    "不知姓名",
    "姓名不知",
    "暂无姓名",
    "无姓无名",
    "ditto",
    "未 知 名",
    "Ditto",
]
GOOD = {
    "real names that begin with 小": [
        *("小林", "小田", "小高", "小石", "小金", "小江", "小白"),
        *("小龙", "小雷", "小熊", "小武", "小向", "小叶"),
        *("小林一郎", "小田和正", "小泉八云", "小野小町", "小岛", "小松"),
        *("小池", "小川", "小森", "小仓", "小山"),
        *("小明", "小红", "小梅", "小兰", "小花", "小妹", "小英"),
        *("小虎", "小玉", "小平", "小强", "小王子", "小李广"),
        *("小索南", "小卓玛", "小扎西", "小乔", "小凤仙", "小白菜"),
        *("小宛", "小戎", "小五", "小七", "小二", "小子"),
    ],
    "real names that begin with 老": [
        *("老舍", "老子", "老聃", "老莱子", "老志诚", "老广"),
        *("老冠祥", "老大", "老二", "老三", "老四", "老五"),
        *("老来", "老虎", "老根", "老莫多", "老扎西", "老鬼", "老向明", "老王才", "老陈皮"),
    ],
    "real names that begin with 阿": [
        *("阿依古丽", "阿不都", "阿不都热合曼", "阿里", "阿木"),
        *("阿卜杜拉", "阿孜古丽", "阿迪力", "阿牛", "阿甲"),
        *("阿旺", "阿桑", "阿炳", "阿来", "阿城", "阿成", "阿英"),
        *("阿明", "阿强", "阿龙", "阿王", "阿李", "阿马"),
        *("阿布", "阿西木", "阿娜尔", "阿丽玛", "阿訇马", "阿拉坦"),
        *("阿古拉", "阿都", "阿姨", "阿哥", "阿衣木沙"),
    ],
    "real names that begin with 大, 二 and other ranks": [
        *("大山", "大勇", "大娃", "二娃", "大和", "大王", "大李"),
        *("二妞", "三毛", "大有", "大妮", "大姐", "二姐"),
    ],
    "surname and a word that is a given name, too": [
        *("王二姐", "张三姐", "李三妹", "王姐", "王哥", "张叔"),
        *("李伯", "刘姨", "王嫂", "李妈", "陈婆", "赵爷"),
        *("王妹妹", "李姐姐", "张姑娘", "刘老根", "王老五", "李老三", "张老实", "马老二", "赵老四", "孙老大"),
        *("王将军", "李博士", "张司令", "王医生", "赵军长", "刘师长"),
        *("高会计", "马干部", "周战士", "罗总", "王老"),
        *("王局", "李处", "张科", "刘总", "陈队", "王师", "李工"),
        *("张老", "马老", "王太", "李氏", "王李氏", "林公"),
        *("李大", "张大", "王大钊", "李大钊", "王大山", "刘大成"),
        *("陈大文", "赵大伟", "孙大海", "周大勇", "吴大姓"),
        *("郝大", "王大姐儿", "王大哥大", "张大婶娘", "李小王"),
        *("张小李", "王小马", "周小陈", "王老王", "刘小刘"),
    ],
    "names that hold such a word, but not at their end": [
        *("王主任明", "李书记国", "张村长春", "赵局长安", "刘队长青"),
        *("陈经理文", "马老板栗", "王妈妈提", "伯伯克", "妈妈提"),
        *("叔叔比", "书记明", "主任强", "大叔本华", "大哥伦布", "婆婆丁"),
        *("律师表", "老板凳", "老头山", "王书", "李记"),
    ],
    "the word alone, or behind what is no surname": [
        *("大姐", "大哥", "主任", "书记", "婆婆", "妈妈", "老头"),
        *("老板", "律师", "护士", "教授", "镇长", "伯伯"),
        *("吐尔逊", "热依汗", "买买提大叔", "阿力木大哥", "扎西大姐", "才让书记"),
        *("央金妈妈", "·王", "王", "小", "老"),
    ],
    "names whose last characters are like such a word": [
        *("王长", "李院", "张校", "刘所长江", "陈长生", "王社长根"),
        *("李队生", "马主", "赵任", "周书", "吴纪", "郑理"),
        *("何经", "高律", "罗师", "梁护", "宋士", "谢教", "韩授"),
        *("唐法", "冯官", "于警", "董站", "萧厂", "程组"),
    ],
    "surname before a name that begins with 小, 老 or 阿": [
        *("王小明", "李小龙", "张小凡", "刘小红", "陈小春"),
        *("王小丫", "赵小兰", "王阿姨妈", "李阿妹", "张阿牛"),
        *("王老虎", "李老黑", "张老七", "刘老庄", "林小林", "高小高", "孙小圣", "周小川", "吴阿敏", "郑小瑛"),
    ],
    "names that hold a word about the dead, or for nobody": [
        *("故里", "故宫", "李故", "王故人", "张已", "王本", "李本人"),
        *("王死", "安逝", "故乡", "已扎", "王亡者", "佟无名"),
        *("白无名", "未知", "知名", "王知名", "李不知", "无名"),
        *("名男", "王未知名", "Dittmar", "Ditto Smith", "故·王", "李日新"),
        *("王本仁", "张其本", "故买买提", "故阿不都", "王建国-李", "李-强", "马死不了"),
    ],
    "names in other letters": [
        *("Xiao Wang", "Lao Li", "Uncle Sam Lee", "小王 Smith", "Wang Dajie"),
        *("Auntie", "김소왕", "小さん", "老舗"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", NOBODY)
def test_what_says_that_there_is_no_name_is_none(name):
    """It is held like other words of its kind."""
    assert name_finding(name) == ("name_placeholder", "name_spoken")


@each_cell("name", BAD)
def test_a_form_of_address_or_a_word_beside_a_name_is_told(name):
    """Whoever compares it with a card must know that it is not what stands on it."""
    assert name_finding(name) == ("name_with_more", "name_spoken")


@each_cell("name", [name for listed in GOOD.values() for name in listed])
def test_whoever_is_really_called_so_is_asked_nothing(name):
    """The word may be part of a name, or the name of somebody."""
    found = name_finding(name)
    assert found is None or found.rule_set != "name_spoken"


def test_good_names_are_more_than_two_hundred_and_more_than_the_bad():
    """And the commonest names of the country besides."""
    assert sum(map(len, GOOD.values())) >= max(200, len(BAD))
    assert not [name for name in (a + b for a in COMMONEST for b in GIVEN) if name_finding(name)]


@pytest.mark.parametrize("before", [True, False])
def test_a_form_of_address_goes_with_the_record_and_hinders_nothing(before):
    """Before its moment and after."""
    rules = load_policy().acceptance
    since = rules.since["name_spoken"]
    record_type, raw = record_given("death_certificate", name="王大姐")
    moment = since - timedelta(milliseconds=1) if before else since
    told = accept(record_type, raw, owner="health", rules=rules, taken_at=moment)
    assert isinstance(told, Accepted)
    assert not told.held
    assert [(one.code, one.field) for one in told.warnings] == [("name_with_more", "name")]
