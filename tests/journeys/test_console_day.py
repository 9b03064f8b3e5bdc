"""A day in the console, on real parts: a family comes, a department asks for more, nobody types twice."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from uuid import uuid4

import httpx
import pyotp
import pytest

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_addresses
from tests.console.pages.read_page import Element, faults, find, read_page, sent_by
from tests.people import MAIJI, id_number
from tests.running import run_exchange
from tests.waiting import wait_for

Exchange = Callable[..., subprocess.CompletedProcess[str]]
DECEASED = id_number(MAIJI, date(1933, 5, 17), 316)
APPLICANT = id_number(sequence=91)


class Browser:
    """Somebody's browser: keeps cookies, sends forms as they stand with what is typed into them."""

    def __init__(self, client: httpx.Client, exchange: Exchange, *role: str) -> None:
        self._client = client
        told = exchange("accounts", "create", f"b{uuid4().hex}", *role, "--json")
        assert told.returncode == 0, told.stderr
        self.account = json.loads(told.stdout)

    def sign_in(self) -> httpx.Response:
        """Sign in with name, password and one-time code, as soon as the console knows the account."""
        code = pyotp.TOTP(self.account["totp"]).now()
        shown = {"name": self.account["name"], "password": self.account["password"], "code": code}
        answers: list[httpx.Response] = []
        wait_for("the console to know the account", lambda: self._let_in(shown, answers))
        found = answers[-1]
        # The cookie is for TLS or this machine's own browser; this client takes the loopback for neither.
        self._client.headers["Cookie"] = found.headers["set-cookie"].partition(";")[0]
        return found

    def _let_in(self, shown: dict[str, str], answers: list[httpx.Response]) -> bool:
        answers.append(self._client.post("/sign-in", data=shown))
        return "set-cookie" in answers[-1].headers

    def get(self, path: str) -> Element:
        """Open a page, which has no fault."""
        return self._shown(self._client.get(path), 200)

    def send(self, path: str, status: int, **typed: str | list[str]) -> Element:
        """Send fields to an address."""
        return self._shown(self._client.post(path, data=typed), status)

    def fill(self, page: Element, status: int, **typed: str | list[str]) -> Element:
        """Send the page's own form with what is typed into it."""
        (form,) = [one for one in find(page, "form") if "data-main" in one.attributes]
        return self.send(form["action"], status, **{**sent_by(page), **typed})

    def status_of(self, path: str) -> int:
        """Ask for a page, and return what is answered."""
        return self._client.get(path).status_code

    def _shown(self, found: httpx.Response, status: int) -> Element:
        while found.status_code == 303:
            found = self._client.get(found.headers["location"])
        assert found.status_code == status, found.text
        page = read_page(found.text)
        assert faults(page) == []
        return page


@pytest.fixture
def exchange(stack: Settings) -> Exchange:
    """The command line at the home of the exchange that runs."""
    return partial(run_exchange, environment={"EXCHANGE_HOME": str(stack.home)})


@pytest.fixture
def clients(stack: Settings) -> Iterator[Callable[[], httpx.Client]]:
    """Makes clients of the console."""
    address = read_addresses(Home(stack.home))["console"]
    with ExitStack() as ends:
        yield lambda: ends.enter_context(
            httpx.Client(base_url=address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=60)
        )


def title(page: Element) -> str:
    return find(page, "h1")[0].text


def test_a_family_is_served_from_its_number_to_what_is_to_be_put_right(
    clients: Callable[[], httpx.Client], exchange: Exchange
) -> None:
    """A death at home: of the number nothing is known, and it is typed once."""
    window = Browser(clients(), exchange, "--role", "window_clerk")
    health = Browser(clients(), exchange, "--role", "department_handler", "--department", "health")
    assert window.sign_in().status_code == health.sign_in().status_code == 303

    nothing = window.send("/find", 200, text=DECEASED)
    (begin,) = [one for one in find(nothing, "form") if one.attributes.get("action", "").endswith("/apply")]
    case = begin["action"].removesuffix("/forms/apply")
    form = window.send(begin["action"], 200, **{"text.id_number": DECEASED})
    lacking = window.fill(form, 422, **{"text.name": "马玉珍", "several.matters": ["1"]})
    assert "申请人" in find(lacking, "div", **{"class": "errors"})[0].text
    assert sent_by(lacking)["text.id_number"] == [DECEASED]
    assert sent_by(lacking)["several.matters"] == ["1"]
    card = window.fill(lacking, 200, **{"card.applicant": f"马建军 {APPLICANT}", "step": "card"})
    receipt = window.fill(card, 200, **{"text.applicant.relation": "子女"})
    assert title(receipt) == "申请已登记"
    assert "马建军" in find(receipt, "article")[0].text
    assert re.search("[0-9A-Z]{4}-[0-9A-Z]{4}", find(receipt, "article")[0].text)
    assert title(window.get(case)) == "马玉珍"
    assert title(window.send("/find", 200, text=DECEASED)) == "马玉珍"

    queued = _row(health.get("/queue?state=APPLIED"), case)
    health.send("/queue/hands", 200, claim=queued, back="/queue?held=mine")
    mine = health.get("/queue?held=mine")
    assert find(mine, "button", name="release", value=queued)

    asked = f"{case}/forms/return?matter=1"
    drawn, older = health.get(asked), health.get(asked)
    assert title(health.fill(drawn, 422, **{"text.reason": "核对"})) == "补正"
    assert title(health.fill(drawn, 200, **{"texts.to_correct": "缺村委会证明\r\n缺照片"})) == "已提交"
    again = health.fill(older, 409, **{"texts.to_correct": "缺村委会证明"})
    assert "办理结果" in find(again, "div", **{"class": "errors"})[0].text
    assert sent_by(again)["texts.to_correct"] == ["缺村委会证明"]

    assert "缺村委会证明" in window.get(case).text
    assert DECEASED not in window.get(case).text
    assert DECEASED in window.send(f"{case}/unmasked", 200, reason="核对身份").text
    assert health.status_of(f"{case}/looks") == 403

    window.send("/sign-out", 200)
    assert window.status_of(case) == 303


def _row(page: Element, case: str) -> str:
    """The key of a case's row; empty while there is none."""
    case_id = case.rpartition("/")[2]
    keys = [one["value"] for one in find(page, "button", name="claim")]
    return next((one for one in keys if one.startswith(case_id)), "")


def test_a_wrong_password_lets_nobody_in_and_says_so_calmly(clients: Callable[[], httpx.Client]) -> None:
    """Neither what was wrong nor whether there is such an account."""
    shown = {"name": "nobody", "password": "wrong", "code": ""}
    found = clients().post("/sign-in", data=shown)
    assert found.status_code == 401
    assert "set-cookie" not in found.headers
    assert faults(read_page(found.text)) == []
    assert re.search("账号名、口令或动态口令不对", found.text)
