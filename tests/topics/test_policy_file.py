"""Policy files: a city that makes a slip is told the file, the line and what is wrong."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from topics.policy_file import PolicyFileError, error_at, read_policy


class _Limit(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    limit_working_days: int


class _Policy(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    matters: list[_Limit]
    city: str = "天水"


def _file(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_a_value_of_plain_data(tmp_path: Path) -> None:
    """Strict models take what the file says, underscores in numbers and all."""
    policy, _ = read_policy(_file(tmp_path, "matters:\n  - limit_working_days: 1_0\ncity: '秦州'\n"), _Policy)
    assert policy.matters[0].limit_working_days == 10
    assert type(policy.city) is str


def test_a_wrong_value_is_named_with_its_line(tmp_path: Path) -> None:
    """Each finding stands at its own line."""
    text = "# limits\nmatters:\n  - limit_working_days: 5\n  - limit_working_days: soon\n  - {days: 3}\n"
    with pytest.raises(PolicyFileError) as caught:
        read_policy(_file(tmp_path, text), _Policy)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("policy.yaml:4: matters.1.limit_working_days: ")
    assert lines[1].startswith("policy.yaml:5: matters.2.limit_working_days: ")
    assert lines[2].startswith("policy.yaml:5: matters.2.days: ")


def test_a_missing_key_is_named_at_its_nearest_line(tmp_path: Path) -> None:
    """What is not there has no line; what should hold it has one."""
    with pytest.raises(PolicyFileError, match=r"policy\.yaml:1: matters: "):
        read_policy(_file(tmp_path, "city: 秦州\n"), _Policy)


@pytest.mark.parametrize(
    ("text", "line"),
    [("matters: []\nmatters: []\n", 2), ("matters: [\ncity: x\n", 3), ("a: b: c\n", 1)],
)
def test_what_is_no_yaml_is_named_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    """A key that stands twice is an error: one of the two was meant otherwise."""
    with pytest.raises(PolicyFileError, match=rf"^policy\.yaml:{line}: "):
        read_policy(_file(tmp_path, text), _Policy)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The name says which file a city has to bring."""
    with pytest.raises(PolicyFileError, match=r"absent\.yaml: no such file"):
        read_policy(tmp_path / "absent.yaml", _Policy)


def test_a_check_across_fields_names_a_line_as_a_model_does(tmp_path: Path) -> None:
    """It is found by the path of keys, in the text that was read."""
    problem = error_at(tmp_path / "policy.yaml", "a:\n  b:\n    - x\n    - y\n", ["a", "b", 1], "not y")
    assert str(problem) == "policy.yaml:4: a.b.1: not y"


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """An editor of another age saves it like this."""
    (tmp_path / "policy.yaml").write_bytes("city: 秦州\n".encode("gb18030"))
    with pytest.raises(PolicyFileError, match=r"policy\.yaml: it is not in UTF-8"):
        read_policy(tmp_path / "policy.yaml", _Policy)
