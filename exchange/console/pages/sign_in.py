"""The sign-in: of staff with an account, of an applicant with the code on the receipt."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from litestar import get, post
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_401_UNAUTHORIZED, HTTP_429_TOO_MANY_REQUESTS

from exchange.console.access import enter, enter_with_code
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, FormHere, PageRequest, PageRequestHere, html, see
from exchange.console.request_session import session_cookie
from exchange.console.told import told
from exchange.desk.guessing import SlowDownError
from exchange.desk.identity import Shown
from exchange.desk.sign_in import SignInRefusedError
from exchange.serving.asking import OPEN, address_of

BackTo = Annotated[str, QueryParameter(name="back", max_length=2000)]
IsOver = Annotated[str, QueryParameter(name="over", max_length=10)]


def sign_in_page(
    frame: Frame,
    way: Literal["account", "code"] = "account",
    refused: str = "",
    name: str = "",
    back: str = "",
    *,
    over: bool = False,
) -> str:
    """Return the page.

    Args:
        frame: what stands around it.
        way: which of the two ways was taken last.
        refused: why it did not let in, and what to do, in the reader's language; empty: nobody tried.
        name: the account's name as it was typed.
        back: where to go afterwards.
        over: whether a session was there and has ended.
    """
    return render("sign_in", frame, way=way, refused=refused, name=name, back=back, over=over)


@get("/sign-in", opt=OPEN, include_in_schema=False, sync_to_thread=False)
def ask_to_sign_in(pages: PageRequestHere, back: BackTo = "", over: IsOver = "") -> AnyResponse:
    """Ask who somebody is."""
    return html(sign_in_page(pages.frame(), back=back, over=bool(over)))


@post("/sign-in", opt=OPEN, include_in_schema=False)
async def take_sign_in(pages: PageRequestHere, form: FormHere) -> AnyResponse:
    """Let the holder of an account in, and go on to where they wanted to go."""
    name, back = form.get("name", ""), form.get("back", "")
    shown = Shown(name.strip(), form.get("password", ""), form.get("code", "").strip())
    return await _let_in(
        pages,
        enter(pages.console, shown, address_of(pages.request), "console"),
        back,
        lambda refused: sign_in_page(pages.frame(), "account", refused, name, back),
    )


@post("/sign-in/code", opt=OPEN, include_in_schema=False)
async def take_code(pages: PageRequestHere, form: FormHere) -> AnyResponse:
    """Let an applicant in by the code on the receipt."""
    code = form.get("code", "").strip()
    return await _let_in(
        pages,
        enter_with_code(pages.console, code, address_of(pages.request), "console"),
        "",
        lambda refused: sign_in_page(pages.frame(), "code", refused),
    )


@post("/sign-out", include_in_schema=False, sync_to_thread=True)
def go(pages: PageRequestHere) -> AnyResponse:
    """End the session; the browser forgets it."""
    pages.console.sign_in.sign_out(pages.request.auth)
    return see(pages.addresses.page("/sign-in"), session_cookie(pages.request, None))


async def _let_in(
    pages: PageRequest, entering: Awaitable[str], back: str, again: Callable[[str], str]
) -> AnyResponse:
    """Return where somebody goes who is let in; else the page again, which says what to do."""
    try:
        token = await entering
    except SignInRefusedError as refusal:
        return html(again(told(refusal.message).first(pages.language)), HTTP_401_UNAUTHORIZED)
    except SlowDownError as refusal:
        return html(again(told(refusal.message).first(pages.language)), HTTP_429_TOO_MANY_REQUESTS)
    return see(pages.addresses.own(back), session_cookie(pages.request, token))
