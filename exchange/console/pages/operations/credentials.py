"""Credentials: whose they are and how they stand; making and ending them is the command line's."""

from collections.abc import Sequence
from datetime import UTC, datetime

from litestar import get

from consumers.labels.operations import CREDENTIAL_STATES
from consumers.labels.words import words
from exchange.console.console import AskerHere
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, PageRequestHere, html
from exchange.desk.held_credentials import credentials
from exchange.domain.credentials import Credential


def credentials_page(frame: Frame, found: Sequence[Credential], now: datetime) -> str:
    """Return the page; no secret is on it, as none is kept in clear."""
    return render(
        "operations/credentials",
        frame,
        found=found,
        now=now,
        state_of=lambda one: words(CREDENTIAL_STATES, one.state),
    )


@get("/credentials", include_in_schema=False, sync_to_thread=True)
def show_credentials(pages: PageRequestHere, asker: AskerHere) -> AnyResponse:
    """Show every credential there ever was."""
    found = credentials(pages.console.desk, asker)
    return html(credentials_page(pages.frame(), found, datetime.now(UTC)))
