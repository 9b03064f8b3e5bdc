"""Names of columns: what a type knows, requires, and what somebody probably meant."""

from avro_schemas.catalogue import SHIPPED, record_types
from producers.reading.columns import vocabulary_of
from tests.cells import each_cell


@each_cell("record_type", record_types())
def test_every_type_requires_its_record_id_and_lacks_nothing_if_all_is_there(record_type):
    """The rule comes from the schema: a new type needs no code."""
    vocabulary = vocabulary_of(record_type, SHIPPED)
    assert vocabulary.missing(())[:4] == ["record_id", "recorded_at", "id_number", "name"]
    tops = [name for name in vocabulary.fields if "." not in name]
    assert vocabulary.missing(tuple(map(vocabulary.column, tops))) == []


@each_cell(
    ("written", "meant"),
    [
        ("RecordID", "record_id"),
        ("death-time", "death_time"),
        ("deathtime", "death_time"),
        ("nmae", "name"),
        ("身份证号", "id_number"),
        ("公民身份号码", "id_number"),
        ("死亡原因", "death_cause"),
        ("民族", "ethnicity"),
        ("登记时间", "recorded_at"),
        ("icd10", "death_cause_icd10"),
    ],
)
def test_the_nearest_field_is_told(written, meant):
    """In English letters or by the Chinese term of the schema."""
    assert vocabulary_of("death_certificate", SHIPPED).names.nearest(written) == meant


@each_cell(
    "written", ["王桂芳", "620503195001010118", "foo", "", "x", "2025-09-01", "电话", "李秀兰", "123", "张三"]
)
def test_what_is_near_to_nothing_gets_no_answer(written):
    """Least of all a person's name."""
    assert vocabulary_of("death_certificate", SHIPPED).names.nearest(written) is None
