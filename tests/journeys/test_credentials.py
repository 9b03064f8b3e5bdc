"""Who comes from outside needs a credential, gets as far as it reaches, and is out once it is taken back."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from subprocess import CompletedProcess
from typing import Any

import pytest

from consumers.operations.verdict import MANY_FAILED_LOGINS
from exchange.domain.credentials import CredentialRequest, Holder
from exchange.runtime.credentials.desk import CredentialDesk, open_desk
from exchange.runtime.settings import Settings
from tests.conftest import PARTS
from tests.fetching import fetched
from tests.journeys.log_tools import Encoded, Encoding, count, produce, wait_for_count
from tests.journeys.outsiders import (
    FINE,
    AtWork,
    guess,
    line_of,
    options,
    options_of,
    what_hinders_reading,
    what_hinders_writing,
)
from tests.people import id_number
from tests.waiting import wait_for

Exchange = Callable[..., CompletedProcess[str]]
CIVIL = Holder("civil_affairs")
GROUP = "civil_affairs.test"
OWN, OTHERS = "matters.civil_affairs", "matters.police"
NUMBER = id_number("620523", date(1938, 5, 6))
REFUSED = {"TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED"}
LOCKED_OUT = "_AUTHENTICATION"
DAY = timedelta(days=1)


def asked(at: datetime | None = None) -> CredentialRequest:
    """A request of the test."""
    return CredentialRequest("test", at or datetime.now(UTC), "operator")


def told_by_status(stack: Settings, exchange: Exchange) -> dict[str, Any]:
    """What `status --json` prints."""
    told: dict[str, Any] = json.loads(exchange("status", "--json", "--home", str(stack.home)).stdout)
    return told


def counted_failures(stack: Settings, exchange: Exchange) -> float:
    """How many logins at the brokers have failed, as Prometheus is told."""
    monitors = {part["name"]: part["monitor"] for part in told_by_status(stack, exchange)["parts"]}
    page = fetched(f"{monitors['projector']}/metrics").text
    (value,) = re.findall(r'^exchange_failed_logins_total\{door="kafka"\} (\S+)$', page, re.MULTILINE)
    return float(value)


@pytest.fixture
def desk(stack: Settings) -> CredentialDesk:
    """The desk of the running exchange."""
    return open_desk(stack)


@pytest.fixture(scope="module")
def cremation(stack: Settings) -> Encoded:
    """A record of civil affairs; published again, it is a duplicate and changes nothing."""
    raw = {"death_time": "2026-03-01", "cremation_time": "2026-03-02", "cremation_place": "天水市殡仪馆"}
    return Encoding(stack).encode("cremation", {"id_number": NUMBER, **raw})


def test_a_department_reads_what_it_is_told_and_publishes_its_own_and_nothing_else(
    stack: Settings, exchange: Exchange, cremation: Encoded
) -> None:
    """An outside client has its department's rights at the brokers, whoever it says it is."""
    encoding, before = Encoding(stack), count(stack, "receipts")
    death = encoding.encode(
        "death_certificate", {"id_number": NUMBER, "death_time": "2026-03-01", "death_cause": "肺炎"}
    )
    produce(stack, [death])
    wait_for_count(stack, "receipts", before + 1)
    made = exchange("credentials", "create", "civil_affairs", "--json", "--home", str(stack.home))
    given = json.loads(made.stdout)
    assert list(given) == ["department", "client_id", "client_secret", "kafka_user", "kafka_password"]
    assert made.stderr == ""
    told = options(stack, given["kafka_user"], given["kafka_password"])

    readable = {"records.cremation", OWN, "receipts.civil_affairs", "quarantine.civil_affairs"}
    readable |= {"records.acknowledgement.civil_affairs", "records.result.civil_affairs"}
    for topic in (*sorted(readable), OTHERS, "cases", "access", "credentials", "records.death_certificate"):
        hindered = what_hinders_reading(told, topic, GROUP)
        assert (hindered == FINE) == (topic in readable), (topic, hindered)
    assert what_hinders_reading(told, OWN, "police.test") == "GROUP_AUTHORIZATION_FAILED"
    topic, key, value = cremation
    assert what_hinders_writing(told, topic, value, key) == FINE
    wait_for_count(stack, "receipts", before + 2)
    for topic in (death[0], "receipts.civil_affairs", OWN, "cases", "credentials"):
        assert what_hinders_writing(told, topic, death[2], death[1]) in REFUSED, topic


def test_without_a_credential_nobody_gets_in(stack: Settings, desk: CredentialDesk) -> None:
    """Neither an unknown user nor a known one with another's password."""
    first, second = desk.create(CIVIL, asked()), desk.create(CIVIL, asked())
    for user, password in (
        ("civil_affairs", first.kafka_password),
        (first.credential.credential_id, second.kafka_password),
        (first.credential.credential_id, first.client_secret),
    ):
        assert what_hinders_reading(options(stack, user, password), OWN, GROUP) == LOCKED_OUT


