"""A person's way to the desk over HTTP: an account of its own, or the code on a receipt."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pyotp

from exchange.desk.accounts import open_accounts
from exchange.desk.asker import shell
from exchange.domain.access.may import WorkPlace
from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.stack.state import read_addresses
from tests.waiting import PATIENCE_S, wait_for

OPERATOR = shell("root")


class DeskDoor:
    """Somebody who has signed in; all URLs and headers that went either way are kept."""

    def __init__(self, settings: Settings, shown: Mapping[str, str]) -> None:
        url = read_addresses(Home(settings.home))["console"]
        self._client = httpx.Client(base_url=f"{url}/desk/v1", trust_env=False, timeout=PATIENCE_S)
        self.name, self.outside = shown.get("name", ""), list[str]()
        # Whoever is refused too often waits, at an address as at a name.
        wait_for("the console to hear of it", lambda: self._comes_in(shown), every_s=1)

    def __enter__(self) -> "DeskDoor":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _comes_in(self, shown: Mapping[str, str]) -> bool:
        code = {"totp": pyotp.TOTP(shown["totp"]).now()} if "totp" in shown else {}
        try:
            found = self._client.post("/session", json={**shown, **code})
        except httpx.TransportError:  # it is being started again
            return False
        if found.is_success:
            self._client.headers["Authorization"] = f"Bearer {found.json()['token']}"
        return found.is_success

    @property
    def token(self) -> str:
        """What shows who this is."""
        return self._client.headers["Authorization"].removeprefix("Bearer ")

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Return what is answered."""
        found = self._client.request(method, path, **more)
        self.outside.append(f"{found.url} {found.request.headers} {found.headers}")
        return found

    def get(self, path: str, **more: Any) -> Any:
        """Return the JSON of what has to be there."""
        found = self.ask("GET", path, **more)
        assert found.status_code == 200, found.text
        return found.json()

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        """Return the JSON of what has to be answered so."""
        found = self.ask("POST", path, json=body)
        assert found.status_code == status, found.text
        return found.json()

    def draw(self, case_id: str, action: str, **subject: Any) -> dict[str, Any]:
        """Return a form that is drawn, with what sends it."""
        drawn: dict[str, Any] = self.post(
            f"/cases/{case_id}/forms", {"action": action, "subject": subject}, 201
        )
        return drawn

    def send(self, drawn: Mapping[str, Any], answers: Any, then: str = "") -> httpx.Response:
        """Send a form."""
        form = drawn["form"]
        body = {name: form[name] for name in ("action", "recorded_at", "subject")} | {"answers": answers}
        return self.ask(
            "PUT",
            f"/cases/{form['case_id']}/forms/{form['record_id']}",
            params={"form": then} if then else {},
            json=body,
            headers={"If-Match": f'"{form["version"]}"'},
        )

    @contextmanager
    def stream(self) -> Iterator[Iterator[str]]:
        """Give the lines of the stream of the queue."""
        with self._client.stream("GET", "/queue/events") as found:
            assert found.status_code == 200, found.read()
            yield found.iter_lines()


def account(settings: Settings, role: str, **place: str) -> dict[str, str]:
    """Open an account; return what its holder signs in with: of one-time codes, their key."""
    desk, name = open_accounts(load_settings(settings.home, ADMIN)), f"{role}.{uuid4().hex[:8]}"
    within: WorkPlace = json.loads(json.dumps(place))
    handed = desk.create(name, role, within, OPERATOR, datetime.now(UTC))
    totp = {"totp": handed.totp} if handed.totp else {}
    return {"name": name, "password": handed.password or "", **totp}


def revoke(settings: Settings, name: str) -> None:
    """Shut an account out."""
    open_accounts(load_settings(settings.home, ADMIN)).revoke(name, OPERATOR, datetime.now(UTC))
