"""Names that are plainly damaged, each kind beside as many good ones that only look like it."""

from hypothesis import given
from hypothesis import strategies as st

from tests.cells import each_cell
from tests.common_names import GIVEN, SURNAMES
from tests.examples import share
from tests.strategies import names
from verification.acceptance_rules import FAULTS
from verification.long_numbers import shown_name
from verification.names.faults import name_fault
from verification.names.keys import same_name
from verification.names.surnames import compound_surnames, single_surnames
from verification.private_use import standard_name

BAD = {
    "name_damaged": [
        *(
            "王\ufffd芳",
            "\ufffd\ufffd",
            "李\ue000明",
            "\uf8ff强",
            "张\ue5e5",
            "赵\U000f0000敏",
            "孙\U00100001丽",
        ),
        *("周\ufffc梅", "吴\ufffb", "买买提\ufffd艾力", "Wang \ufffdang", "郑\ufdd0爽", "冯\ue864"),
    ],
    "name_is_number": [
        *(
            "620502194711020686",
            "62050219471102068X",
            "６２０５０２１９４７１１０２０６８６",
            "620502 19471102 0686",
        ),
        *(
            "620502471102068",
            "13800138000",
            "138-0013-8000",
            "(0938)8211234",
            "6217000012345678901",
            "E12345678",
        ),
        *("USA110070020316", "+86 13800138000", "G1234567", "A123456(7)", "00017"),
    ],
    "name_placeholder": [
        *("无法辨认", "字迹不清", "看 不 清", "外籍人士", "拒绝提供"),
        *("合计", "备注", "以下空白", "五保户", "未知名男尸", "不明身份男子", "无主尸体"),
        *("NULL", "null", "None", "N/A", "n/a", "NA", "#N/A", "undefined", "无", "未知", "不详", "姓名不详"),
        *("无名氏", "某某", "-", "—", "/", "...", "1", "0", "???", "□□", "***", "女", "男", "测试", "待补充"),
        *(
            "同上",
            "no name",
            "test",
            "无 名 氏",
            "ＮＵＬＬ",
            "死者",
            "暂无",
            "(null)",
            "(NULL)",
            "…",
            "、",
            "。",
        ),
        *(
            "待查明",
            "未查明",
            "待核",
            "查无此人",
            "不清楚",
            "身份待查",
            "暂未取名",
            "见附件",
            "同上行",
            "演示数据",
        ),
        *("测试姓名", "无名男婴", "流浪人员", "待 起 名", "n.a.", "N.A.", "Not Known", "no data"),
        *("NaT", "to be confirmed", "\u3164", "\u115f", "保密", "申请人"),
    ],
    "name_escaped": [
        *(
            "王&#134071;芳",
            "王&#x20BB7;芳",
            "王\\u20bb7芳",
            "王\\U00020BB7芳",
            "王&nbsp;芳",
            "Smith &amp; Son",
        ),
        *("王\\n芳", "%E7%8E%8B%E8%8A%B3", "=?utf-8?B?546L6Iqz?=", "=E7=8E=8B", "<br>", "王<b>芳</b>"),
        *("王U+20BB7芳", "王&lt;芳", "&#29579;&#33459;", "王\\x5b", "王\\u{20bb7}芳", "O&#39;Brien"),
    ],
    "name_misread": [
        *(
            "鐜嬭姵",
            "鏉庡己",
            "寮犲皬鑺",
            "娆ч槼寤哄浗",
            "涔颁拱鎻惵疯壘鍔",
            "çŽ‹èŠ³",
            "æŽå¼º",
            "å¼ å°",
            "çŽ",
            "æŽ",
        ),
        *("ÍõÇ¿", "ÕÅ¹ðÀ¼", "À\u00ee·¼", "лӢ", "锟斤拷", "王锟斤拷", "烫烫烫", "ï»¿王芳", "JosÃ©", "MÃ¼ller"),
    ],
    "name_with_digits": [
        *(
            "王芳13800138000",
            "王芳2",
            "2王芳",
            "张三1",
            "王芳①",
            "李强（1）",
            "王芳２",
            "王 芳 3",
            "李4",
            "Wang Fang 2",
        ),
        *("王芳1950-01-01", "01王芳", "王芳٣"),
    ],
    "name_with_gaps": [
        *(
            "王?芳",
            "王？芳",
            "王□芳",
            "王■芳",
            "王〓芳",
            "王*芳",
            "王＊＊",
            "王某某",
            "李某",
            "王○芳",
            "王×芳",
            "王_芳",
        ),
        *("王●芳", "李●华", "王 ● 芳", "李●建国", "欧阳●芳", "王●●芳", "买买提·艾●力", "王●芳\u200b"),
        *("王X芳", "李xx", "王yan芳", "王…芳", "王..", "张※", "王芳﹏", "王▯", "?芳", "王fang"),
    ],
    "name_with_more": [
        *(
            "经办人李强",
            "民警李明",
            "患者：王芳",
            "王芳同志",
            "王芳骨灰",
            "王芳的母亲",
            "王芳之夫",
            "王芳又名王桂芳",
        ),
        *(
            "'王芳",
            "＇王芳",
            "‘王芳",
            "`王芳",
            "王芳'",
            "王芳´",
            ".王芳",
            "王芳.",
            "-王芳",
            "王芳-",
            "·王芳",
            "王芳·",
        ),
        *(
            "王芳；李强",
            "王芳,李强",
            "王芳，李强",
            "王芳/李强",
            "王芳、李强",
            "王芳(男)",
            "王芳（又名王小芳）",
            "王芳 女",
        ),
        *(
            "@王",
            "=王芳",
            "王芳先生",
            "王芳女士",
            "“王芳”",
            "王芳:",
            "[王芳]",
            "王芳\u3000男",
            "王芳+李强",
            "王芳|李强",
        ),
        *("张先生", "王女士", "王师傅", "李老师", "刘大爷", "欧阳太太", "陈 奶奶", "王桂芳阿姨"),
        *("王芳手机", "王芳 身份证", "李明之墓", "王芳王芳", "王桂芳王桂芳", "欧阳修欧阳修"),
        *("王芳等", "王芳等人", "王芳等三人", "买买提·艾力等", "王芳夫妇", "李明一家三口", "欧阳建国兄弟"),
        *("王芳和李明", "王芳与李明", "王芳及李明", "王芳以及李明华", "欧阳建国和司马青", "王和平和李明"),
        *("王芳和李明和张伟", "王芳及其妻李明", "王芳 李明", "王芳\u3000李明华", "王建国 李秀兰 张伟"),
        *("欧阳建国 王芳", "王芳\t李明", "Wang Fang and Li Ming", "張偉和劉洋", "王芳 和 李明"),
    ],
    "name_with_lookalikes": [
        *("王⼥芳", "⾺强", "李⼭", "王㆒", "王㊛芳", "㊚强", "王㊥", "王🈯", "王ㄚ芳", "王ㄧ"),
        *("王а芳", "а王", "王α芳", "Ivаn", "Іvanov", "Wаng Fang", "王Ω"),
        *("王ニ小", "王ー", "ハ斤", "丁エ", "李小ロ"),
    ],
    "name_is_value": [
        *("肺炎", "脑出血", "急性心力衰竭", "糖尿病", "猝死", "自然死亡", "农民", "已婚", "丧偶", "退休"),
        *("居民", "封存", "FEMALE", "Employee"),
    ],
    "name_is_office": [
        *(
            "陇南市民政局",
            "武都区殡仪馆",
            "天水市第一人民医院",
            "秦州区公安分局",
            "甘泉镇派出所",
            "太京村村委会",
        ),
        *("天水市救助站", "秦安县敬老院", "民政局", "殡仪馆", "市医院", "甘肃银行", "本公司"),
        *(
            "天水市",
            "甘谷县",
            "秦州区",
            "甘肃省天水市",
            "麦积区甘泉镇太京村",
            "张家川回族自治县",
            "天水市公墓",
        ),
        *(
            "秦安县第一中学",
            "陇南市 民政局",
            "武山县人民政府",
            "街道办事处",
            "天水市救助管理站",
            "县疾控中心",
        ),
    ],
}
GOOD = {
    "usual names of all decades": [a + b for a, b in zip(SURNAMES[::9], GIVEN, strict=False)],
    "names that hold a word for persons or papers": [
        *(
            "李同志",
            "安之夫",
            "王之母",
            "总其成",
            "郑重复",
            "段小计",
            "丁骨灰",
            "向又明",
            "向有名",
        ),
        *(
            "向晓",
            "包合",
            "总志强",
            "备战国",
            "白重复",
            "李患",
            "石无主",
            "罗双",
            "田低保",
            "许乱",
            "单亡",
            "韦别名",
        ),
    ],
    "rare characters, and characters that old files have as private ones": [
        *(
            "𠮷野",
            "李㛃",
            "张𬍤",
            "刘䶮",
            "刘\ue863",
            "王𬬭",
            "马骉",
            "朱\u9fd4",
            "陈\U00031350",
            "孙\U000323b0",
        ),
        *("赵\u4dbf", "钱\uf92c", "覃\U0002ebf0", "闫妮", "𫍽明", "王龘"),
    ],
    "words that are a placeholder's only in part": [
        *(
            "王无",
            "无双",
            "空海",
            "未央",
            "不二",
            "李测",
            "侯空",
            "Nullah",
            "Nil Young",
            "Testa",
            "Nathan",
            "Na",
            "白无常",
        ),
        *("王同上", "佟无名", "王男", "李女", "男孩", "女娲", "Noname Smith", "方略", "Tes Ter"),
    ],
    "names like escapes": [
        *(
            "O'Brien",
            "O’Brien",
            "D‘Angelo",
            "U Thant",
            "Ng",
            "Li",
            "Xi",
            "U Nu",
            "Amp Smith",
            "Nbsp Lee",
            "R. Smith",
        ),
    ],
    "names whose bytes are possible in two encodings": [
        *(
            "谢英",
            "孙平",
            "李强",
            "濮存昕",
            "阚清子",
            "逯斌",
            "缪芳",
            "宓妮",
            "穰荣",
            "娅",
            "婷婷",
            "琪琪格",
            "Müller",
        ),
        *(
            "José",
            "Žižek",
            "Ñuñez",
            "Åsa",
            "Øystein",
            "Łukasz",
            "Đặng Thái Sơn",
            "Иванов",
            "浜崎",
            "さくら",
            "김철수",
        ),
        *("Šárka", "Françoise", "Zoë", "Ærø", "محمد", "संजय"),
    ],
    "names with a word that joins, or that ends a list": [
        *(
            "郑和",
            "和珅",
            "和文光",
            "李和平",
            "李清和",
            "欧阳和平",
            "孟和",
            "王与之",
            "施及甫",
            "冯及时",
            "和与同",
        ),
        *(
            "王等",
            "王等闲",
            "王平等",
            "李高等",
            "阿不都和卓",
            "艾沙和加木",
            "佐佐木和夫",
            "大和田伸也",
            "高桥和希",
        ),
        *("张与时", "公西等", "方暨明", "周一家", "刘兄弟", "陈李和平", "Sandy Anderson", "And Lee"),
    ],
    "two words that are one name": [
        *("欧阳 建国", "李 秀 兰", "王 芳芳", "诸葛 孔明", "司马 相如", "钟离 春", "陈方 安生", "何黄 金凤"),
        *("桑吉 卓玛", "索南 卓玛", "扎西 才让", "白玛 央金", "罗布 顿珠", "买买提 艾力", "马木提 艾力"),
        *("罗伯特 史密斯", "马丁 路德", "高桥 和子", "乌云 高娃", "金 正恩", "林郑 月娥"),
    ],
    "names like a place or an office": [
        *("王市", "李县", "张区", "上官县", "李村", "王新村", "吴梅村", "李国镇", "王思乡", "张三省", "李州"),
        *(
            "王局",
            "李院",
            "王中心",
            "张大学",
            "王医生",
            "木村",
            "田村正和",
            "王路",
            "高公望",
            "司公平",
            "万里江",
        ),
    ],
    "numbers in words": [
        *(
            "王一",
            "张三",
            "李四",
            "丁一",
            "第五文",
            "万三千",
            "陆九渊",
            "尧十三",
            "刘〇",
            "〇儿",
            "Henry VIII",
            "Elizabeth II",
        ),
    ],
    "names of one character and of many": [
        *(
            "王",
            "欧阳",
            "𠮷",
            "李",
            "陈冯富珍",
            "欧阳建国",
            "爱新觉罗·启星",
            "阿不都热合曼·买买提·艾力",
            "司马相如",
        ),
        *("张王李赵", "热孜万古丽·依明", "扎西才让", "布尔布达嘎", "范徐丽泰"),
    ],
    "names in other scripts, and dots that are discs": [
        *("一ノ瀬泰造", "三ツ矢雄二", "茅ヶ崎", "山田はな", "佐々木ノゾミ", "高橋ナナ", "ニコ", "スズキ"),
        *("カトー", "林ハナ", "女娲", "石女", "马山", "乙一", "丁二小", "王口", "力夫", "阿姨"),
        *("Иванов Иван", "Ёлкина", "Γιώργος", "Ωμέγα", "Иванов 伊万", "伊万 Иванов", "김 Иван", "Љубица"),
        *("买买提●艾力", "阿依古丽●吐尔逊", "欧阳●建国", "扎西●卓玛", "王太", "李师", "太太"),
        *("王王", "李李", "欢欢", "央金央金", "王芳王", "王墓", "李电", "王之", "林遗", "才让才让"),
    ],
    "names of several parts": [
        *(
            "买买提·艾力",
            "买买提•艾力",
            "买买提．艾力",
            "王 芳",
            "王\u3000芳",
            "王\u00a0芳",
            "王芳\u3000\u3000",
            "Wang Fang",
        ),
        *(
            "Smith, John",
            "Jean-Paul",
            "让-保罗·萨特",
            "J. R. R. Tolkien",
            "de la Cruz",
            "Nguyễn Văn An",
            "ʻAkau",
        ),
        *(
            "李 男",
            "\u200e王桂芳",
            "王桂芳\u200b",
            "王桂芳\ufeff",
            "张伟\u00ad",
            "王\ufe0f芳",
            "王\u2060芳",
            "王氏",
            "王李氏",
        ),
    ],
}


