"""A city's own labels: a slip is named with file and line, a good one is shown, and the rest stays ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from exchange.runtime.city import City, city_files
from tests.cells import each_cell
from tests.docs.pages import ROOT
from tests.running import run_exchange
from tests.topics.test_labels import LABELLED
from topics.city_folder import VARIABLE
from topics.labels import Labels
from topics.own_labels import label_files, label_samples
from topics.yaml_text import read_yaml

FAMILY, WORDS = "consumers/family/telling.yaml", "consumers/labels/words.yaml"
CASE, STEPS = "exchange/command/views/case.yaml", "consumers/labels/next_steps.yaml"
FORM, REMARKS = "consumers/printed_form/filled.yaml", "consumers/labels/remarks.yaml"

SLIPS = {
    "an unknown file": (
        "consumers/labels/word.yaml",
        "",
        None,
        f"no such file of labels: {WORDS[:-6]}.yaml (",
    ),
    "another ending": (f"{WORDS[:-5]}.yml", "", None, f"({WORDS}?); known: {WORDS}"),
    "an unknown label": (
        FAMILY,
        "#\nheadlin:\n  en: x\n",
        2,
        "no such label: headlin (headline?); known: head",
    ),
    "an unknown code": (
        WORDS,
        "states:\n  OPENED: {en: x}",
        2,
        "states.OPENED: no such key: OPENED (SUSPENDED?)",
    ),
    "another language": (WORDS, "times: {fr: x}", 1, "times.fr: no such key: fr; known: zh, en"),
    "an unknown detail": (
        *(FAMILY, "headline:\n  zh: '{all}{done}'\n  en: '{done} of {al}'\n", 3),
        "headline.en: no such detail: {al} ({all}?); known: {done}, {all}",
    ),
    "a detail that is missing": (FAMILY, "until: {en: soon}", 1, "until.en: lacks {day}, which is told here"),
    "a detail spelled otherwise": (FAMILY, "until: {en: '{day:>99}'}", 1, "no such detail: {day:>99}"),
    "a detail of a detail": (FAMILY, "until: {en: '{day.year}'}", 1, "no such detail: {day.year}"),
    "a brace alone": (FAMILY, "\nuntil:\n  zh: '{day'", 3, "a brace too many or too few: expected '}'"),
    "a number": (WORDS, "times:\n  zh: 8", 2, "times.zh: needs text, not 8"),
    "no text": (WORDS, "times:\n  zh: ' '\n", 2, "times.zh: needs text, not nothing"),
    "text for a label": (WORDS, "times: Beijing", 1, "times: needs zh or en, not Beijing"),
    "a list for a table": (WORDS, "times:\n  en: x\nby_handler: []", 3, "needs release or choice_of_app"),
    "a list": (WORDS, "- times", 1, "needs day or times"),
    "a label twice": (WORDS, "times: {en: x}\ntimes: {zh: x}", 2, 'found duplicate key "times"'),
    "no YAML": (WORDS, "times: {en: x\n", 2, "did not find expected"),
}

EDITS = {
    "one language": (WORDS, "times: {en: Our time}", "times", "时间均为北京时间", "Our time"),
    "both": (WORDS, "times: {en: Our time, zh: 本地时间}", "times", "本地时间", "Our time"),
    "a detail first": (FAMILY, "until: {zh: '{day}止'}", "until", "{day}止", "by {day}"),
    "a detail twice": (FAMILY, "until: {en: '{day}, {day}'}", "until", "最迟{day}", "{day}, {day}"),
    "a plainer detail": (
        *(WORDS, "day: {en: '{day}/{month}/{year}'}", "day"),
        *("{year}年{month}月{day}日", "{day}/{month}/{year}"),
    ),
    "one of a table": (WORDS, "states:\n  READY: {en: open to you}", "states.READY", "可申办", "open to you"),
    "beside it": (WORDS, "states:\n  READY: {en: open to you}", "states.APPLIED", "已申请", "applied"),
    "nothing": (WORDS, "", "states.APPLIED", "已申请", "applied"),
    "a comment": (WORDS, "# times: {en: x}\n", "states.APPLIED", "已申请", "applied"),
    "the form": (FORM, "not_decisive: {zh: 照常办理}", "not_decisive", "照常办理", "Affects no matter"),
    "a remark": (
        REMARKS,
        "remarks: {name_with_digits: {zh: 姓名有数字}}",
        "remarks.name_with_digits",
        "姓名有数字",
        "digits in the name",
    ),
    "who is asked": (STEPS, "family: {zh: 家属（申请人）}", "family", "家属（申请人）", "the family"),
}


def own(folder: Path, name: str, text: str) -> City:
    """A city's folder with the shipped files and one of labels."""
    for file in city_files():
        (folder / file).write_bytes(City().path_of(file).read_bytes())
    path = folder / "labels" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return City(folder)


