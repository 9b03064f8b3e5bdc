"""Who comes in: by a token at the API, by a cookie at the pages, and never the other way."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from litestar import get, post

from exchange.console import app as console_app
from exchange.console.console import AskerHere
from exchange.console.request_session import session_cookie
from exchange.desk.asker import Asker
from exchange.serving import bodies
from exchange.serving.holder_limits import HolderLimits
from tests.cells import each_cell
from tests.console.made_console import ENOUGH, MadeConsole

CLERK: Final = Asker("zhang", "window_clerk", {}, "console")
CASE: Final = "0" * 32


@get("/here", sync_to_thread=False)
def page(asker: AskerHere) -> str:
    """A page that says who reads it."""
    return asker.name


@post("/here", sync_to_thread=False)
def button(asker: AskerHere) -> str:
    """A button of that page."""
    return asker.name


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> MadeConsole:
    """A console with a page."""
    monkeypatch.setattr(console_app, "_ROOMS", (*console_app.API_HANDLERS, page, button))
    return MadeConsole()


def operations(made: MadeConsole) -> list[tuple[str, str, dict[str, Any]]]:
    """All that the API's document says can be asked."""
    paths = made.asked("GET", "/desk/v1/openapi.json").json()["paths"]
    return [
        (method.upper(), path, told)
        for path, methods in paths.items()
        if path.startswith("/desk/")
        for method, told in methods.items()
    ]


def is_closed(told: dict[str, Any]) -> bool:
    """Whether an operation is for those alone who have signed in."""
    return told.get("security") not in ([], [{}])


