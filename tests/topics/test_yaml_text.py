"""YAML: what a word without quotes is, and where it stands."""

from datetime import date

import pytest

from tests.cells import each_cell
from topics.yaml_text import YamlTextError, line_of, read_packaged, read_yaml


@each_cell(
    ("word", "value"),
    [
        *((word, word) for word in ("yes", "no", "on", "off", "y", "N", "1:30", "010", "+", "王", "1e3")),
        *(
            ("10", 10),
            ("1_0", 10),
            ("-7", -7),
            ("0", 0),
            ("0x1F", 31),
            ("0o17", 15),
            ("1.5", 1.5),
            (".5", 0.5),
            ("2.5e-3", 0.0025),
        ),
        *(
            ("true", True),
            ("False", False),
            ("null", None),
            ("~", None),
            ("2026-11-29", date(2026, 11, 29)),
            ("2026-12-01T00:00+08:00", "2026-12-01T00:00+08:00"),
        ),
        *(("'10'", "10"), ('"true"', "true"), ("'2026-11-29'", "2026-11-29"), ("''", "")),
    ],
)
def test_a_word_is_what_yaml_1_2_takes_it_for(word: str, value: object) -> None:
    """A code `010` is no eight, and a department called `on` no truth."""
    assert read_yaml(f"a: {word}\n") == {"a": value}
    assert type(read_yaml(f"[{word}]")[0]) is type(value)


def test_what_stands_once_may_be_used_twice() -> None:
    """Anchors and merge keys; a key of one's own comes before a merged one."""
    text = "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n"
    assert read_yaml(text) == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}}
    assert line_of(text, ["b", "x"]) == 2


@each_cell(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", 3),
        ("a:\n  - {b: 1, b: 2}\n", 2),
        ("a: [\nb: x\n", 3),
        ("a: \x00", 1),
        ("a: b: c", 1),
        ("? [a]\n: b\n", 1),
        ("a: 2026-02-30\n", 1),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(text: str, line: int) -> None:
    """A key that stands twice is one of these: one of the two was meant otherwise."""
    with pytest.raises(YamlTextError) as caught:
        read_yaml(text)
    assert caught.value.line == line


def test_lines_are_found_through_maps_and_lists() -> None:
    """And of what is not there, that of what should hold it."""
    text = "a:\n  b:\n    - x\n    - y\n  7: z\n"
    asked = ([], ["a"], ["a", "b"], ["a", "b", 1], ["a", 7], ["a", "z"], ["a", "b", 9], ["a", "b", 1, "q"])
    assert [line_of(text, keys) for keys in asked] == [1, 1, 2, 4, 5, 1, 2, 4]
    assert line_of("", ["a"]) == 1


def test_what_is_shipped_within_a_package_is_read_wherever_it_lies() -> None:
    """This also works in a folder of the package; it is said what is not there."""
    assert read_packaged("verification", "codes", "sex.yaml")["source"]
    with pytest.raises(FileNotFoundError):
        read_packaged("verification", "no_such.yaml")
