"""Pages of a console in this process, in Chromium: what it asks for is answered without a server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from exchange.desk.asker import Asker
from tests.console.pages.visits import Visits
from tools.pictures import seen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

ORIGIN: Final = "http://console"
SIZES: Final = {"desktop": seen.SIZES["desktop"], "telephone": seen.SIZES["phone"]}
violations, sideways = seen.violations, seen.sideways
HOP_BY_HOP: Final = frozenset({"content-length", "transfer-encoding"})


@contextmanager
def signed_in(browser: "Browser", visits: Visits, asker: Asker, **more: Any) -> "Iterator[Page]":
    """A page of a browser in which somebody has signed in."""
    token = visits.console.known.begin(asker)
    with ThreadPoolExecutor(1) as pool:  # asked in a thread of its own: this one has the browser's loop

        def answer(route: "Route") -> None:
            request = route.request
            headers = {**request.all_headers(), "cookie": f"session={token}; display={display}"}
            path = request.url.removeprefix(ORIGIN)
            asked = pool.submit(
                visits.console.asked,
                request.method,
                path,
                content=request.post_data_buffer or b"",
                headers={**headers, "sec-fetch-site": "same-origin"},
            )
            found = asked.result()
            kept = {name: value for name, value in found.headers.items() if name not in HOP_BY_HOP}
            route.fulfill(status=found.status_code, headers=kept, body=found.content)

        display = more.pop("display", "zh.auto.normal.keys")
        context = browser.new_context(base_url=ORIGIN, **more)
        context.route("**/*", answer)
        try:
            yield context.new_page()
        finally:  # a browser asks for its icon when it likes: answered before the thread that answers ends
            context.unroute_all(behavior="wait")
            context.close()
