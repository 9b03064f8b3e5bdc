"""Where somebody begins, how they like to read, and the files that pages load."""

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath

from exchange.console.pages.frame import read_preferences
from exchange.console.pages.serving import (
    PREFERENCES,
    AnyResponse,
    FormHere,
    PageRequestHere,
    not_found,
    see,
)
from exchange.console.pages.static_files import KEPT, find_static
from exchange.console.request_session import is_api
from exchange.serving.asking import OPEN
from exchange.serving.problems import ProblemError

_YEAR_S = 365 * 24 * 3600


@get("/", include_in_schema=False, sync_to_thread=False)
def begin(pages: PageRequestHere) -> AnyResponse:
    """Go to the first page of whoever is there."""
    for address, _ in pages.frame().nav():
        return see(address)
    return pages.problem("no_screen", 200, onward=pages.addresses.page("/guide"))


@post("/preferences", opt=OPEN, include_in_schema=False, sync_to_thread=False)
def prefer(pages: PageRequestHere, form: FormHere) -> AnyResponse:
    """Keep how somebody likes to read, and go back to the page."""
    known = read_preferences(pages.request.cookies.get(PREFERENCES, ""))
    wanted = known.changed({name: form.get(name, "") for name in form})
    kept = Cookie(
        PREFERENCES,
        path="/",
        value=wanted.as_text(),
        max_age=_YEAR_S,
        httponly=True,
        samesite="lax",
        secure=pages.request.url.scheme == "https",
    )
    return see(pages.addresses.own(form.get("back", "")), kept)


@get("/static/{name:str}", opt=OPEN, include_in_schema=False, sync_to_thread=False)
def give_file(pages: PageRequestHere, name: FromPath[str]) -> AnyResponse:
    """Return a file that pages load, to be kept for good."""
    found = find_static(name)
    if found is None:
        return not_found(pages)
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": KEPT})


@get("/{rest:path}", opt=OPEN, include_in_schema=False, sync_to_thread=False)
def find_nothing(pages: PageRequestHere) -> AnyResponse:
    """Say calmly that there is no such page; of the API, as it says everything."""
    if is_api(pages.request.url.path):
        raise ProblemError("not_found", 404)
    return not_found(pages)