@pytest.mark.parametrize(("name", "text", "line", "told"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named_with_file_and_line(
    tmp_path: Path, name: str, text: str, line: int | None, told: str
) -> None:
    """And with what may stand there."""
    (found,) = own(tmp_path, name, text).findings()
    assert (found.file, found.line) == (f"labels/{name}", line)
    assert told in found.problem


@pytest.mark.parametrize(("name", "text", "label", "zh", "en"), EDITS.values(), ids=EDITS)
def test_a_good_label_takes_the_place_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, label: str, zh: str, en: str
) -> None:
    """In the languages that it is in; what the city leaves out stays as we have it."""
    assert not own(tmp_path, name, text).findings()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    labels = Labels(str((ROOT / name).with_suffix(".py")))
    table, _, code = label.partition(".")
    said = labels.table(table)[code] if code else labels[table]
    assert (said.zh, said.en) == (zh, en)


def test_a_city_may_say_every_label_that_people_are_shown() -> None:
    """Each file beside a module that shows labels; those of generated pages are no city's."""
    shown = [path.with_suffix(".yaml").relative_to(ROOT).as_posix() for path in LABELLED]
    assert list(label_files()) == sorted(name for name in shown if not name.startswith("tools/"))


def test_labels_decide_nothing(tmp_path: Path) -> None:
    """Whoever says something in other words is not asked to fold all cases again."""
    city = own(tmp_path, WORDS, "times: {en: Our time}")
    assert city.policy.version == City().policy.version
    assert f"labels/{WORDS}" in city.texts


@each_cell("name", label_samples("of words"))
def test_a_sample_says_nothing_until_its_comments_are_taken_away(name: str) -> None:
    """Then it says what we say."""
    text = label_samples("of words")[name].decode()
    assert read_yaml(text) is None
    bare = "".join(line.removeprefix("# ") for line in text.splitlines(keepends=True)[1:])
    assert bare == (ROOT / name.removeprefix("labels/")).read_text(encoding="utf-8")


PAGES = """
from datetime import date
from tests.command.views.test_views import shown
from tests.case_documents import case_document
from tests.consumers.family.test_progress import ALL, page, view
print(page(view(*ALL)), page(view(*ALL), "en"), shown(case_document()))
"""


@pytest.mark.process
def test_a_familys_page_and_a_case_are_in_the_citys_words(tmp_path: Path) -> None:
    """From the first line on, and ours where the city says nothing."""
    own(tmp_path, FAMILY, "headline: {zh: '{done}/{all}项已办', en: '{done} done, {all} in all'}")
    own_words = tmp_path / "labels" / WORDS
    own_words.parent.mkdir(parents=True)
    own_words.write_text("states: {READY: {zh: 现在可办}}", encoding="utf-8")
    printed = subprocess.run(
        [sys.executable, "-c", PAGES],
        env={**os.environ, VARIABLE: str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.startswith("2/")
    for told in ("2 done, ", "现在可办 · ready to apply", "死亡事实已成立 · Death established"):
        assert told in printed
    assert "可申办" not in printed


@pytest.mark.process
def test_a_command_with_wrong_labels_names_the_line_and_the_check_still_runs(tmp_path: Path) -> None:
    """In a sentence, whichever module it is that shows them; nothing is started."""
    own(tmp_path, WORDS, "times: {en: 8}")
    environment = {VARIABLE: str(tmp_path)}
    for words in (("case", "620502194901010010"), ("up", "--detach", "--home", str(tmp_path / "home"))):
        told = run_exchange(*words, environment=environment)
        assert told.returncode == 1
        assert f"labels/{WORDS}:1: times.en: needs text, not 8" in told.stderr
        assert "Traceback" not in told.stderr
    checked = run_exchange("policy", "check", environment=environment)
    assert f"labels/{WORDS}:1: times.en" in checked.stderr
    assert "matters.yaml: in order" in checked.stderr
