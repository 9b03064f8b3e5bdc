"""Parts and how they are: the verdict, what is to be done, and how far each part is behind."""

from typing import Final

from litestar import get

from consumers.labels.words import words
from consumers.operations.verdict import VERDICTS
from exchange.console.console import AskerHere
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, PageRequestHere, html
from exchange.desk.health import ExchangeHealth, health
from topics.labels import Labels

LABELS: Final = Labels(__file__)
_CONDITIONS: Final = LABELS.table("conditions")


def parts_page(frame: Frame, found: ExchangeHealth) -> str:
    """Return the page."""
    return render(
        "operations/parts",
        frame,
        found=found,
        verdict=VERDICTS[found.verdict],
        health_words=lambda code: words(_CONDITIONS, code),
    )


@get("/parts", include_in_schema=False, sync_to_thread=True)
def show_parts(pages: PageRequestHere, asker: AskerHere) -> AnyResponse:
    """Show how the exchange is."""
    found = health(pages.console.desk, asker)
    return html(parts_page(pages.frame(), found))
