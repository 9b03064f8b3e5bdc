"""`exchange access show`: what somebody may, told from the policy alone."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from exchange.command.access import access_app
from tests.cells import each_cell
from tests.policies import edited
from topics.catalogue import CATALOGUE_PATH
from topics.city_folder import VARIABLE


def call(*words: str) -> Result:
    return CliRunner().invoke(access_app, list(words))


def rows(*words: str) -> list[dict[str, object]]:
    """What a program reads."""
    shown = call("show", *words, "--json")
    assert shown.exit_code == 0, shown.stderr
    return [json.loads(line) for line in shown.stdout.splitlines()]


def test_a_departments_second_user_may_what_the_department_may() -> None:
    """Each by its own name; nothing need run."""
    first, second = rows("health"), rows("health.2")
    assert {row["who"] for row in second} == {"health.2"}
    assert [{**row, "who": "health"} for row in second] == first
    assert [row["name"] for row in first if row["operation"] == "write"] == [
        "records.acknowledgement.health",
        "records.death_certificate",
        "records.result.health",
    ]


def test_a_role_is_shown_with_its_actions_and_what_it_is_kept_within() -> None:
    """A bank's clerk answers for that bank, and publishes nothing."""
    found = rows("bank_clerk")
    answers = {"look", "queue", "acknowledge", "accept", "return", "result", "read_material"}
    answers |= {"correct", "withdraw_result", "supplement"}
    assert {row["action"] for row in found} == answers
    assert all(row["within"] == ["bank", "department"] for row in found)


def test_one_name_may_be_a_principal_and_a_role() -> None:
    """Then both are shown."""
    found = rows("operator")
    assert "retry" in {row.get("action") for row in found}
    assert "access" in {row.get("name") for row in found if row.get("operation") == "write"}


@each_cell(
    ("who", "lang", "told"),
    [
        ("joiner", "en", "transactions exchange-join-1-*"),
        ("joiner", "zh", "写入"),
        ("admin", "en", "The brokers refuse admin nothing"),
        ("bank.91620500439150008B", "en", "comes in through the gateway"),
        ("county.620502.1", "zh", "须经网关"),
        ("applicant", "zh", "限于本"),
    ],
)
def test_people_read_it_in_their_language(who: str, lang: str, told: str) -> None:
    """As a table, or in a sentence where there is none."""
    shown = call("show", who, "--lang", lang)
    assert shown.exit_code == 0
    assert told in shown.stdout + shown.stderr


@pytest.mark.parametrize("who", ["helth", "data_bureau", "joiner.1", ""])
def test_who_is_not_there_is_refused_with_the_names_that_are(who: str) -> None:
    """A slip is not taken for somebody who may do nothing."""
    shown = call("show", who)
    assert shown.exit_code == 2
    assert f"no such principal or role: {who}" in shown.stderr


def test_a_city_of_its_own_is_shown_as_its_files_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that EXCHANGE_POLICY names."""
    own = edited(tmp_path, ("access.yaml", "    reads: [cases]\n", "    reads: [cases, tasks]\n"))
    (own / CATALOGUE_PATH.name).write_bytes(CATALOGUE_PATH.read_bytes())
    assert "tasks" not in {row["name"] for row in rows("notifier")}
    monkeypatch.setenv(VARIABLE, str(own))
    assert "tasks" in {row["name"] for row in rows("notifier")}
