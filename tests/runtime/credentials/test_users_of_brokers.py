"""Who is let in by brokers that start again, that lose users, and while the registry is away."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from exchange.domain.credentials import CredentialRequest, Holder
from exchange.runtime.credentials.desk import CredentialDesk, Issued, open_desk
from exchange.runtime.credentials.kafka_users import MECHANISM, KafkaUsers
from exchange.runtime.kafka.topic_admin import apply_topics
from exchange.runtime.settings import Settings
from tests.exports import keep_schemas
from tests.journeys.outsiders import FINE, options, options_of, what_hinders_reading
from tests.running import kill_part, run_exchange, running_exchange, wait_for_next_life
from tests.waiting import wait_for

ELSEWHERE: Final = {
    "EXCHANGE_REGISTRY": "http://127.0.0.1:1",
    "EXCHANGE_POSTGRES": "postgresql://127.0.0.1:1/x",
}
LOCKED_OUT: Final = "_AUTHENTICATION"
UNKNOWN: Final = "health.9"
PASSWORD: Final = "made-up"  # noqa: S105 - of a user that lives as long as the test


def asked() -> CredentialRequest:
    """A request of the test."""
    return CredentialRequest("test", datetime.now(UTC), "operator")


@pytest.fixture(scope="module")
def bare() -> Iterator[Settings]:
    """A broker alone, with the catalogue's topics and the schemas on the log; no registry."""
    with running_exchange("--bare", environment=ELSEWHERE) as settings:
        apply_topics(settings)
        keep_schemas(settings)
        yield settings


@pytest.fixture(scope="module")
def desk(bare: Settings) -> CredentialDesk:
    """Its desk."""
    return open_desk(bare)


@pytest.fixture(scope="module")
def issued(desk: CredentialDesk) -> dict[str, Issued]:
    """Credentials by department: of the first four, two are suspended and two revoked; two came later."""
    given = {
        name: desk.create(Holder(name), asked())
        for name in ("health", "police", "civil_affairs", "market_regulation")
    }
    for name, act in zip(given, (desk.suspend, desk.revoke) * 2, strict=True):
        act(name, asked())
    return given | {name: desk.create(Holder(name), asked()) for name in ("justice", "provident_fund")}


def hindered(bare: Settings, issued: dict[str, Issued]) -> dict[str, str]:
    """What hinders each from reading what its department is told."""
    return {
        name: what_hinders_reading(options_of(bare, one), f"matters.{name}", f"{name}.test")
        for name, one in issued.items()
    }


def out_and_in(issued: dict[str, Issued]) -> dict[str, str]:
    """What must hinder them."""
    return {name: FINE if name in {"justice", "provident_fund"} else LOCKED_OUT for name in issued}


def test_a_broker_that_starts_again_lets_in_and_refuses_whom_it_did(
    bare: Settings, desk: CredentialDesk, issued: dict[str, Issued]
) -> None:
    """One that reads of removed users in its log would forget the others too (ADR 0058)."""
    assert hindered(bare, issued) == out_and_in(issued)
    wait_for_next_life(bare.home, kill_part(bare.home, "kafka"))
    assert hindered(bare, issued) == out_and_in(issued)
    desk.resume("health.1", asked())
    reading = what_hinders_reading(options_of(bare, issued["health"]), "matters.health", "health.test")
    assert reading == FINE
    desk.suspend("health.1", asked())


def test_users_that_brokers_have_lost_are_let_in_again_and_others_are_shut_out(
    bare: Settings, issued: dict[str, Issued]
) -> None:
    """What the credentials say holds, whatever became of the users."""
    home, users = ("--home", str(bare.home)), KafkaUsers(bare)
    admin = AdminClient(bare.kafka.client_options())
    assert run_exchange("access", "apply", *home).returncode == 0
    assert run_exchange("access", "plan", *home).returncode == 0
    lost = [UserScramCredentialDeletion(name, MECHANISM) for name in users.seen(set()).users]
    made = UserScramCredentialUpsertion(UNKNOWN, ScramCredentialInfo(MECHANISM, 4096), PASSWORD.encode())
    for changes, left in ((lost, set[str]()), ([made], {UNKNOWN})):
        for answer in admin.alter_user_scram_credentials(changes).values():
            answer.result()
        wait_for("the users to change", lambda: users.seen(set()).users == left)  # noqa: B023
    planned = run_exchange("access", "plan", "--json", *home)
    told = [json.loads(line) for line in planned.stdout.splitlines()]
    again = [{"change": "let_in", "who": f"{name}.1"} for name in ("justice", "provident_fund")]
    assert (planned.returncode, told) == (1, [*again, {"change": "shut_out", "who": UNKNOWN}])
    applied = run_exchange("access", "apply", "--json", *home)
    assert (applied.returncode, applied.stdout) == (0, planned.stdout)
    assert hindered(bare, issued) == out_and_in(issued)
    unknown = options(bare, UNKNOWN, PASSWORD)
    assert what_hinders_reading(unknown, "matters.health", "health.test") == LOCKED_OUT
    assert run_exchange("access", "plan", *home).returncode == 0
