"""Labels: data in both languages, each shown by its module, none missing and none left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cells import each_cell
from tests.docs.pages import ROOT
from tests.source import READS_SOURCE, nodes_of
from topics.labels import Labels, LabelsError, Words

pytestmark = READS_SOURCE
PACKAGES = ("avro_schemas", "topics", "verification", "producers", "consumers", "exchange", "tools")
MODULES = {
    path: path.read_text(encoding="utf-8")
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
LABELLED = [
    path
    for path, text in MODULES.items()
    if "= Labels(__file__)" in text or path.with_suffix(".j2").is_file()
]
TOLD = re.compile(r'\bt\("(?:\w+/)?(\w+)\.(\w+)')
"""A label as a template of a page asks for it, by its file and name."""
CHINESE = re.compile("[\u3400-\u9fff]")
NO_LABELS = (
    # The sample's people and places, as tables of Python beside the valid numbers that go with them.
    "producers/sample/",
    # What records and headers may say, not what we say: signs in names, dates, numbers, units, boxes ticked.
    *("verification/names/faults.py", "verification/names/words.py", "verification/names/keys.py"),
    *(
        "verification/names/values.py",
        "verification/names/notes.py",
        "verification/identity.py",
        "verification/stand_ins.py",
    ),
    *("verification/times.py", "verification/numbers.py", "verification/field_names.py"),
    *(
        "producers/encoding/encodings.py",
        "producers/encoding/plausibility.py",
        "producers/reading/row_records.py",
    ),
    *("producers/reading/tables.py", "avro_schemas/lint.py"),
    # A value of the form, 是 or 否, as a record of a department would have it.
    "exchange/domain/prefill.py",
    # The names by which Word and a CSV know fonts and columns.
    *("consumers/printed_form/word.py", "verification/refusals.py"),
    # Made-up records of benchmarks and histories, and the headings of generated pages: not installed.
    "tools/",
)


def label_file(folder: Path, text: str) -> Labels:
    (folder / "view.yaml").write_text(text, encoding="utf-8")
    return Labels(str(folder / "view.py"))


def strings(module: Path) -> Iterator[str]:
    """The literals of a module, without docstrings."""
    told = {id(node.value) for node in nodes_of(module) if isinstance(node, ast.Expr)}
    for node in nodes_of(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def asked_for(module: Path) -> Iterator[str]:
    """The labels and tables that a module asks for by a literal."""
    for node in nodes_of(module):
        match node:
            case ast.Subscript(value=ast.Name(id="LABELS"), slice=ast.Constant(value=str(name))):
                yield name
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="LABELS"), attr="table"),
                args=[ast.Constant(value=str(name))],
            ):
                yield name
            case ast.Call(func=ast.Name(id="_problem"), args=[ast.Constant(value=str(name))]):
                yield name


def told_by_pages(module: Path) -> set[str]:
    """The labels of a module that templates beside it ask for."""
    templates = (path.read_text(encoding="utf-8") for path in module.parent.glob("*.j2"))
    return {name for text in templates for file, name in TOLD.findall(text) if file == module.stem}


def test_a_label_is_words_and_a_table_is_words_by_their_codes(tmp_path: Path) -> None:
    """A screen in Chinese and one in English say the same."""
    labels = label_file(
        tmp_path,
        "late: {zh: '{count} 项逾期', en: '{count} are late'}\nstates: {OPEN: {zh: 待办, en: open}}\n",
    )
    assert labels["late"].filled(count=3) == Words("3 项逾期", "3 are late")
    assert labels.table("states") == {"OPEN": Words("待办", "open")}
    assert labels.names == {"late", "states"}


def test_a_detail_may_itself_be_words() -> None:
    """A department's name in a sentence is in the sentence's language."""
    said = Words("{who}签收", "{who} signs").filled(who=Words("公安局", "the police"))
    assert said == Words("公安局签收", "the police signs")


@pytest.mark.parametrize(
    "text",
    [
        "late: {zh: 逾期}",
        "late: {zh: 逾期, en: ''}",
        "late: {zh: 逾期, en: late, fr: tard}",
        "late: {zh: '{count} 项', en: late}",
        "late: {zh: '{count} 项', en: '{number} late'}",
        "states: {OPEN: {en: open}}",
    ],
)
def test_a_label_without_a_language_or_with_other_details_is_refused(tmp_path: Path, text: str) -> None:
    """Nobody finds an empty place on a screen, or a sentence that leaves out its number."""
    with pytest.raises(LabelsError, match=r"^view\.yaml: (late|states\.OPEN): "):
        label_file(tmp_path, text).names  # noqa: B018 - reads the file


@each_cell("module", LABELLED, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_has_every_label_that_it_asks_for_and_asks_for_all_that_it_has(module: Path) -> None:
    """A label that is missing fails here, not before an operator; one that nobody shows is deleted."""
    names = Labels(str(module)).names
    told = told_by_pages(module)
    assert set(asked_for(module)) | told <= names
    assert names <= set(strings(module)) | told


def test_what_people_read_stands_in_no_code() -> None:
    """Whoever corrects a Chinese term edits data, and finds its English beside it."""
    found = {
        name: shown
        for name, path in ((str(path.relative_to(ROOT)), path) for path in MODULES)
        if not name.startswith(NO_LABELS)
        if (shown := [one for one in strings(path) if CHINESE.search(one)])
    }
    assert not found
