"""The sign-in: of staff with an account, of an applicant with the code on the receipt."""

from typing import Literal

from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render


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