def test_a_bank_gets_into_kafka_and_may_do_nothing_there(stack: Settings, desk: CredentialDesk) -> None:
    """A broker cannot tell one bank's records from another's: banks come in through the gateway."""
    told = options_of(stack, desk.create(Holder("financial_regulation", bank="91620500812415868R"), asked()))
    assert what_hinders_reading(told, "matters.financial_regulation", "bank") in REFUSED | {
        "GROUP_AUTHORIZATION_FAILED"
    }


@pytest.mark.parametrize("number", [5, pytest.param(100, marks=pytest.mark.long)])
def test_whoever_is_revoked_in_the_midst_of_work_is_out_at_once_on_open_connections(
    stack: Settings, desk: CredentialDesk, cremation: Encoded, number: int
) -> None:
    """A stolen key is of no use from the moment on when somebody says so; the figures are printed."""
    waits_s: dict[str, list[float]] = {"read": [], "write": []}
    for _ in range(number):
        issued = desk.create(CIVIL, asked())
        told = options_of(stack, issued)
        client = AtWork(told, OWN, GROUP, cremation)
        client.start()
        wait_for("the client to read and write", lambda: client.is_at_work)  # noqa: B023
        began = time.monotonic()
        desk.revoke(issued.credential.credential_id, asked())
        client.join(60)
        assert client.why.keys() == waits_s.keys()
        assert set(client.why.values()) <= REFUSED
        for what, found_s in waits_s.items():
            found_s.append(client.refused_at[what] - began)
    for what, found_s in waits_s.items():
        print(line_of(f"revoked while it could {what}", found_s))  # noqa: T201
    assert what_hinders_reading(told, OWN, GROUP) == LOCKED_OUT


def test_who_is_suspended_is_out_and_comes_back_with_the_same_password(
    stack: Settings, desk: CredentialDesk, cremation: Encoded
) -> None:
    """Its holder need not be told a new one."""
    issued = desk.create(CIVIL, asked())
    told, name = options_of(stack, issued), issued.credential.credential_id
    client = AtWork(told, OWN, GROUP, cremation)
    client.start()
    wait_for("the client to read and write", lambda: client.is_at_work)
    desk.suspend(name, asked())
    client.join(60)
    assert set(client.why.values()) <= REFUSED
    assert what_hinders_reading(told, OWN, GROUP) == LOCKED_OUT
    desk.resume(name, asked())
    assert what_hinders_reading(told, OWN, GROUP) == FINE
    assert what_hinders_writing(told, cremation[0], cremation[2], cremation[1]) == FINE


def test_old_and_new_work_beside_each_other_until_the_overlap_is_over(
    stack: Settings, desk: CredentialDesk
) -> None:
    """A department changes one machine after the other, and none stands still."""
    first = desk.create(CIVIL, asked())
    second, old = desk.rotate(first.credential.credential_id, DAY, asked())
    assert old.state == "EXPIRING"
    for issued in (first, second):
        assert what_hinders_reading(options_of(stack, issued), OWN, GROUP) == FINE
    desk.all(asked(datetime.now(UTC) + 2 * DAY))
    assert what_hinders_reading(options_of(stack, first), OWN, GROUP) == LOCKED_OUT
    assert what_hinders_reading(options_of(stack, second), OWN, GROUP) == FINE


@pytest.mark.skipif(PARTS != "embedded", reason="counted from the logs of the home")
@pytest.mark.parametrize("number", [50, pytest.param(1000, marks=pytest.mark.long)])
def test_whose_password_is_guessed_is_let_in_all_the_same_and_the_operator_hears_of_it(
    stack: Settings, exchange: Exchange, desk: CredentialDesk, number: int
) -> None:
    """Who guesses is held up; whom he would be is not. How long it took him is printed."""
    issued = desk.create(CIVIL, asked())
    known = told_by_status(stack, exchange)["failed_logins"]["addresses"]
    before, began = counted_failures(stack, exchange), time.monotonic()
    guess(options(stack, issued.credential.credential_id, "guessed"), number)
    print(f"{number} guesses took {time.monotonic() - began:.1f} s")  # noqa: T201
    counted = counted_failures(stack, exchange)
    assert counted >= before + number
    assert what_hinders_reading(options_of(stack, issued), OWN, GROUP) == FINE
    assert counted_failures(stack, exchange) == counted
    told = told_by_status(stack, exchange)
    assert told["failed_logins"]["count"] >= number >= MANY_FAILED_LOGINS
    assert 1 <= told["failed_logins"]["addresses"] <= known + 1
    assert "failed_logins" in {one["code"] for one in told["problems"]}
