"""Who may do what at the gateway: each role at each endpoint, both ways, and counted."""

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from exchange.gateway.callers import Caller
from tests.gateway.made_gateway import BANK, CITY, HOLDERS, MadeGateway, basic, credential

SOME = uuid4()
ENDPOINTS = {
    ("POST", "/v1/records/{record_type}"): "/v1/records/cremation",
    ("POST", "/v1/batches"): "/v1/batches",
    ("PUT", "/v1/batches/{batch_id}"): f"/v1/batches/{SOME}",
    ("GET", "/v1/batches/{batch_id}"): f"/v1/batches/{SOME}",
    ("GET", "/v1/batches/{batch_id}/receipts"): f"/v1/batches/{SOME}/receipts",
    ("GET", "/v1/receipts"): "/v1/receipts?day=2026-06-01",
    ("GET", "/v1/receipts/{record_id}"): f"/v1/receipts/{SOME}",
    ("GET", "/v1/receipts/stream"): "/v1/receipts/stream",
    ("GET", "/v1/announcements"): "/v1/announcements",
    ("GET", "/v1/catalogue"): "/v1/catalogue",
    ("GET", "/v1/schemas/subjects"): "/v1/schemas/subjects",
    ("GET", "/v1/schemas/subjects/{subject}/versions"): "/v1/schemas/subjects/none/versions",
    ("GET", "/v1/schemas/subjects/{subject}/versions/{version}"): "/v1/schemas/subjects/none/versions/1",
    ("GET", "/v1/schemas/schemas/ids/{schema_id}"): "/v1/schemas/schemas/ids/1",
}
"""Those for which a credential is needed: as the document has them → a path to ask for."""
OPEN = {("POST", "/oauth/token"), ("GET", "/healthz")}
SYSTEMS = {"civil_affairs", "bank", "county"}


class NoRegistry:
    """A registry that knows nothing."""

    def read(self, _path: str) -> None:
        """Find nothing."""


@pytest.fixture(scope="module")
def gateway() -> MadeGateway:
    """One that keeps whatever is sent, and has nothing to show."""
    made = MadeGateway()
    object.__setattr__(made.gateway, "registry", NoRegistry())
    return made


def test_every_endpoint_is_in_the_table(gateway: MadeGateway) -> None:
    """So that no cell is left out below."""
    paths = gateway.app.openapi_schema.to_schema()["paths"]
    documented = {(method.upper(), path) for path, item in paths.items() for method in item}
    assert documented == ENDPOINTS.keys() | OPEN


def test_every_role_is_let_in_where_it_may_and_nowhere_else(gateway: MadeGateway) -> None:
    """Departments, banks and counties come in by all doors; auditors and strangers by none of these."""
    stranger = {"Authorization": "Bearer nonsense"}

    async def answer(method: str, path: str, role: str) -> int:
        name = role if role in HOLDERS else None
        shown = stranger if role == "stranger" else {}
        found = await gateway.ask(method, path, name, headers=shown, content=b"{}")
        return found.status_code

    async def all_cells() -> dict[tuple[str, str, str], int]:
        return {
            (method, path, role): await answer(method, path, role)
            for (method, _), path in ENDPOINTS.items()
            for role in (*HOLDERS, "stranger", "nobody")
        }

    cells = asyncio.run(all_cells())
    found: Counter[str] = Counter()
    for (method, path, role), status in cells.items():
        if role in SYSTEMS:
            assert status not in {401, 403, 405}, (method, path, role, status)
            assert status in {200, 202, 404, 415, 422, 503}, (method, path, role, status)
        else:
            assert status == (403 if role == "auditors" else 401), (method, path, role, status)
        found["let in" if role in SYSTEMS else "refused"] += 1
    assert found == {"let in": 3 * len(ENDPOINTS), "refused": 3 * len(ENDPOINTS)}


def test_what_needs_no_credential_shows_nothing_of_anybody(gateway: MadeGateway) -> None:
    """Health, the document and its page; and only registry clients may show their secret itself."""
    for path in ("/healthz", "/openapi.json", "/docs"):
        assert gateway.asked("GET", path).status_code == 200
    secret = {"Authorization": basic("civil_affairs")}
    for (method, _), path in ENDPOINTS.items():
        status = gateway.asked(method, path, headers=secret).status_code
        assert (status != 401) is path.startswith("/v1/schemas/"), path


def test_who_asks_too_often_is_told_when_to_come_again() -> None:
    """A bank's requests do not count against another's, nor against its department's."""
    gateway = MadeGateway()

    async def many() -> list[Any]:
        return [await gateway.ask("GET", "/v1/schemas/subjects", "bank") for _ in range(201)]

    *let_through, last = asyncio.run(many())
    assert {one.status_code for one in let_through} == {200}
    assert (last.status_code, last.json()["code"]) == (429, "too_many")
    assert int(last.headers["retry-after"]) >= 1
    assert gateway.asked("GET", "/v1/schemas/subjects", "county").status_code == 200


@pytest.mark.parametrize(
    ("name", "role", "recipient"),
    [
        ("civil_affairs", "department_system", ("civil_affairs", None, None)),
        ("bank", "bank_system", ("financial_regulation", BANK, None)),
        ("county", "county_system", ("civil_affairs", None, "秦州区")),
        ("auditors", "auditor", ("auditors", None, None)),
    ],
)
def test_a_holder_has_its_role_and_is_shown_its_own(
    name: str, role: str, recipient: tuple[str, str | None, str | None]
) -> None:
    """A bank's credential is not its department's."""
    caller = Caller(credential(name, HOLDERS[name]))
    shown = caller.recipient(CITY.policy)
    assert caller.role == role
    assert caller.is_part is (name in {"bank", "county"})
    assert (shown.name, shown.instance, shown.county) == recipient
