"""三统一: the hotline, the guide and the window say one thing: what one function says."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from consumers.family.progress import open_matters, progress_of
from consumers.guide.sheet import sheet_of
from consumers.guide.text import CONTACT, PARTS, contact_rows, contacts_of, guide_of, guide_parts, guide_row
from exchange.command.app import build_app
from exchange.command.views.family import ProgressPage
from exchange.command.views.guide import GuidePage
from exchange.runtime.city import City
from tests.cases import document, given
from tests.cells import each_cell
from tests.consumers.printed_form.test_pdf import text_of
from tests.policies import THIRTEENTH, TRANSFER, edited
from topics.catalogue import CATALOGUE_PATH
from topics.labels import Language

DAY = date(2026, 3, 25)
LANGUAGES: tuple[Language, ...] = ("zh", "en")
WHOLE = ("guide page", "guide for programs", "window notice")
OF_A_CASE = ("family's page", "hotline", "progress for programs")
"""These tell beside the case where to go and whom to ask, and the rest of the guide as it is in the case."""
ITS_MATERIALS = "    materials: [{kind: 1, original: true}, {kind: 2, original: true}, {kind: 3}"
CHANGED = {
    "standard": ("guide.yaml", "根据申请和死亡证明办理户口注销。", "新的标准。"),
    "materials": ("materials.yaml", "zh: 线下办理，线下提供", "zh: 新的备注"),
    "limit": ("matters.yaml", f"days: 1\n{ITS_MATERIALS}", f"days: 77\n{ITS_MATERIALS}"),
    "responsible": ("catalogue.yaml", "name_zh: 市公安局", "name_zh: 新公安局"),
    "steps": ("guide.yaml", "zh: 在线或到窗口申请，提交材料；", "zh: 新的流程；"),
    "where": ("guide.yaml", "zh: 市、县区政务服务大厅个人身后“一件事”综合受理窗口", "zh: 新的地点"),
    "when": ("guide.yaml", "when: null", "when: {zh: 新的时间, en: new hours}"),
    "telephone": ("guide.yaml", 'telephone: "12345"', 'telephone: "0938-7654321"'),
    "online": ("guide.yaml", "url: https://zwfw.gansu.gov.cn/", "url: https://example.org/new"),
}  # fmt: skip
"""Part → where a city says it, as it is and otherwise; of the third matter."""
TOLD = {
    "limit": ("1个工作日，自", "77个工作日，自"),
    "responsible": ("市公安局", "新公安局"),
    "when": ("待公布", "新的时间"),
    "telephone": ("12345", "0938-7654321"),
}
"""How people read it, where that is not the words of the file."""
SAID_ELSEWHERE = {"when", "telephone", "responsible"}
"""Their old words stay: more is to be announced, 12345 is the hotline's name, the police do more."""


def surfaces(city: City, language: Language = "zh") -> dict[str, str]:
    """Everywhere that the third matter's guide is told, without blanks and breaks."""
    policy, family, number = city.policy, city.family, 3
    guide = guide_of(number, city.guide, policy)
    case = document(given("death_certificate"))
    told = {
        "guide page": "\n".join(GuidePage(policy, language).lines(guide)),
        "guide for programs": json.dumps(guide_row(guide, language), ensure_ascii=False),
        "window notice": text_of(sheet_of([guide], policy.city, language)),
    }
    for name, who in (("family's page", "applicant"), ("hotline", "12345")):
        audience = family.audience(who)
        assert audience is not None
        view = progress_of(case, None, audience, family, policy, DAY)
        contacts = contacts_of(open_matters(view), city.guide, policy)
        told[name] = "\n".join(ProgressPage(policy, language).lines(view, family, contacts))
        told["progress for programs"] = json.dumps(contact_rows(contacts), ensure_ascii=False)
    return {name: re.sub(r"\s", "", text) for name, text in told.items()}


def city_with(folder: Path, file: str, before: str, after: str) -> City:
    """The shipped city with one thing said otherwise."""
    (folder / CATALOGUE_PATH.name).write_bytes(CATALOGUE_PATH.read_bytes())
    own = edited(folder) if file == CATALOGUE_PATH.name else edited(folder, (file, before, after))
    if file == CATALOGUE_PATH.name:
        text = CATALOGUE_PATH.read_text(encoding="utf-8")
        (own / file).write_text(text.replace(before, after), encoding="utf-8")
    return City(own)


def places_of(part: str) -> tuple[str, ...]:
    """Who tells this part."""
    return (*WHOLE, *OF_A_CASE) if part in CONTACT else WHOLE


