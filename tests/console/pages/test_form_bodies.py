"""What a browser may send with a form: as much as a form has, and what can be read."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final
from unittest.mock import Mock

import pytest

from exchange.console.pages.application import taking
from exchange.console.pages.form_bodies import FIELDS, TEXT_BYTES
from exchange.console.pages.operations import accounts, quarantine
from tests.cells import each_cell
from tests.console.pages.read_page import faults, read_page
from tests.console.pages.visits import CITY, FROM_HERE, Visits, visitor

APPLY: Final = f"/cases/{'0' * 32}/forms/apply"
PLAIN: Final = "application/x-www-form-urlencoded"
PARTS: Final = "multipart/form-data; boundary=x"


def part(content: bytes, more: str = "", kind: str = "text/plain") -> bytes:
    """A form of one field, `back`, in parts."""
    head = f'--x\r\nContent-Disposition: form-data; name="back"{more}\r\nContent-Type: {kind}\r\n\r\n'
    return head.encode() + content + b"\r\n--x--\r\n"


@each_cell(
    ("kind", "body", "status"),
    [
        (PLAIN, b"&".join([b"a=1"] * FIELDS), 303),
        (PLAIN, b"&".join([b"a=1"] * (FIELDS + 1)), 400),
        (PLAIN, b"a=" + b"1" * (TEXT_BYTES - 2), 303),
        (PLAIN, b"a=" + b"1" * (TEXT_BYTES - 1), 413),
        (PLAIN, "back=/queue&a=王".encode(), 303),
        (PLAIN, b"back=%E7%8E%8B", 303),
        (PLAIN, b"back=%FF", 400),
        (PLAIN, b"back=\xff", 400),
        (PARTS, part("/王".encode()), 303),
        (PARTS, part(b"\xff"), 400),
        (PARTS, part(b"/", kind="text/plain; charset=gb18030"), 303),
        (PARTS, part(b"/", kind="text/plain; charset=nobody"), 400),
        (PARTS, part(b"/", '; filename="a.txt"'), 303),
        ("multipart/form-data", part(b"/"), 400),
    ],
    ids=lambda one: str(one)[:40],
)
def test_a_form_that_no_page_of_ours_sends_is_refused_calmly(kind: str, body: bytes, status: int) -> None:
    """By whoever has not signed in, too; a file where a text is wanted is no text."""
    sent = Visits().console.asked(
        "POST", "/preferences", content=body, headers={**FROM_HERE, "Content-Type": kind}
    )
    assert sent.status_code == status
    assert status == 303 or faults(read_page(sent.text)) == []


def headers_of(visits: Visits, role: str, kind: str) -> dict[str, str]:
    """What a browser sends of somebody who has signed in."""
    token = visits.console.known.begin(visitor(role))
    return {**FROM_HERE, "Cookie": f"session={token}", "Content-Type": kind}


def test_files_may_be_large_and_texts_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file no more is held than is enough to refuse it."""
    visits, most = Visits(), CITY.uploads.largest_bytes
    upload = Mock(return_value=Mock(sha256="ab"))
    monkeypatch.setattr(taking, "upload", upload)
    headers = headers_of(visits, "window_clerk", PLAIN)
    sent = visits.console.asked("POST", APPLY, content=b"a" * (TEXT_BYTES + 1), headers=headers)
    assert sent.status_code == 413
    for size in (TEXT_BYTES + 1, most + 10):
        headers = headers_of(visits, "window_clerk", PARTS)
        body = part(b"a" * size, '; filename="a.pdf"').replace(b"back", b"file.3")
        visits.console.asked("POST", APPLY, content=body, headers=headers)
    assert [len(call.args[2].content) for call in upload.call_args_list] == [TEXT_BYTES + 1, most + 1]


@each_cell(("role", "is_read"), [("window_clerk", True), ("auditor", False), ("department_handler", False)])
def test_files_are_read_of_those_alone_who_take_applications(role: str, is_read: bool) -> None:
    """The others are refused before they have sent anything."""
    visits, asked = Visits(), Mock()

    async def body() -> AsyncIterator[bytes]:
        asked()
        yield b"step=card"

    async def ask() -> Any:
        headers = headers_of(visits, role, PLAIN)
        return await visits.console.ask("POST", APPLY, content=body(), headers=headers)

    assert (asyncio.run(ask()).status_code == 403) is not is_read
    assert asked.called is is_read


@each_cell(
    ("path", "form", "status"),
    [
        ("/queue/hands", {"claim": f"{'0' * 32}:{'1' * 5000}"}, 400),
        ("/queue/hands", {"claim": f"{'0' * 32}:3"}, 503),
        ("/supplement/cremation", {"rows": "1" * 5000, "recorded_at": "2026-03-02T00:00Z"}, 422),
        ("/supplement/cremation", {"rows": "3", "recorded_at": "2026-03-02T00:00Z"}, 422),
    ],
)
def test_a_number_of_more_digits_than_there_are_of_anything_is_none(
    path: str, form: dict[str, str], status: int
) -> None:
    """A database that is away is what hinders the others."""
    asker = visitor("department_handler", "civil_affairs")
    assert Visits().send(asker, path, form).status_code == status


def test_materials_that_are_no_numbers_are_the_desks_to_refuse() -> None:
    """With what was typed; a file takes the place of its kind on paper."""
    long = "1" * 5000
    sent = {"materials": ["abc", long, "03", "4"]}
    assert taking.with_files(sent, {4: "ab"})["materials"] == ["abc", long, "03", {"kind": 4, "sha256": "ab"}]


@each_cell(
    ("role", "path", "more"),
    [
        ("window_clerk", f"/cases/{'0' * 32}/unmasked", {}),
        ("window_clerk", f"/cases/{'0' * 32}/form.pdf", {}),
        ("operator", "/quarantine/discarded", {"entry": "a"}),
        ("operator", "/accounts/changed", {"act": "suspend", "account": "wang"}),
    ],
)
def test_a_reason_is_as_long_as_the_api_takes_it(
    monkeypatch: pytest.MonkeyPatch, role: str, path: str, more: dict[str, str]
) -> None:
    """It is kept for ever; of one that fits it is the parts that are away that hinder."""
    visits = Visits()
    monkeypatch.setattr(accounts, "open_accounts", Mock())
    monkeypatch.setattr(quarantine, "discard", Mock())
    for length, is_refused in ((1000, False), (1001, True)):
        sent = visits.send(visitor(role), path, {**more, "reason": "理" * length})
        assert sent.status_code in ({400} if is_refused else {303, 503}), length
