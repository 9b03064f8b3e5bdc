"""Pages made from code say what the code says, and the pages that people write fit it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.command.app import COMMANDS, HIDDEN
from exchange.domain.policy import load_policy
from exchange.runtime.errors import ExchangeError
from tests.cells import each_cell
from tests.docs.pages import DOCS, ROOT, anchor, headings, links, pages
from tests.own_types import VEHICLE, own_city
from tools.pages.matters import render as render_matters
from tools.pages.writing import CITYS_OWN, FILES, PAGES, find_checkout, stale_files, write_pages_of

REFERENCE = DOCS / "reference"
TYPES = "avro_schemas/typed_documents.pyi"


def test_every_reference_page_is_generated() -> None:
    """Nobody edits a page that the next `make docs` would overwrite, or forget."""
    assert {page.name for page in REFERENCE.glob("*.md")} == set(PAGES)


def test_a_changed_page_and_a_missing_one_are_found(tmp_path: Path) -> None:
    """A check that cannot fail is none."""
    changed, missing, kept = TYPES, "docs/reference/topics.md", "docs/reference/matters.md"
    files = {name: FILES[name] for name in (changed, missing, kept)}
    (tmp_path / kept).parent.mkdir(parents=True)
    (tmp_path / kept).write_text(FILES[kept](), encoding="utf-8")
    (tmp_path / changed).parent.mkdir()
    (tmp_path / changed).write_text("edited by hand", encoding="utf-8")
    assert stale_files(tmp_path, files) == {name: FILES[name]() for name in (changed, missing)}


@pytest.mark.complete
def test_a_city_has_the_pages_of_its_own_folder_written_where_it_likes(tmp_path: Path) -> None:
    """Its departments read its matters and record types, and ours are not touched."""
    write_pages_of(own_city(tmp_path / "city"), tmp_path / "pages")
    written = {page.name: page.read_text(encoding="utf-8") for page in (tmp_path / "pages").iterdir()}
    assert set(written) == set(CITYS_OWN)
    assert {name for name, page in written.items() if VEHICLE in page} == set(CITYS_OWN) - {"transitions.md"}
    assert ", matter 13, 11: " in written["transitions.md"]
    assert (
        "once for each instance, which `vehicle_registration` names by `plate_no`\n" in written["matters.md"]
    )


def test_the_checkout_is_found_from_within_and_nowhere_else(tmp_path: Path) -> None:
    """`make docs` never writes into a folder that is not ours."""
    assert find_checkout(ROOT / "docs" / "adr") == ROOT
    with pytest.raises(ExchangeError):
        find_checkout(tmp_path)


def test_the_page_of_matters_tells_every_entry_of_the_policy_with_its_source() -> None:
    """A city sees what is assumed before it decides otherwise."""
    page, policy = render_matters(), load_policy()
    for entry in (*policy.matters, *policy.materials.values(), *policy.prerequisites.values()):
        assert entry.term in page
        assert entry.source in page
    assert all(f"| `{code}` |" in page for code in policy.grants)
    fields = [f"`{section}.{name}`" for section, names in policy.form.items() for name in names]
    assert all(f"| {field} |" in page for field in fields)


def test_the_page_of_commands_has_every_command() -> None:
    """Nothing that people may call is hidden from them."""
    told = {heading.split()[2].strip("`") for heading in headings(REFERENCE / "commands.md")[1:]}
    assert told == set(COMMANDS) - HIDDEN


@each_cell("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """A reader who follows a link finds the page, and the place on it."""
    for link in links(page):
        name, _, place = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not place or place in map(anchor, headings(target)), link


def test_every_page_is_reached_from_the_index() -> None:
    """No page is written for nobody, and the index names none twice."""
    index = DOCS / "index.md"
    found = list(links(index))
    assert len(found) == len(set(found))
    reached = {(DOCS / link.partition("#")[0]).resolve() for link in found}
    assert {page for page in DOCS.rglob("*.md") if page != index} <= reached


@each_cell("record", sorted((DOCS / "adr").glob("*.md")), ids=lambda path: path.stem[:4])
def test_a_decision_record_is_short_and_says_what_each_says(record: Path) -> None:
    """Why something is so can be read in two minutes, and when it should be otherwise."""
    lines = record.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 45
    assert lines[0].startswith(f"# {record.stem[:4]}: ")
    assert any(line.startswith("Status: ") for line in lines)
    sections = ["## Context", "## Decision", "## Consequences", "## Evidence", "## Reverse when"]
    assert [line for line in lines if line.startswith("## ")] == sections


CITED = re.compile(r"ADRs?\W{1,3}(\d{4})\b|\badr/(\d{4})-")
AMONG_THEMSELVES = re.compile(r"\[(\d{4})\]|\((\d{4})\)|\]\((\d{4})-")
FOLDERS = ("avro_schemas", "compose", "consumers", "docs", "exchange", "producers", "tests", "tools")


def cited() -> Iterator[tuple[str, str]]:
    """Every decision that code, tests, data or pages cite, with the file that does."""
    folders = (ROOT / name for name in (*FOLDERS, "topics", "verification"))
    files = [*ROOT.glob("*.md"), *(file for folder in folders for file in folder.rglob("*"))]
    for file in files:
        if file.suffix in {".py", ".md", ".yaml", ".yml", ".avsc", ".sql", ".typ"}:
            pattern = AMONG_THEMSELVES if file.parent.name == "adr" else CITED
            for found in pattern.findall(file.read_text(encoding="utf-8")):
                yield max(found), str(file.relative_to(ROOT))


def test_every_decision_that_is_cited_is_there() -> None:
    """Nobody who asks why is sent to a page that does not exist."""
    there = {record.name[:4] for record in (DOCS / "adr").glob("*.md")}
    found = set(cited())
    assert len({number for number, _ in found}) > 20
    assert not {(number, file) for number, file in found if number not in there}