def test_each_part_has_a_change() -> None:
    """Counted: nine parts; four of them are told at six places, five at three."""
    assert CHANGED.keys() == PARTS.keys()
    assert sum(len(places_of(part)) for part in PARTS) == 4 * 6 + 5 * 3


@pytest.mark.parametrize("part", CHANGED)
def test_what_a_city_changes_in_the_guide_is_changed_wherever_it_is_told(tmp_path: Path, part: str) -> None:
    """One edit, and no window, page or hotline says the old words on."""
    file, before, after = CHANGED[part]
    old, new = TOLD.get(
        part, tuple(text.removeprefix("zh: ").removeprefix("url: ") for text in (before, after))
    )
    shipped, changed = surfaces(City()), surfaces(city_with(tmp_path, file, before, after))
    for name in places_of(part):
        assert new not in shipped[name]
        assert new in changed[name]
        assert part in SAID_ELSEWHERE or (old in shipped[name] and old not in changed[name])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_guide_stands_on_each_page_that_shows_it_whole(language: Language) -> None:
    """Nothing is left out on paper or on the screen."""
    city = City()
    told = surfaces(city, language)
    for part in guide_parts(guide_of(3, city.guide, city.policy)):
        for line in part.lines:
            text = re.sub(r"\s", "", line.first(language))
            assert [name for name in ("guide page", "window notice") if text not in told[name]] == []
            of_a_case = ("family's page", "hotline") if part.part in CONTACT else ()
            assert [name for name in of_a_case if text not in told[name]] == []


@each_cell("number", City().policy.by_number)
def test_materials_and_limit_are_those_of_the_matter_itself(number: int) -> None:
    """They are written once, in materials.yaml and matters.yaml."""
    city = City()
    matter, guide = city.policy.by_number[number], guide_of(number, city.guide, city.policy)
    asked = [(one.kind, one.original, one.required) for one in matter.materials]
    assert [(one.kind, one.original, one.required) for one in guide.materials] == asked
    assert str(matter.limit_working_days) in guide.limit.zh
    assert guide.standard is not None


def test_a_matter_that_the_guide_says_nothing_of_is_told_all_the_same(tmp_path: Path) -> None:
    """Its materials and its limit are known; the city is warned of the rest."""
    own = edited(tmp_path, *THIRTEENTH)
    (own / CATALOGUE_PATH.name).write_bytes(CATALOGUE_PATH.read_bytes())
    city = City(own)
    row = guide_row(guide_of(TRANSFER, city.guide, city.policy), "zh")
    assert (row["limit_working_days"], row["standard"], row["telephone"]) == (2, None, None)
    assert f"nothing of matter {TRANSFER}" in str(city.warnings()[-1])
    assert city.findings() == ()


def test_what_goes_on_without_an_application_is_said_so() -> None:
    """No family goes to a window for it."""
    city = City()
    guide = guide_of(11, city.guide, city.policy)
    assert guide.standard is not None
    assert guide.standard.zh.endswith("不需要您申请。")


def test_where_everything_is_done_nobody_is_told_where_to_go() -> None:
    """An empty list is no place."""
    city = City()
    assert contacts_of([], city.guide, city.policy) == []
    (contact,) = contacts_of([1, 3, 99], city.guide, city.policy)
    assert contact.matters == (1, 3)


@pytest.mark.parametrize(("words", "code", "lines"), [(("3",), 0, 1), ((), 0, 12), (("99",), 1, 0)])
def test_the_command_gives_one_guide_all_or_none(words: tuple[str, ...], code: int, lines: int) -> None:
    """A number that is no matter's is answered with those that are."""
    result = CliRunner().invoke(build_app(["guide", "topics"]), ["guide", *words, "--json"])
    assert result.exit_code == code
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == lines
    wanted = {
        "matter",
        "standard",
        "materials",
        "limit",
        "responsible",
        "where",
        "telephone",
        "url",
        "source",
    }
    assert all(wanted <= row.keys() for row in rows)


def test_the_sheet_has_a_page_for_each_matter_its_fonts_and_the_same_bytes(tmp_path: Path) -> None:
    """It prints anywhere, and whoever compares two sees what has changed."""
    import pypdf  # noqa: PLC0415 - as the form's own tests

    file = tmp_path / "guide.pdf"
    for language in LANGUAGES:
        command = ["guide", "--pdf", str(file), "--lang", language]
        assert CliRunner().invoke(build_app(["guide", "topics"]), command).exit_code == 0
        first = file.read_bytes()
        CliRunner().invoke(build_app(["guide", "topics"]), command)
        assert file.read_bytes() == first
        pages = pypdf.PdfReader(file).pages
        assert len(pages) == len(City().policy.by_number)
        fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
        assert all("/DescendantFonts" in font for font in fonts)
