"""Whatever is asked of the gateway by whomever, it is answered as its OpenAPI document says."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from exchange.domain.credentials import Holder
from exchange.runtime.settings import Settings
from tests.journeys.door import Door, cremation, line
from tests.people import id_number
from tests.schemathesis_run import ask_whatever_comes
from tests.waiting import wait_for

NUMBER = id_number("620502", date(1933, 5, 6), 28)
BANK, COUNTY = "91620500812415868R", "620503"
LET_IN = {
    "department": Holder("civil_affairs"),
    "bank": Holder("financial_regulation", bank=BANK),
    "county": Holder("civil_affairs", county=COUNTY),
}
KEPT_OUT = {"auditor": Holder("auditors"), "nobody": None}
ROLES = {**LET_IN, **KEPT_OUT}
SHORT = (("department", "nobody"), 1, 5)
"""What each of the others reaches is tried without the parts (`tests/gateway`), and here at night."""
LONG = pytest.param(tuple(ROLES), 20, 40, marks=pytest.mark.long)
"""A turn takes less time than a token is good for."""


@pytest.mark.parametrize(("names", "turns", "examples"), [SHORT, LONG], ids=("short", "long"))
def test_every_role_is_answered_as_the_document_says(
    stack: Settings, names: tuple[str, ...], turns: int, examples: int, tmp_path: Path
) -> None:
    """No fault, no answer that is not in the document, and nothing for whom it is not meant."""
    roles = {name: ROLES[name] for name in names}
    with ExitStack() as ends, ThreadPoolExecutor(len(roles)) as pool:
        doors = {name: ends.enter_context(Door(stack, holder)) for name, holder in roles.items() if holder}
        known = _known(doors["department"])
        for _ in range(turns):
            for door in doors.values():
                wait_for("a token", door.sign_in)
            shown = {name: door.headers["Authorization"] for name, door in doors.items()}
            asking = {
                name: pool.submit(
                    _ask,
                    f"{doors['department'].url}/openapi.json",
                    shown.get(name, "Bearer nonsense"),
                    {**known, "kept_out": name in KEPT_OUT},
                    examples,
                    tmp_path,
                )
                for name in roles
            }
            for name, asked in asking.items():
                assert asked.result().returncode == 0, f"{name}: {asked.result().stdout}"


def _known(door: Door) -> dict[str, Any]:
    """Publish a record, singly and by a batch; return what there is then to be asked for."""
    record, batch_id = cremation(NUMBER), str(uuid4())
    assert door.publish("cremation", record, "?wait=60").status_code == 200
    assert door.put(batch_id, line(record)).status_code == 202
    ids = {"record_type": "cremation", "record_id": record["record_id"], "batch_id": batch_id}
    return {**ids, "record": record, "subject": "cases-value", "version": "1", "schema_id": 1}


def _ask(
    document: str, authorization: str, known: dict[str, Any], examples: int, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Ask whatever comes to schemathesis."""
    # Who is kept out is answered alike, whatever the borders of what may be asked are.
    phases = "fuzzing" if known["kept_out"] else "coverage,fuzzing"
    return ask_whatever_comes(
        *(document, "--header", f"Authorization: {authorization}", "--max-examples", str(examples)),
        *("--phases", phases),
        hooks="tests.gateway.schemathesis_hooks",
        environment={"GATEWAY_KNOWN": json.dumps(known)},
        folder=folder,
    )
