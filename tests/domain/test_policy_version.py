"""A policy's version follows from its files: who has the same rules has the same version."""

from pathlib import Path

import pytest

from exchange.domain.policy import DECIDING, HERE, load_policy, policy_texts
from exchange.domain.policy_files.version import version_of
from exchange.runtime.city import City
from tests.own_types import FILE, edit, own_city
from tests.policies import THIRTEENTH, Edit, edited
from topics.catalogue import CATALOGUE_PATH

FILES = {"matters.yaml": "one", "form.yaml": "two"}


def test_the_same_files_are_the_same_version(tmp_path: Path) -> None:
    """A copy of the shipped files, in whatever order they are listed, is the shipped policy."""
    assert load_policy(edited(tmp_path)).version == load_policy().version
    assert version_of(FILES) == version_of(dict(reversed(FILES.items())))


@pytest.mark.parametrize(
    "changed",
    [
        {**FILES, "form.yaml": "two."},
        {"matters.yaml": "one", "conflicts.yaml": "two"},
        {"matters.yaml": "one"},
        {"matters.yaml": "on", "form.yaml": "etwo"},
        {"matters.yaml": "two", "form.yaml": "one"},
    ],
    ids=["text", "name", "missing", "boundary", "swapped"],
)
def test_other_files_are_another_version(changed: dict[str, str]) -> None:
    """Nothing that a policy says can change behind an auditor's back."""
    assert version_of(changed) != version_of(FILES)


@pytest.mark.parametrize(
    "edit", [("periods.yaml", "#", "# by our council\n#"), *THIRTEENTH], ids=["comment", "matter", "material"]
)
def test_any_edit_makes_another_version(tmp_path: Path, edit: Edit) -> None:
    """A comment says on whose decision: it belongs to what is kept."""
    assert version_of(policy_texts(edited(tmp_path, edit))) != load_policy().version


def test_the_texts_are_all_that_the_policy_is_made_of() -> None:
    """What is kept on the log can be written out and read again."""
    texts = City().texts
    assert set(texts) == {CATALOGUE_PATH.name, *(path.name for path in HERE.glob("*.yaml"))}
    assert texts["matters.yaml"] == (HERE / "matters.yaml").read_text(encoding="utf-8")


def test_a_record_type_of_its_own_belongs_to_it(tmp_path: Path) -> None:
    """Its schema is kept on the log with the rest, under its path, and another one is another version."""
    city = own_city(tmp_path / "own")
    place, catalogue = tmp_path / "own", tmp_path / "own" / CATALOGUE_PATH.name
    assert city.texts[FILE] == (place / FILE).read_text(encoding="utf-8")
    assert set(policy_texts(place, catalogue)) == {*policy_texts(), FILE}
    assert version_of(policy_texts(place, catalogue)) == city.policy.version
    edit(place, FILE, "号牌号码: number", "号牌号码: the number")
    assert version_of(policy_texts(place, catalogue)) != city.policy.version


def test_what_decides_nothing_makes_no_other_version(tmp_path: Path) -> None:
    """Cases are the same under another name of the city, on another form: nothing is to be refolded."""
    own = edited(tmp_path, ("city.yaml", "天水市", "青河市"), ("annex1.yaml", "附件 1", "样式 A"))
    assert load_policy(own).version == load_policy().version
    assert policy_texts().keys() == {CATALOGUE_PATH.name, *DECIDING}
