"""A city's own folder: found by the environment, refused in a sentence, and read once, by one loader."""

import pickle
import shutil
from pathlib import Path

import pytest

from exchange.runtime.city import City, city_files, city_in, find_city
from exchange.runtime.errors import ExchangeError
from topics.city_folder import VARIABLE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A city's folder with what is shipped."""
    place = tmp_path / "秦州"
    place.mkdir()
    for name in city_files():
        shutil.copy(City().path_of(name), place / name)
    return place


def edit(folder: Path, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")


def test_without_a_folder_a_city_is_as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exchange that nobody told of a folder is what it was."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert find_city() == City()
    monkeypatch.setenv(VARIABLE, "")
    assert find_city() == City()


def test_the_environment_names_a_citys_own_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its departments, and its limits, are those of its own files; the shipped ones stay."""
    edit(folder, "catalogue.yaml", "Big Data Centre", "Data Office")
    edit(folder, "periods.yaml", "correction_minutes: 60", "correction_minutes: 45")
    monkeypatch.setenv(VARIABLE, str(folder))
    city = find_city()
    assert city.catalogue.departments["data_bureau"].name_en == "Data Office"
    assert city.policy.departments is city.catalogue.departments
    assert city.policy.periods.correction_minutes == 45
    assert City().policy.periods.correction_minutes == 60
    assert city.policy is city.policy


def test_a_department_of_the_citys_own_catalogue_may_decide(folder: Path) -> None:
    """The policy is checked against the catalogue beside it, not against ours."""
    for path in folder.iterdir():
        path.write_text(
            path.read_text(encoding="utf-8").replace("human_resources", "labour"), encoding="utf-8"
        )
    if "labour" not in (folder / "catalogue.yaml").read_text(encoding="utf-8"):
        pytest.fail("the catalogue has no human_resources any more")
    assert "labour" in {code for codes in city_in(folder).policy.deciders.values() for code in codes}


def test_a_relative_folder_is_passed_on_in_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parts run in the home, where it would be another folder or none."""
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv(VARIABLE, folder.name)
    assert find_city().environment == {VARIABLE: str(folder)}
    assert City().environment == {}


def test_another_process_may_be_given_a_city(folder: Path) -> None:
    """What it has read is read there anew: not all of it can be sent."""
    city = city_in(folder)
    assert city.policy
    assert pickle.loads(pickle.dumps(city)) == city  # noqa: S301 - just made


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """In both languages, with what to do."""
    with pytest.raises(ExchangeError, match="没有政策文件夹") as caught:
        city_in(tmp_path / "none")
    assert "There is no policy folder" in caught.value.message
    assert "exchange policy export" in caught.value.hint


def test_a_folder_that_lacks_files_is_refused(folder: Path) -> None:
    """What a city leaves out is not silently ours."""
    (folder / "form.yaml").unlink()
    (folder / "catalogue.yaml").unlink()
    with pytest.raises(ExchangeError, match=r"lacks files: catalogue\.yaml, form\.yaml"):
        city_in(folder)


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("catalogue.yaml", "cremation: civil_affairs", "cremation: nobody", "no such owner: nobody"),
        (
            "disclosure.yaml",
            "department: justice",
            "department: court",
            "no such department: court.*; known: ",
        ),
        (
            "matters.yaml",
            "decides: police",
            "decides: counties",
            "no such deciding department: counties.*; known: ",
        ),
    ],
)
def test_a_slip_is_a_sentence_with_file_and_line(
    folder: Path, name: str, before: str, after: str, told: str
) -> None:
    """No traceback: who runs the exchange has edited the file."""
    edit(folder, name, before, after)
    with pytest.raises(ExchangeError, match=rf"{name}:\d+: .*{told}"):
        _ = city_in(folder).policy
