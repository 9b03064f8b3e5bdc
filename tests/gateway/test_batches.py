"""Many lines, without the parts: who sends too many that are refused is told when to go on."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from tests.gateway.made_gateway import CITY, MadeGateway

NDJSON = {"Content-Type": "application/x-ndjson"}
MOST = CITY.gateway.refusals.at_once


class Forgetful:
    """A database to which every batch is the caller's own, and every line new."""

    async def ask(self, question: Any) -> Any:
        """Answer it."""
        return question(self)

    def execute(self, _query: str, parameters: tuple[Any, ...]) -> Any:
        """Give back whose it is, or nothing."""
        return SimpleNamespace(fetchone=lambda: parameters[1:] or (0, 0), fetchall=list)


def put(gateway: MadeGateway, lines: int, name: str = "civil_affairs") -> Any:
    """Send so many lines that are no records."""
    body = b"nonsense\n" * lines
    return gateway.asked("PUT", f"/v1/batches/{uuid4()}", name, content=body, headers=NDJSON)


def test_when_too_many_lines_were_refused_the_batch_stops_before_the_next_are_stored() -> None:
    """What came before stands; somebody else's are taken meanwhile."""
    gateway = MadeGateway()
    object.__setattr__(gateway.gateway, "database", Forgetful())
    assert put(gateway, MOST).status_code == 202
    assert len(gateway.writers.written) == 2 * MOST
    refused = put(gateway, 1)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_refused")
    assert int(refused.headers["retry-after"]) == 1
    assert len(gateway.writers.written) == 2 * MOST
    assert put(gateway, 1, "county").status_code == 202
