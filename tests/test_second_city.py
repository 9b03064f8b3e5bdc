"""A second city, told apart by a folder alone: all that people read is in its words, and nothing in ours."""

import json
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import docx
import pytest
from rich.console import Console

from consumers.family.progress import open_matters, progress_of
from consumers.guide.sheet import sheet_of
from consumers.guide.text import contacts_of, guide_of, guide_row
from consumers.printed_form.application_choice import choose_application
from consumers.printed_form.filled import fill
from consumers.printed_form.pdf import pdf_of
from consumers.printed_form.word import docx_of
from consumers.statistics.facts import application_facts, matter_facts
from consumers.statistics.report import Statistics, StatisticsFilter
from consumers.statistics.tables import as_of_text, statistics_tables
from exchange.command.demo.form_file import form_line
from exchange.command.demo.publishing import PublishedCity
from exchange.command.demo.story import form_table, story
from exchange.command.demo.tables import department_table
from exchange.command.statistics.command import html_of
from exchange.command.views.announcements import announcement_line
from exchange.command.views.case import CaseView
from exchange.command.views.family import ProgressPage
from exchange.command.views.guide import GuidePage
from exchange.command.views.sheet import Sheet
from exchange.command.views.tasks import owed_table
from exchange.domain.policy import load_policy
from exchange.runtime.city import City
from tests.consumers.printed_form.test_pdf import text_of
from tests.second_city import CODES, NAMES, NOW, PLACES, REMOVED, CityInMemory, our_words, second_city
from tools.pages.writing import CITYS_OWN
from topics.labels import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
Shown = tuple[CityInMemory, dict[str, str]]
NOT_SHOWN = {"Tianshui", "玉泉", "附件2"}
"""Our city's English name is said of its policy alone; a clinic is in few records; the plan's list
of materials is named where something of it is missing, and these families lack only what we ask for."""


def in_words(*parts: object) -> str:
    """What a terminal shows, of a width at which no word is broken."""
    out = StringIO()
    console = Console(file=out, width=500, markup=False, highlight=False)
    for part in parts:
        if isinstance(part, str):
            out.write(f"{part}\n")
        else:
            console.print(part)
    return out.getvalue()


def case_views(lived: CityInMemory) -> Iterator[object]:
    """Every case of which there is much to say, and all that is owed, in both languages."""
    for language in LANGUAGES:
        for case in (one for one in lived.cases.values() if one["requests"] or one["conflicts"]):
            yield from CaseView(lived.city.policy, language, NOW.date()).render(case)
        yield owed_table(Sheet(lived.city.policy, language), lived.tasks)


def announcements(lived: CityInMemory) -> Iterator[object]:
    """Each as `exchange follow` writes it, and as JSON."""
    for one in lived.told:
        yield from (announcement_line(one, lived.city.policy, language) for language in LANGUAGES)
        yield json.dumps(one, default=str, ensure_ascii=False)


def forms(lived: CityInMemory) -> Iterator[object]:
    """The form of the one who has everything, as PDF and for Word."""
    case, layout = lived.cases[lived.showcase], lived.city.layout
    form = fill(case, choose_application(case, ""), layout, lived.city.policy)
    yield layout.annex
    yield text_of(pdf_of(form, layout))
    document = docx.Document(BytesIO(docx_of(form, layout)))
    yield from (paragraph.text for paragraph in document.paragraphs)
    yield from (cell.text for table in document.tables for row in table.rows for cell in row.cells)


def family_pages(lived: CityInMemory) -> Iterator[object]:
    """Every case, for every audience, in both languages; and what is said in situations that nobody is in."""
    family, guide = lived.city.family, lived.city.guide
    yield from (one.next.zh for one in family.situations)
    for case in lived.cases.values():
        for audience in family.audiences:
            view = progress_of(
                case, choose_application(case, ""), audience, family, lived.city.policy, NOW.date()
            )
            contacts = contacts_of(open_matters(view), guide, lived.city.policy)
            for language in LANGUAGES:
                yield from ProgressPage(lived.city.policy, language).lines(view, family, contacts)


def guides(lived: CityInMemory) -> Iterator[object]:
    """The guide of every matter, in a terminal, as JSON and on paper."""
    policy = lived.city.policy
    found = [guide_of(number, lived.city.guide, policy) for number in policy.by_number]
    for language in LANGUAGES:
        page = GuidePage(policy, language)
        yield from (line for one in found for line in page.lines(one))
        yield page.overview(found)
        yield json.dumps([guide_row(one, language) for one in found], ensure_ascii=False)
        yield text_of(sheet_of(found, policy.city, language))


