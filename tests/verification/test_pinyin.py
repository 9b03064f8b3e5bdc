"""Headers in pinyin: the field that is meant is told, and nobody's name is taken for one."""

import re

from avro_schemas.catalogue import SHIPPED, record_types
from producers.reading.columns import vocabulary_of
from tests.cells import each_cell
from verification.names.pinyin import _data, _syllables, spellings

SPELLED = [
    ("medical_insurance", "xingming", "name"),
    ("medical_insurance", "XingMing", "name"),
    ("medical_insurance", "xing ming", "name"),
    ("medical_insurance", "xm", "name"),
    ("medical_insurance", "shenfenzheng", "id_number"),
    ("medical_insurance", "shenfenzhenghao", "id_number"),
    ("medical_insurance", "shenfenzhenghaoma", "id_number"),
    ("medical_insurance", "zhengjianhaoma", "id_number"),
    ("medical_insurance", "sfz", "id_number"),
    ("medical_insurance", "sfzh", "id_number"),
    ("medical_insurance", "SFZHM", "id_number"),
    ("medical_insurance", "gongminshenfenhaoma", "id_number"),
    ("medical_insurance", "jlbh", "record_id"),
    ("medical_insurance", "djsj", "recorded_at"),
    ("medical_insurance", "余额", "account_balance_fen"),
    ("medical_insurance", "zhanghuyue", "account_balance_fen"),
    ("medical_insurance", "grzhye", "account_balance_fen"),
    ("medical_insurance", "xianzhong", "scheme"),
    ("death_certificate", "siwangshijian", "death_time"),
    ("death_certificate", "siwangriqi", "death_time"),
    ("death_certificate", "swrq", "death_time"),
    ("death_certificate", "siyin", "death_cause"),
    ("death_certificate", "swyy", "death_cause"),
    ("death_certificate", "swdd", "death_place"),
    ("death_certificate", "xingbie", "sex"),
    ("death_certificate", "minzu", "ethnicity"),
    ("death_certificate", "mz", "ethnicity"),
    ("death_certificate", "csrq", "birth_date"),
    ("hukou_cancellation", "zhuxiaoriqi", "cancelled_at"),
    ("provident_fund", "gongzuodanwei", "employer"),
    ("application", "dianhua", "applicant.phone"),
    ("medical_insurance", "idcard", "id_number"),
    ("medical_insurance", "ID_Card_No", "id_number"),
    ("death_certificate", "Gender", "sex"),
    ("death_certificate", "birthday", "birth_date"),
    ("death_certificate", "death_certificate.record_id", "record_id"),
]
OTHERS = [
    *("Ye", "Yue", "An", "Xia", "Yu", "Mao", "Wang", "Zhang", "Li Si", "Ma Li", "Chen", "Wang Fang"),
    *("Ng", "Ha", "Le", "Ouyang", "Smith", "Xi", "Fu", "Zhao Yun", "beizhu", "abc", "id", "no", "x", "bm"),
    *("xinmin", "xmm", "shouji", "danwei", "dizhi", "riqi"),
]  # fmt: skip


@each_cell(("record_type", "written", "field"), SPELLED)
def test_a_column_in_pinyin_is_answered_with_its_field(record_type, written, field):
    """Old systems name their columns so."""
    names = vocabulary_of(record_type, SHIPPED).names
    assert names.nearest(written) == field
    assert names.means(written)


@each_cell("written", OTHERS)
def test_what_is_no_spelling_of_a_term_means_no_field(written):
    """Nobody's name is shown because it sounds like a column's."""
    assert not vocabulary_of("medical_insurance", SHIPPED).names.means(written)


def test_what_could_be_two_fields_is_none():
    """Else the wrong one would be named."""
    assert spellings({"姓名": "name", "项名": "item"}) == {"xingming": "name", "xiangming": "item"}


@each_cell("record_type", record_types())
def test_every_character_of_every_term_is_spelled(record_type):
    """A new term brings its syllables along."""
    others = (word for words in _data()["also"].values() for word in words)
    terms = "".join((*vocabulary_of(record_type, SHIPPED).names.terms, *others))
    assert set(re.findall(r"[\u4e00-\u9fff]", terms)) <= _syllables().keys()
