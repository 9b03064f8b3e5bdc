"""What somebody is instead of who, and boxes for characters, beside many real names like these."""

NOBODY = [
    *("父亲", "母亲", "妻子", "老伴", "丈夫", "爱人", "儿子", "女儿", "长子", "次女", "岳母", "外祖父"),
    *("爷爷", "哥哥"),
    *("父 亲", "母亲\u200b", "监护人", "继承人", "系统管理员", "管理员", "操作员", "系统用户"),
    *("工作人员", "录入员"),
    *("admin", "Administrator", "SYSTEM", "User Name", "John Doe", "Jane Doe", "FNU LNU", "Name Unknown"),
    *("redacted",),
    *("UNKNOWN UNKNOWN", "Unknown, Unknown", "null null", "test test", "none none"),
    *("unknown test",),
    *("未知未知", "未知 未知", "不详不详", "父亲父亲", "姓名姓名", "Unknown  Unknown"),
    *("无法提供姓名", "拒绝提供姓名", "不愿透露姓名", "未提供姓名", "姓名无法核实", "姓名未提供"),
    *("姓名保密", "没有名字"),
    *("无法确认真实姓名", "真实姓名待核实", "姓名缺失", "忘记姓名", "姓名看不清", "囗囗", "〇〇"),
    *("〇〇〇", "囗", "口口"),
]  # fmt: skip
GAPS = [
    *("王〇〇", "李〇〇", "王〇〇芳", "欧阳〇〇", "王 〇〇", "王〇〇〇", "王囗芳", "王囗", "囗芳"),
    *("王芳囗", "李囗囗"),
    *("王口口", "王口口芳", "买买提·囗", "王囗 芳", "赵〇〇\u200b"),
]  # fmt: skip
MORE = [
    *("王芳-女", "王芳－女", "王芳 - 女", "王桂芳-女性", "李建国-男", "欧阳建国-男"),
    "女-王芳",
    *("王芳--女", "马明-回族", "王芳-汉族", "王芳-\u200b女"),
]  # fmt: skip
GOOD = {
    "names with the zero of years": [
        *("李〇一", "刘〇", "〇儿", "王〇", "王〇芳", "赵〇", "张一〇", "周〇明", "陈小〇", "吴〇"),
        *("孙七〇",),
        *("李〇", "林〇夫", "白〇", "方〇生"),
    ],
    "names with a mouth or an enclosure in a character": [
        *("山口", "山口一郎", "井口昇", "口丰", "王口", "王口芳", "李口", "田口", "野口英世", "川口"),
        *("谷口吉生", "马口"),
        *("王回", "回良玉", "国强", "王国", "李因", "王固", "张围", "王日", "吕布", "王吕", "李品"),
        *("王品芳", "哭娃", "赵器"),
        *("王圆圆", "田田", "回回", "吕吕", "王品品", "李晶晶", "吴石口"),
    ],
    "names that hold a word for a relative": [
        *("老舍", "老子", "老伴儿", "父明", "王父", "王母", "李妻", "母其弥雅", "亲亲", "王亲", "父国强"),
        *("母建国", "子路", "子夏", "女娲", "妻木", "孙兵", "孙英", "孙儿", "孙立人", "公孙丑"),
        *("公孙胜", "王子", "王子文", "李子", "哥舒翰", "弟王", "妹喜", "姐己", "岳明", "岳飞"),
        *("岳母山", "外明", "长孙无忌", "长子口", "次仁", "次旦", "爱新觉罗", "爱人民", "丈夫国", "夫差"),
        *("继红",),
        *("养浩", "祖母英", "祖冲之", "祖父江", "爷爷岭", "奶奶庙", "儿玉", "女真", "婿水", "媳妇镇"),
        *("监利",),
    ],
    "names like those of roles and systems": [
        *("系明", "管理", "管仲", "员半千", "管理明", "操明", "默默", "工布", "司马员", "录明", "访秋"),
        *("王管理",),
        *("Adam In", "Ada Min", "Sys Temm", "John Dole", "Jane Dove", "John Doering", "Guest"),
        *("Edgar Guest", "Roots Lee"),
        *("Admiral Wang", "User Ali", "Fnu Tashi", "First Li", "Last Wang", "Nemo Lee"),
    ],
    "one word twice, or several short ones": [
        *("Nan Nan", "Nan Li", "Li Li", "Nana Nana", "Anna Anna", "Mimi Mimi", "Na Na", "Noname Li"),
        *("Null Li",),
        *("Test Wang", "Unknown Li", "Nil Nil", "王王", "李李", "丽丽", "王丽丽", "芳芳", "明明"),
        *("王芳芳", "欢欢", "Wang Wang"),
        *("John Null", "Jennifer Null", "Christopher Null", "Tess Ting", "None Nonez"),
    ],
    "names like a sentence": [
        *("无名鸟", "名字山", "姓名章", "未名", "未央", "未明子", "不凡", "无忌", "无双", "没藏讹庞"),
        *("无量", "不二", "未来"),
        *("王未名", "李无名", "姓王", "名扬", "王名", "保明", "名木", "姓海"),
    ],
    "names with a hyphen, and with what could be a sex or a people": [
        *("王芳女", "李男", "王胜男", "王亚男", "李若男", "张男", "马女", "王女", "李-强", "Wang-Nü"),
        *("Wang-Nan", "Mary-Ann"),
        *("王-李芳", "范-迪塞尔", "让-皮埃尔", "安-玛丽", "胜男", "汉军", "王汉", "李满", "藏天朔"),
        *("回小春",),
        *("蒙恬", "满江红", "男一", "女英", "王男男", "黄女女", "三毛-李", "玛丽", "Jean-Luc"),
        *("阿依-努尔", "金-汉"),
    ],
    "a person's own name": [
        *("王芳", "李建国", "欧阳建国", "司马相如", "买买提·艾力", "阿卜杜拉", "卓玛", "才让"),
        *("O'Connor", "José Muñoz", "김철수"),
        *("田中一郎", "Nguyễn Văn A", "王", "李一", "一二", "丁一", "龚䶮", "𠮷田", "王系", "郝员外"),
        *("刘管", "祁连山", "洪福"),
    ],
}  # fmt: skip
TOLD = {"name_placeholder": NOBODY, "name_with_gaps": GAPS, "name_with_more": MORE}
"""Code → the names of which it is told."""
