"""The guide: what each matter takes. Everybody may read it; it says nothing of anybody."""

from collections.abc import Sequence
from functools import cache

from litestar import Response, get
from litestar.params import FromPath

from consumers.guide.sheet import sheet_of
from consumers.guide.text import PARTS, Guide, guide_of, guide_parts
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import HEADERS, render
from exchange.console.pages.serving import AnyResponse, PageRequest, PageRequestHere, html, not_found
from exchange.domain.policy_files.guide import GuidePolicy
from exchange.runtime.city import City
from exchange.serving.asking import OPEN
from topics.labels import Language


def guides_of(frame: Frame, policy: GuidePolicy) -> list[Guide]:
    """Return the guides of all matters."""
    return [guide_of(number, policy, frame.policy) for number in frame.policy.by_number]


def overview_page(frame: Frame, guides: Sequence[Guide]) -> str:
    """Return the page of all matters: whose each is, and how long it takes."""
    return render("city/guides", frame, guides=guides, responsible=PARTS["responsible"])


def guide_page(frame: Frame, guide: Guide) -> str:
    """Return the page of one matter."""
    return render("city/guide", frame, guide=guide, parts=guide_parts(guide))


@get("/guide", opt=OPEN, include_in_schema=False, sync_to_thread=True)
def show_guides(pages: PageRequestHere) -> AnyResponse:
    """Show all matters to everybody."""
    frame = pages.open_frame()
    return html(overview_page(frame, guides_of(frame, pages.console.desk.settings.city.guide)))


@get("/guide/{matter:int}", opt=OPEN, include_in_schema=False, sync_to_thread=True)
def show_guide(pages: PageRequestHere, matter: FromPath[int]) -> AnyResponse:
    """Show the guide of one matter to everybody."""
    city = pages.console.desk.settings.city
    if matter not in city.policy.by_number:
        return not_found(pages)
    return html(guide_page(pages.open_frame(), guide_of(matter, city.guide, city.policy)))


@get("/guide/sheets.pdf", opt=OPEN, include_in_schema=False, sync_to_thread=True)
def print_guides(pages: PageRequestHere) -> AnyResponse:
    """Return the sheets of all matters, to be printed."""
    return _sheet(pages, tuple(pages.console.desk.policy.by_number))


@get("/guide/{matter:int}/sheet.pdf", opt=OPEN, include_in_schema=False, sync_to_thread=True)
def print_guide(pages: PageRequestHere, matter: FromPath[int]) -> AnyResponse:
    """Return the sheet of one matter, to be printed."""
    return _sheet(pages, (matter,)) if matter in pages.console.desk.policy.by_number else not_found(pages)


def _sheet(pages: PageRequest, numbers: tuple[int, ...]) -> AnyResponse:
    content = _sheet_of(pages.console.desk.settings.city, numbers, pages.language)
    return Response(content, media_type="application/pdf", headers=dict(HEADERS))


@cache
def _sheet_of(city: City, numbers: tuple[int, ...], language: Language) -> bytes:
    """Return a sheet, typeset once: anybody may ask for it, as often as they like."""
    guides = [guide_of(number, city.guide, city.policy) for number in numbers]
    return sheet_of(guides, city.policy.city, language)