def statistics(lived: CityInMemory) -> Iterator[object]:
    """Of all that is counted a row each, as a page and as its tables."""
    facts = [fact for case in lived.cases.values() for fact in matter_facts(case, lived.city.policy)]
    applications = [
        fact for case in lived.cases.values() for fact in application_facts(case, lived.city.statistics)
    ]
    keys = sorted({(fact.department, fact.county or "") for fact in facts})
    found = Statistics(
        as_of=NOW,
        asked=StatisticsFilter(),
        totals={"cases": len(lived.cases), "applications": len(applications)},
        states=tuple({"matter": one.matter, "state": one.state, "count": 9} for one in facts),
        days=({"matter": facts[0].matter, "count": 9, "days_median": 31.0, "days_p90": 40.5},),
        on_time=tuple(
            {"department": code, "county": county, "whole": False, "decided": 9, "share": 0.5, "overdue": 0}
            for code, county in keys
        ),
        channels=({"channel": "ONLINE", "count": 6},),
    )
    for language in LANGUAGES:
        sheet = Sheet(lived.city.policy, language)
        tables = statistics_tables(found, lived.city.statistics.small_number, sheet)
        yield html_of(tables, sheet, (as_of_text(found, sheet),))


def demo(lived: CityInMemory) -> Iterator[object]:
    """What the demo prints, and the records that it publishes."""
    policy, case = lived.city.policy, lived.cases[lived.showcase]
    published = PublishedCity(lived.lines, (), 1.0)
    yield department_table(published, lived.cases, lived.city.catalogue, policy)
    yield from (story(case, policy), form_table(case, policy), form_line(Path("form.pdf"), policy))
    yield from (json.dumps(line, ensure_ascii=False) for line in lived.lines)


def pages(lived: CityInMemory) -> Iterator[object]:
    """The reference pages of matters and topics, and the head of records: shipped schemas are ours."""
    for name in ("matters.md", "topics.md", "records.md"):
        yield CITYS_OWN[name](lived.city).partition("\n## Fields")[0]


SHOWN = (case_views, announcements, forms, family_pages, guides, statistics, demo, pages)


def shown(city: City) -> Shown:
    """What a few people's records come to in a city, and each thing that is shown of it."""
    lived = CityInMemory(city).live(people=4)
    return lived, {show.__name__: in_words(*show(lived)) for show in SHOWN}


@pytest.fixture(scope="module")
def ours() -> Shown:
    """The shipped city."""
    return shown(City())


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The second one."""
    return shown(second_city(tmp_path_factory.mktemp("cities") / "qinghe"))


def test_the_second_city_differs_in_departments_limits_and_a_matter(other: Shown) -> None:
    """Else the tests below would prove nothing."""
    city = other[0].city
    assert city.findings() == ()
    shipped, own = load_policy(), city.policy
    assert not own.departments.keys() & shipped.departments.keys()
    assert set(shipped.deciders) - set(own.deciders) == {REMOVED}
    limits = [max(one.limit_working_days for one in policy.matters) for policy in (own, shipped)]
    assert limits == [10, 15]


@pytest.mark.parametrize("name", [show.__name__ for show in SHOWN])
def test_none_of_our_words_is_in_what_a_second_city_shows(other: Shown, name: str) -> None:
    """Whatever people read."""
    assert {word for word in our_words() if word in other[1][name]} == set()


def test_its_own_words_are_there(other: Shown) -> None:
    """So it is not silence that passes."""
    own = {word for names in NAMES.values() for word in names} | set(PLACES.values())
    text = "".join(other[1].values())
    assert {word for word in own if word not in text} <= {PLACES[word] for word in NOT_SHOWN}


def test_under_the_shipped_city_each_of_our_words_is_there(ours: Shown) -> None:
    """So a word that is looked for in vain would be found."""
    text = "".join(ours[1].values())
    assert {word for word in our_words() if word not in text} <= NOT_SHOWN


def test_no_record_event_or_task_names_a_department_of_ours(other: Shown) -> None:
    """Programs read codes, where people read names."""
    lived = other[0]
    named = {
        code
        for document in (*lived.cases.values(), *lived.told, *lived.tasks)
        for key, value in _values(document)
        if key in {"department", "owed_by", "decided_by"}
        for code in (value if isinstance(value, list) else [value])
    }
    assert named <= set(CODES.values())
    assert {line["record"].get("department") for line in lived.lines} <= {None, *CODES.values()}


def test_the_sample_is_refused_for_the_same_reasons_and_names_no_matter_that_is_not_there(
    ours: Shown, other: Shown
) -> None:
    """What it plants is found, and nothing else is refused."""
    assert set(other[0].refused) == set(ours[0].refused)
    records = [line["record"] for line in other[0].lines]
    assert all(one.get("matter") != REMOVED and REMOVED not in one.get("matters", ()) for one in records)


def _values(document: object) -> Iterator[tuple[str, object]]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield key, value
            yield from _values(value)
    elif isinstance(document, list):
        for one in document:
            yield from _values(one)
