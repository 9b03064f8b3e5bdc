"""JSON values: read as fast as before, and refused where an object holds a key twice."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.reading.json_values import RepeatedKeyError, no_json, read_json
from tests.cells import each_cell

TWICE = [
    ("beside each other", '{"a":1,"a":2}', "a"),
    ("with equal values", '{"a":1,"a":1}', "a"),
    ("with null", '{"a":1,"a":null}', "a"),
    ("the record", '{"type":"notary","record":{"name":"王"},"record":{"name":"李"}}', "record"),
    ("within", '{"record":{"name":"王","name":"李"}}', "name"),
    ("deep within", '{"a":[{"b":[{"c":{"d":1,"d":2}}]}]}', "d"),
    ("in what is thrown away", '{"a":{"b":1,"b":2},"a":3}', "b"),
    ("in the last of a list", '[{"a":1},{"a":1},{"b":1,"b":2}]', "b"),
    ("with blanks before the colon", '{"a" :1,"b":2,"a" :3}', "a"),
    ("with a line break before the colon", '{"a"\n:1,"a":2}', "a"),
    ("written with an escape", '{"name":1,"n\\u0061me":2}', "name"),
    ("beside text that looks like a key", '{"a":"\\u0022:","b":1,"b":2}', "b"),
    ("beside an escaped quotation mark", '{"a":"\\":","b":1,"b":2}', "b"),
    ("an empty key", '{"":1,"":2}', "***"),
    ("a key that may be a value", '{"王桂芳":1,"王桂芳":2}', "***"),
    ("three times", '{"a":1,"a":2,"a":3}', "a"),
]  # fmt: skip
ONCE = [
    '{"type":"notary","record":{"name":"王","name_2":"李"}}',
    '{"a":1,"A":2}',
    '{"a":{"a":{"a":1}},"b":{"a":2}}',
    '[{"a":1},{"a":2}]',
    '{"a" : 1 , "b"\t:2}',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '{"a":"\\u0022a\\u0022:1"}',
    '{"a":"x\\":","b":"\\":\\":"}',
    '{"\\u0061":1,"b":2}',
    '{"a":"},{"}',
    ' \t{"a":1} ',
    "{}",
    "[]",
    '"text"',
    "3",
    "null",
    '{"a": ' + "[" * 300 + "]" * 300 + "}",
    '{"a":1e400}'.replace("1e400", "1e40"),
    '{"a":123456789012345678901234567890}',
]  # fmt: skip


@each_cell(("text", "key"), [one[1:] for one in TWICE], ids=[one[0] for one in TWICE])
def test_a_key_that_stands_twice_is_refused(text, key):
    """One reader takes the first, another the last; nobody can know which name was meant."""
    for form in (text, text.encode()):
        with pytest.raises(RepeatedKeyError) as refused:
            read_json(form)
        assert refused.value.shown == key
        assert refused.value.value == orjson.loads(text)


@each_cell("text", ONCE)
def test_whatever_else_is_written_is_read_as_before(text):
    """Keys may come again elsewhere, and in text."""
    assert read_json(text) == orjson.loads(text)
    assert read_json(text.encode()) == orjson.loads(text)


@each_cell("text", ["", "{", "not json", '{"a":NaN}', '{"a":1,}', "{'a':1}", b"\xff", '"\\ud800"'])
def test_what_is_no_json_is_told_apart(text):
    """It is refused with the same error as before."""
    with pytest.raises(ValueError, match=r"."):
        read_json(text)


_VALUES = st.recursive(
    st.none() | st.integers(-5, 5) | st.text('":\\ a\n', max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(st.text('":a b', max_size=2), inner), max_size=3).map(tuple)
    ),
    max_leaves=8,
)


def written(value, colon):
    """JSON of it; a tuple is an object, whose keys may come again."""
    if isinstance(value, tuple):
        return "{" + ",".join(json.dumps(k) + colon + written(v, colon) for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(item, colon) for item in value) + "]"
    return json.dumps(value)


def repeats(value):
    if isinstance(value, tuple):
        keys = [key for key, _ in value]
        return len(set(keys)) < len(keys) or any(repeats(inner) for _, inner in value)
    return isinstance(value, list) and any(map(repeats, value))


@given(_VALUES, st.sampled_from([":", ": ", " :", "\t:  "]))
def test_it_is_found_wherever_it_is_and_nothing_else_is(value, colon):
    """However it is written."""
    text = written(value, colon)
    try:
        read_json(text)
        found = False
    except RepeatedKeyError:
        found = True
    assert found == repeats(value)


LINE = '{"type":"notary","record":{"name":"王桂芳"}}'
FAULTY = [
    ("a comma behind", f"{LINE},", "json_comma_behind", ""),
    ("a comma and blanks behind", f"  {LINE} , \t", "json_comma_behind", ""),
    ("a comma behind an empty object", "{},", "json_comma_behind", ""),
    ("two objects", f"{LINE}{LINE}", "json_objects_in_line", ""),
    ("two objects and a blank", f"{LINE} {LINE}", "json_objects_in_line", ""),
    ("two objects and a comma", f"{LINE},{LINE}", "json_objects_in_line", ""),
    ("two objects of which the second was cut", f'{LINE}, {{"type', "json_objects_in_line", ""),
    ("three objects and a comma behind", f"{LINE} , {LINE} , {LINE},", "json_objects_in_line", ""),
    ("a comma within", LINE.replace('"}}', '",}}'), "not_json", "40"),
    ("a bracket behind", f"{LINE}]", "not_json", "42"),
    ("single quotation marks", LINE.replace('"', "'"), "not_json", "2"),
    ("Chinese quotation marks", LINE.replace('"name"', "“name”"), "not_json", "28"),
    ("a Chinese colon", LINE.replace('name":', 'name"：'), "not_json", "34"),
    ("cut off", LINE[:-3], "not_json", "39"),
    ("no value", '{"a":}', "not_json", "6"),
    ("NaN", '{"王":NaN}', "not_json", "6"),
    ("half of a character", LINE.replace("桂", "\\ud842"), "text_damaged", ""),
    ("its other half", LINE.replace("桂", "\\uDFB7"), "text_damaged", ""),
    ("half of a character and no value", '{"a":"\\ud842","b":}', "not_json", "7"),
    ("prose", "not json", "not_json", "1"),
    ("too deep", '{"a":' * 5000, "not_json", ""),
]  # fmt: skip


def why(text):
    with pytest.raises(json.JSONDecodeError) as refused:
        read_json(text)
    return no_json(refused.value, 7)


@each_cell(("text", "code", "column"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY])
def test_why_a_line_is_no_json_is_said_with_the_place(text, code, column):
    """A clerk looks at line 7, character 41, and not at the whole."""
    found = why(text)
    assert found.code == code
    for message in (found.message_zh, found.message_en):
        assert "7" in message
        assert column in message
        assert "王桂芳" not in message


def test_of_several_lines_the_one_with_the_fault_is_named():
    """A program may write an object over lines."""
    assert "9" in why('{\n"a": 1,\n"b": x}').message_zh