def test_whoever_has_not_signed_in_is_told_nothing_but_the_guide() -> None:
    """Each path of the document is asked without a token, and with one of nobody."""
    made = MadeConsole()
    asked = operations(made)
    closed = [
        (method, path)
        for method, path, told in asked
        if told.get("security") != [{}] and told.get("security") != []
    ]
    assert len(closed) > 30
    for method, path in closed:
        place = path.replace("{case_id}", CASE).replace("{record_id}", CASE).replace("{application}", CASE)
        for headers in ({}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic x"}):
            found = made.asked(method, place, headers=headers)
            assert found.status_code == 401, (method, path)
            assert found.headers["www-authenticate"].startswith("Bearer")
    opened = {path for method, path, _ in asked if (method, path) not in closed}
    assert opened == {"/desk/v1/session", "/desk/v1/guide", "/desk/v1/guide/{matter}"}


@each_cell(
    ("path", "shown", "status"),
    [
        ("/here", {"Cookie": "session={token}"}, 200),
        ("/here", {"Cookie": "__Host-session={token}"}, 401),
        ("/here", {"Authorization": "Bearer {token}"}, 401),
        ("/here", {}, 401),
        ("/desk/v1/cases/x", {"Cookie": "session={token}"}, 401),
        ("/desk/v1/cases/x", {"Authorization": "Bearer {token}"}, 401),
    ],
)
def test_a_session_of_the_pages_is_a_cookie_and_opens_no_api(
    made: MadeConsole, path: str, shown: dict[str, str], status: int
) -> None:
    """Its token in a header opens nothing at all."""
    token = made.known.begin(CLERK)
    headers = {name: value.format(token=token) for name, value in shown.items()}
    assert made.asked("GET", path, headers=headers).status_code == status


def test_a_token_of_the_api_opens_no_page(made: MadeConsole) -> None:
    """Nor is it taken as a cookie; at the API it lets in."""
    bearer = made.token(CLERK)
    token = bearer["Authorization"].partition(" ")[2]
    assert made.asked("GET", "/here", headers={"Cookie": f"session={token}"}).status_code == 401
    assert made.asked("GET", "/desk/v1/cases/x", headers=bearer).status_code == 404


@each_cell(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://elsewhere"}, 201),
        ({"Origin": "http://console"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://console"}, 403),
        ({"Origin": "http://elsewhere"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_what_another_site_makes_a_browser_send_is_refused(
    made: MadeConsole, headers: dict[str, str], status: int
) -> None:
    """Whoever has signed in; to read it is no harm, since that site is not shown it."""
    cookie = {"Cookie": f"session={made.known.begin(CLERK)}"}
    assert made.asked("POST", "/here", headers={**cookie, **headers}).status_code == status
    assert made.asked("GET", "/here", headers={**cookie, **headers}).status_code == 200


@each_cell(("scheme", "name"), [("https", "__Host-session"), ("http", "session")])
def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(scheme: str, name: str) -> None:
    """Over TLS browsers hold it to that by its name."""
    connection: Any = type("Connection", (), {"scope": {"scheme": scheme}})()
    given = session_cookie(connection, "abc").to_header(header="")
    assert given.startswith(f"{name}=abc")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(given.split("; "))
    assert not any(word in given for word in ("Domain", "Max-Age", "expires"))
    assert "Max-Age=0" in session_cookie(connection, None).to_header(header="")


@each_cell(
    ("method", "path"),
    [
        *(
            ("GET", "/healthz"),
            ("GET", "/desk/v1/openapi.json"),
            ("GET", "/desk/v1/nothing"),
            ("POST", "/healthz"),
        ),
        *(("GET", "/desk/v1/queue"), ("POST", "/here"), ("GET", "/desk/v1/guide/x")),
    ],
)
def test_every_answer_says_that_it_is_kept_nowhere(method: str, path: str) -> None:
    """Also where it is a refusal; over TLS, that this host has nothing without."""
    made = MadeConsole()
    for scheme in ("http", "https"):
        found = made.asked(method, path, scheme=scheme)
        assert found.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in found.headers["content-security-policy"]
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["referrer-policy"] == "no-referrer"
        assert ("strict-transport-security" in found.headers) is (scheme == "https")


def test_whoever_asks_too_often_waits(made: MadeConsole) -> None:
    """As many at once as the policy says; others are served meanwhile."""
    made = MadeConsole(limits=HolderLimits(ENOUGH.model_copy(update={"at_once": 3, "per_second": 1}), 1, 6))
    bearer = made.token(CLERK)
    told = [made.asked("GET", "/desk/v1/cases/x", headers=bearer) for _ in range(5)]
    assert [one.status_code for one in told] == [404, 404, 404, 429, 429]
    assert told[-1].headers["retry-after"] == "1"
    other = made.token(Asker("wang", "window_clerk", {}, "api"))
    assert made.asked("GET", "/desk/v1/cases/x", headers=other).status_code == 404


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends nothing, or goes on for ever, is answered; a body in pieces is read."""
    monkeypatch.setattr(bodies, "PIECE_S", 0.05)
    made = MadeConsole()

    async def pieces(*, ends: bool) -> AsyncIterator[bytes]:
        yield b'{"text": '
        if not ends:
            await asyncio.Event().wait()
        yield b'""}'

    async def ask(*, ends: bool) -> int:
        found = await made.ask("POST", "/desk/v1/search", headers=bearer, content=pieces(ends=ends))
        return found.status_code

    bearer = made.token(CLERK)
    assert asyncio.run(ask(ends=True)) == 400
    assert asyncio.run(ask(ends=False)) == 408


def test_no_parameter_in_a_url_or_a_header_can_name_a_person() -> None:
    """Whoever is looked for stands in a body; a new parameter is to be thought of here."""
    names = {one["name"] for _, _, told in operations(MadeConsole()) for one in told.get("parameters", ())}
    assert names == {
        *("case_id", "record_id", "application", "announcement_id", "sha256", "matter", "kind", "form"),
        *("department", "state", "county", "instance", "assignee", "unassigned", "due_by", "owing"),
        *("after", "limit", "owed_by", "done_too", "from", "to", "as_of", "If-Match", "Last-Event-ID"),
    }


def test_every_operation_has_a_tag_a_name_and_the_problems_of_its_kind() -> None:
    """Programs are made of the document."""
    told = operations(MadeConsole())
    assert all(one["tags"] and one["summary"] for *_, one in told)
    names = [one["operationId"] for *_, one in told]
    assert len(set(names)) == len(names) > 30
    for method, path, one in told:
        if is_closed(one):
            assert {"401", "429", "503"} <= one["responses"].keys(), (method, path)
