"""All pages: their words stand in label files, in both languages, and nothing in them is inline."""

import re
from pathlib import Path

import pytest

from consumers.labels.access import ROLES
from exchange.console.headers import HEADERS as EVERY
from exchange.console.pages.addresses import Addresses
from exchange.console.pages.frame import NAV, Preferences, read_preferences
from exchange.console.pages.problem import KINDS, problem_page
from exchange.console.pages.rendering import FOLDER, HEADERS
from exchange.console.pages.sign_in import sign_in_page
from exchange.console.pages.static_files import find_static, static_files
from tests.cells import each_cell
from tests.console.pages.made_frames import CITY, before_sign_in, frame
from tests.console.pages.read_page import faults, find, read_page
from topics.labels import Language

TEMPLATES = sorted(FOLDER.rglob("*.j2"))
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SPOKEN = re.compile(r'\b(?:title|placeholder|alt|aria-label|content)="([^"]*)"')
LETTERS = re.compile(r"[A-Za-z\u3400-\u9fff]{2,}")
STYLES = {name: one.content.decode() for name, one in static_files().items() if name.endswith(".css")}
MACHINES = {"width=device-width, initial-scale=1", "light dark"}


@each_cell("template", TEMPLATES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_word_that_people_read_stands_in_a_template(template: Path) -> None:
    """Whoever corrects a term edits the labels, and finds its English beside it."""
    markup = CODE.sub("", template.read_text(encoding="utf-8"))
    spoken = [one for one in SPOKEN.findall(markup) if one not in MACHINES]
    assert not LETTERS.search(TAG.sub(" ", markup)), "text"
    assert not LETTERS.search(" ".join(spoken)), "an attribute"


@each_cell("template", TEMPLATES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_page_has_style_or_script_in_it(template: Path) -> None:
    """The policy of the pages forbids it, and a browser would leave it out."""
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|<script(?![^>]*src=)", text)


def test_nothing_of_a_page_comes_from_elsewhere() -> None:
    """A counter without the internet shows the same page; nobody outside hears of it."""
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert (b"cache-control", b"no-store") in EVERY
    for one in static_files().values():
        assert not re.search(rb"(?:url\(|https?://)(?!www\.w3\.org)", one.content), one.name


def test_a_file_is_served_under_a_name_of_its_content() -> None:
    """So that it is kept for good, and a new version is loaded at once."""
    served = static_files()["console.js"]
    assert re.fullmatch(r"console\.[0-9a-f]{12}\.js", served.name)
    assert find_static(served.name) == served
    assert find_static("console.000000000000.js") is find_static("../frame.py") is find_static("") is None


def test_old_engines_understand_the_styles() -> None:
    """Computers at counters run browsers as old as Chromium 86."""
    for name, text in STYLES.items():
        assert not re.search(r":has\(|@container|@layer|:where\(|\binset:|\bcolor-mix|&", text), name


def test_what_a_page_loads_at_first_is_small() -> None:
    """120 kB, as the counter's line allows."""
    assert sum(len(one.content) for one in static_files().values()) + len(problem()) < 120_000


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_problem_has_a_next_step(kind: str, language: Language) -> None:
    """Nobody is left with 系统异常."""
    page = read_page(problem_page(frame(language=language), kind, ("told by the desk",)))  # type: ignore[arg-type]
    assert faults(page) == []
    (button,) = find(page, "a", **{"class": "btn btn--go"})
    assert button["href"] == "/console/"
    assert find(page, "ol", **{"class": "steps"})[0].text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whoever_is_not_let_in_is_told_so_and_keeps_their_name(language: Language) -> None:
    """The password is typed again, nothing else is."""
    page = read_page(
        sign_in_page(before_sign_in(language), refused="again", name='m"a', back="/console/queue")
    )
    assert faults(page) == []
    assert find(page, "input", id="name")[0]["value"] == 'm"a'
    assert "value" not in find(page, "input", id="password")[0].attributes
    (errors,) = find(page, "div", **{"class": "errors"})
    assert errors["role"] == "alert"
    assert "again" in errors.text
    assert find(page, "html")[0]["lang"] == {"zh": "zh-CN", "en": "en"}[language]


def test_before_the_sign_in_a_page_leads_nowhere() -> None:
    """Neither the search nor the ways of others are shown to whoever is nobody yet."""
    page = read_page(sign_in_page(before_sign_in()))
    assert not find(page, "nav")
    assert not find(page, "input", id="find")


@each_cell("role", CITY.accounts.people_a_day)
def test_a_role_is_shown_its_ways_alone(role: str) -> None:
    """What somebody may not do is no link of theirs; each role has a name."""
    kept = dict.fromkeys(CITY.access.roles[role].within, "620502")
    shown = [address for address, _ in frame(role, kept).nav()]
    may = CITY.access.roles[role].may
    ways = [item for item in NAV if item.action in may and item.role in {"", role}]
    assert shown == [f"/console{item.path}" for item in ways]
    assert role in ROLES


def test_somebody_reads_how_many_people_they_were_shown() -> None:
    """Before the limit stops them."""
    assert "您今日查看了7人，上限300人" in problem()


def test_a_page_says_who_is_there_without_trusting_the_name() -> None:
    """A name is text, whatever is in it."""
    page = problem_page(frame(), "unfit", ("<b>1</b> & 2",))
    assert "&lt;b&gt;1&lt;/b&gt; &amp; 2" in page


def test_preferences_stand_in_a_cookie_that_is_not_trusted() -> None:
    """What is not offered stays as it was."""
    chosen = Preferences().changed({"language": "en", "theme": "dark", "size": "large", "keys": "off"})
    assert chosen == Preferences("en", "dark", "large", keys=False)
    assert read_preferences(chosen.as_text()) == chosen
    for strange in ("", "fr.neon.huge.keys", "x" * 5000, "en.dark", "....."):
        read = read_preferences(strange)
        assert (read.size, read.keys) == ("normal", True), strange
    assert Preferences().changed({"language": "fr", "case": "1"}) == Preferences()


def test_nobody_is_led_elsewhere() -> None:
    """A link that was made up elsewhere comes back to a page of ours."""
    ours = Addresses("/console")
    assert ours.own("/console/queue?due=late") == "/console/queue?due=late"
    for theirs in (
        "//evil.example",
        "/other",
        "https://evil.example",
        "/console/\r\nX: 1",
        "",
        "javascript:1",
    ):
        assert ours.own(theirs) == "/console/", theirs
    assert Addresses().own("//evil.example") == "/"
    assert ours.page("/queue", due="", state=None, county="秦州区") == (
        "/console/queue?county=%E7%A7%A6%E5%B7%9E%E5%8C%BA"
    )


def problem() -> str:
    return problem_page(frame(), "not_found")


def styled(*names: str) -> set[str]:
    """Return the classes that these files of styles have a rule for."""
    text = re.sub(r"/\*.*?\*/", "", "".join(STYLES[name] for name in names), flags=re.DOTALL)
    return set(re.findall(r"\.([a-z][\w-]*)(?=[\s,:.>{\[])", text))


def test_every_style_is_of_something_that_a_page_has() -> None:
    """What no page uses any more goes with it; states are put together from their codes."""
    pages = {word for path in TEMPLATES for word in re.findall(r"[\w-]+", path.read_text(encoding="utf-8"))}
    styles = "".join(STYLES.values())
    classes = styled(*STYLES)
    assert {one for one in classes - pages if not one.startswith(("st--", "due--", "mt--", "bar--"))} == set()
    tokens = set(re.findall(r"(?<![\w-])(--[\w-]+):", styles))
    assert {one for one in tokens if f"var({one})" not in styles} == set()


def test_every_class_has_a_style() -> None:
    """What a class is for is read in the styles; one without any says nothing."""
    markup = CODE.sub("", "".join(path.read_text(encoding="utf-8") for path in TEMPLATES))
    named = {one for text in re.findall(r'class="([^"]*)"', markup) for one in text.split()}
    whole = {one for one in named if not one.endswith("--")}
    assert whole - styled(*STYLES) == set()


def test_what_telephones_and_paper_change_has_a_style_on_a_screen() -> None:
    """A form lost its bar so; three classes have to do with narrow pages and paper alone."""
    changes = {"narrow.css", "print.css"}
    assert styled(*changes) - styled(*STYLES.keys() - changes) == {"stacked", "matter__id", "prints-papers"}


def test_every_data_attribute_is_read() -> None:
    """A button that only a script moves would do nothing, and say nothing."""
    marks = {
        mark for path in TEMPLATES for mark in re.findall(r"\sdata-(\w+)", path.read_text(encoding="utf-8"))
    }
    read = "".join(one.content.decode() for one in static_files().values())
    assert {mark for mark in marks if not re.search(rf"data-{mark}\b|dataset\.{mark}\b", read)} == set()
