"""Forms that no page of ours sends are faults of the request, and none of ours."""

from typing import Final

import pytest

from exchange.console.pages.application.taking import with_files
from exchange.desk.asker import Asker
from tests.console.made_console import MadeConsole

BOUNDARY: Final = "a-boundary"
FORM: Final = f"multipart/form-data; boundary={BOUNDARY}"


def part(content: bytes, head: str = "") -> bytes:
    """The field `language`, as a browser sends it, or not."""
    start = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="language"{head}\r\n\r\n'
    return start.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (part(b"en"), FORM, 303),
        (part(b"en", '; filename="x"'), FORM, 303),
        (part(b"\xff\xfe"), FORM, 400),
        (part(b"en", "\r\nContent-Type: text/plain; charset=nowhere"), FORM, 400),
        (b"language=en", "application/x-www-form-urlencoded", 303),
    ],
    ids=["a text", "a file in its place, which is left out", "no UTF-8", "no encoding", "as most forms come"],
)
def test_a_form_is_text_that_can_be_read(body: bytes, kind: str, status: int) -> None:
    made = MadeConsole()
    token = made.known.begin(Asker("张敏", "window_clerk", {}, "console"))
    headers = {"Cookie": f"session={token}", "Sec-Fetch-Site": "same-origin", "Content-Type": kind}
    assert made.asked("POST", "/preferences", headers=headers, content=body).status_code == status


@pytest.mark.parametrize("kind", ["1", "abc", "1" * 5000], ids=["a kind", "a word", "thousands of digits"])
def test_what_is_no_kind_of_material_goes_on_to_be_refused_by_name(kind: str) -> None:
    taken = {7: "0" * 64}
    assert with_files({"materials": [kind, "7"]}, taken)["materials"] == [
        kind,
        {"kind": 7, "sha256": "0" * 64},
    ]
