"""A clerk finds somebody, sees what there is to do, and an auditor reads later who looked."""

import json
import subprocess
from collections.abc import Callable
from datetime import date

import pytest

from exchange.folding.case_ids import CaseIds
from exchange.runtime.settings import Settings
from tests.case_documents import case_document, filled, form
from tests.case_reading import CaseReader
from tests.journeys.log_tools import access_records, publish_events
from tests.people import QINZHOU, id_number, id_number_15
from tests.waiting import wait_for
from topics.catalogue import CASES

pytestmark = pytest.mark.leaves("forgeries")

Exchange = Callable[..., subprocess.CompletedProcess[str]]
BORN = date(1929, 4, 3)
NUMBER, NUMBER_15 = id_number(QINZHOU, BORN, 717), id_number_15(QINZHOU, BORN, 717)
NAME = "欧阳慕白"


@pytest.fixture(scope="module")
def case_id(stack: Settings) -> str:
    """A case in the read model."""
    current = CaseIds(stack.case_key).of_key(NUMBER)
    sheet = form()
    sheet["deceased"] |= {"name": filled(NAME), "id_number": filled(NUMBER)}
    publish_events(stack, CASES, "case", [case_document(current, form=sheet, conflicts=[])])
    wait_for("the case in the read model", lambda: CaseReader(stack).find(current) is not None)
    return current


def rows(told: "subprocess.CompletedProcess[str]") -> list[dict[str, object]]:
    """The JSON lines of a command that went well."""
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.mark.parametrize("text", [NUMBER, NUMBER_15, NAME], ids=["number", "15 digits", "name"])
def test_somebody_is_found_and_what_was_typed_is_in_no_record(
    stack: Settings, exchange: Exchange, case_id: str, text: str
) -> None:
    """Typed into the command, where nobody else on the machine reads it."""
    home = ("--home", str(stack.home), "--actor", "finder")
    found = rows(exchange("search", "--json", *home, typed=f"{text}\n"))
    assert [(one["case_id"], one["name"], one["birth_year"]) for one in found] == [(case_id, NAME, "1929")]
    noted = [one for one in access_records(stack) if one["actor"] == "finder"]
    assert {(one["command"], one["case_id"]) for one in noted} == {("search", case_id)}
    assert not any(word in str(noted) for word in (NUMBER, NUMBER_15, NAME))


def test_the_queue_names_whose_matters_there_are(stack: Settings, exchange: Exchange, case_id: str) -> None:
    """And one record names everybody on the page."""
    home = ("--home", str(stack.home), "--actor", "queuer")
    page = rows(exchange("queue", "--department", "police", "--limit", "500", "--json", *home))
    (mine,) = [one for one in page if one["case_id"] == case_id]
    assert (mine["name"], mine["matter"], mine["state"]) == (NAME, 3, "READY")
    (noted,) = [one for one in access_records(stack) if one["actor"] == "queuer"]
    assert {noted["case_id"], *noted["case_ids"]} - {None} == {one["case_id"] for one in page}
    shown = exchange("queue", "--department", "police", "--limit", "500", "--lang", "en", *home)
    assert NAME in shown.stdout
    refused = exchange("queue", "--state", "LOST", *home)
    assert (refused.returncode, refused.stdout) == (2, "")


def test_who_looked_is_told_and_to_the_family_without_what_betrays(
    stack: Settings, exchange: Exchange, case_id: str
) -> None:
    """The look before is on the list; the family hears of the day and of what for."""
    home = ("--home", str(stack.home))
    rows(exchange("case", NUMBER, "--json", "--actor", "looker", *home))

    def noted() -> bool:
        return "looker" in {str(one["actor"]) for one in rows(exchange("looks", case_id, "--json", *home))}

    wait_for("the look in the read model", noted)
    assert "looker" in exchange("looks", NUMBER, *home).stdout
    family = rows(exchange("looks", case_id, "--family", "--json", *home))
    assert {tuple(one) for one in family} == {("day", "role", "department", "action")}
    assert "look" in {one["action"] for one in family}
    assert exchange("looks", case_id, "--family", *home).returncode == 0
    assert exchange("looks", "0" * 32, *home).returncode == 1
