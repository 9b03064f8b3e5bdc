"""A department's, bank's or county's way in over HTTP, with nothing but a credential."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from exchange.domain.credentials import CredentialRequest, Holder
from exchange.runtime.credentials.desk import open_desk
from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_addresses
from tests.waiting import PATIENCE_S, wait_for

Answered = httpx.Response
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}


class Door:
    """Asks as one credential, made for this; a new token is fetched when the old one is refused."""

    def __init__(self, settings: Settings, holder: Holder) -> None:
        self._desk = open_desk(settings)
        issued = self._desk.create(holder, _asked())
        self.client_id, self._secret = issued.credential.credential_id, issued.client_secret
        self.url = read_addresses(Home(settings.home))["gateway"]
        self._client = httpx.Client(base_url=self.url, trust_env=False, timeout=PATIENCE_S)
        self._token = ""
        wait_for("the gateway to hear of the credential", self.sign_in)

    def __enter__(self) -> "Door":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def sign_in(self) -> bool:
        """Fetch a token; say whether there is one."""
        form = {"grant_type": "client_credentials"}
        try:
            found = self._client.post("/oauth/token", data=form, auth=(self.client_id, self._secret))
        except httpx.TransportError:  # it is being started again
            return False
        self._token = found.json().get("access_token", "")
        return found.is_success

    def revoke(self) -> None:
        """Take the credential back."""
        self._desk.revoke(self.client_id, _asked())

    @property
    def headers(self) -> dict[str, str]:
        """What shows who is asking."""
        return {"Authorization": f"Bearer {self._token}"}

    def ask(self, method: str, path: str, **more: Any) -> Answered:
        """Return what is answered."""
        headers = {**self.headers, **more.pop("headers", {})}
        return self._client.request(method, path, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        """Return the JSON of what has to be there."""
        found = self.ask("GET", path, **more)
        assert found.status_code == 200, found.text
        return found.json()

    def publish(self, record_type: str, record: dict[str, Any], query: str = "", **headers: str) -> Answered:
        """Publish one record."""
        path = f"/v1/records/{record_type}{query}"
        return self.ask("POST", path, content=json.dumps(record).encode(), headers={**JSON, **headers})

    def put(self, batch_id: str, body: Any, **headers: str) -> Answered:
        """Send a batch."""
        return self.ask("PUT", f"/v1/batches/{batch_id}", content=body, headers={**NDJSON, **headers})

    @contextmanager
    def stream(self, path: str, last_id: str = "") -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
        """Give the events of a stream, each with its id, until the gateway or the block ends."""
        headers = {**self.headers, "Accept": "text/event-stream"}
        if last_id:
            headers["Last-Event-ID"] = last_id
        with self._client.stream("GET", path, headers=headers) as found:
            assert found.status_code == 200, found.read()
            yield _events(found.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    place = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            place = value
        elif name == "data":
            yield place, json.loads(value)


def _asked() -> CredentialRequest:
    return CredentialRequest("test", datetime.now(UTC), "operator")


def cremation(number: str, **more: Any) -> dict[str, Any]:
    """A record that civil affairs publishes."""
    return {
        "record_id": str(uuid4()),
        "recorded_at": "2026-06-03T09:00:00+08:00",
        "id_number": number,
        "name": "李秀兰",
        "death_time": "2026-06-01",
        "cremation_time": "2026-06-03",
        "cremation_place": "天水市殡仪馆",
        **more,
    }


def line(record: dict[str, Any], record_type: str = "cremation") -> bytes:
    """One line of a batch."""
    return json.dumps({"type": record_type, "record": record}).encode() + b"\n"