def _pairs(table):
    return [(kind, name) for kind, listed in table.items() for name in listed]


@each_cell(("code", "name"), _pairs(BAD))
def test_a_damaged_name_is_told_by_its_kind(code, name):
    """Whoever compares this name with a person's must know that it is none, or not the whole."""
    assert name_fault(name) == code


@each_cell(("kind", "name"), _pairs(GOOD))
def test_a_good_name_passes_without_a_word(kind, name):
    """Nobody is asked about their name because it is rare."""
    assert name_fault(name) is None


def test_every_kind_has_at_least_ten_names_and_good_ones_are_as_many():
    """A rule that refuses is shown beside what it lets pass."""
    assert set(BAD) == set(FAULTS)
    assert all(len(listed) >= 10 for listed in (*BAD.values(), *GOOD.values()))
    assert len(_pairs(GOOD)) >= len(_pairs(BAD))


@given(names())
def test_usual_names_pass(name):
    """Names made of ten surnames and the given names of a generation."""
    assert name_fault(name) is None


def test_no_surname_with_any_of_the_usual_characters_is_suspected():
    """Every hundredth of all surnames × 6 763 characters of GB 2312: no usual name of two characters."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    hanzi = [found for pair in rows if (found := pair.decode("gb2312", "ignore"))]
    surnames = sorted({*single_surnames(), *compound_surnames()})
    places = share(range(0, len(surnames) * len(hanzi), 100))
    tried = (surnames[place // len(hanzi)] + hanzi[place % len(hanzi)] for place in places)
    suspected = [name for name in tried if name_fault(name)]
    assert [name for name in suspected if not name.endswith(("某", "囗"))] == []


@each_cell("good", ["王芳", "李强", "张小芳", "欧阳建国", "孙平", "赵桂兰"])
@each_cell("read_as", ["gbk", "gb18030", "cp1252", "latin-1", "cp1251", "mac_roman"])
def test_utf8_read_in_another_encoding_is_never_a_good_name(good, read_as):
    """However it was read: what could not be read stands as U+FFFD, or as a question mark."""
    misread = good.encode().decode(read_as, "replace")
    assert name_fault(misread) in {"name_damaged", "name_misread"}
    assert name_fault(misread.replace("\ufffd", "?")) is not None


@each_cell("good", ["王芳", "李强", "张小芳", "欧阳建国", "谢英", "赵桂兰"])
@each_cell("read_as", ["utf-8", "cp1252", "latin-1"])
def test_gbk_read_in_another_encoding_is_never_a_good_name(good, read_as):
    """谢英 in GBK is valid UTF-8, and comes out as two letters."""
    misread = good.encode("gbk").decode(read_as, "replace")
    assert name_fault(misread) in {"name_damaged", "name_misread"}


@given(st.text(min_size=1))
def test_any_text_is_judged(text):
    """Whatever stands in the field of a name."""
    assert name_fault(text) in {None, *FAULTS}


def test_the_private_use_character_of_older_files_is_the_one_of_the_standard():
    """U+E863 and 䶮 are one: GB 18030 had no place for it in Unicode before."""
    assert standard_name("刘\ue863") == "刘䶮"
    assert same_name("刘\ue863", "刘䶮")
    assert shown_name("刘\ue863") == "刘䶮"


@each_cell(
    ("name", "shown"),
    [
        ("620502194711020686", "620***86"),
        ("62050219471102068X", "620***8X"),
        ("620502 19471102 0686", "620***86"),
        ("６２０５０２１９４７１１０２０６８６", "６２０***８６"),
        ("王芳13800138000", "王芳1***0"),
        ("620502-19471102.0686", "620***86"),
        ("620502\u200b194711020686", "620***86"),
        ("E12345678", "E***8"),
        ("6205_0219_4711_0206_86", "620***86"),
        ("6205,0219,4711,0206,86", "620***86"),
        ("6205、0219、4711、0206、86", "620***86"),
        ("620502—194711020686", "620***86"),
        ("A123456(7)", "A***7)"),
        ("Wang Fang13800138000", "Wang Fang1***0"),
        ("王芳2", "王芳2"),
        ("Henry VIII", "Henry VIII"),
        ("李四0102", "李四0102"),
        ("王芳", "王芳"),
    ],
)
def test_a_number_for_a_name_is_never_shown_whole(name, shown):
    """Whoever reads names is not told numbers."""
    assert shown_name(name) == shown
