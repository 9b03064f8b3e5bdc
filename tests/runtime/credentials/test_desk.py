"""What Kafka and the log are told of credentials, and in which order; both only note it here."""

from collections.abc import Mapping, Set
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from exchange.domain.access.broker_grants import GrantDifference
from exchange.domain.credentials import Credential, CredentialRequest, Holder
from exchange.runtime.credentials.desk import KEY, CredentialDesk
from exchange.runtime.credentials.kafka_users import KafkaUsers, SeenUsers
from exchange.runtime.credentials.log import CredentialLog, credential_of, document_of
from exchange.runtime.credentials.secrets import is_secret_of
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HEALTH = Holder("health")


def asked(at: datetime = START) -> CredentialRequest:
    """The operator's request at a moment."""
    return CredentialRequest("wang", at, "operator")


class MemoryLog(CredentialLog):
    """Keeps documents as the topic does, and notes when."""

    def __init__(self, told: list[str]) -> None:
        self.documents: dict[str, Any] = {}
        self.told = told

    def read(self) -> Mapping[str, Credential]:
        """What was kept."""
        return {name: credential_of(document) for name, document in self.documents.items()}

    def keep(self, credential: Credential) -> None:
        """Keep it, and note that."""
        self.told.append(f"keep {credential.credential_id} {credential.state}")
        self.documents[credential.credential_id] = document_of(credential)


class ToldUsers(KafkaUsers):
    """Notes what Kafka is told."""

    def __init__(self, told: list[str]) -> None:
        self.told = told
        self.passwords: dict[str, str] = {}
        self.denied: set[str] = set()
        self.working: frozenset[str] = frozenset()

    def let_in(self, user: str, password: str) -> None:
        """Note it."""
        self.told.append(f"let in {user}")
        self.passwords[user] = password
        self.denied.discard(user)

    def shut_out(self, user: str) -> None:
        """Note it."""
        self.told.append(f"shut out {user}")
        self.passwords.pop(user, None)
        self.denied.add(user)

    def let_in_writers(self) -> None:
        """Those of the gateway are no outsiders."""

    def seen(self, known: Set[str]) -> SeenUsers:  # noqa: ARG002 - all are of outsiders here
        """Those that were let in or shut out."""
        return SeenUsers(frozenset(self.passwords), frozenset(self.denied))

    def apply_access(self, working: frozenset[str]) -> GrantDifference:
        """Note who may anything."""
        self.working = working
        return GrantDifference((), ())


class Office:
    """A desk with all that it tells."""

    def __init__(self, folder: Path) -> None:
        self.told: list[str] = []
        self.home = Home(folder)
        self.log, self.users = MemoryLog(self.told), ToldUsers(self.told)
        self.desk = CredentialDesk(self.home, self.log, self.users)

    def heard(self) -> list[str]:
        """What was told since this was asked last."""
        heard, self.told[:] = list(self.told), []
        return heard


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office without any credential."""
    return Office(tmp_path / "home")


def test_a_new_credential_is_let_in_and_no_secret_of_it_is_kept(office: Office) -> None:
    """Its secrets are in what the operator is handed alone."""
    issued = office.desk.create(HEALTH, asked())
    assert office.heard() == ["let in health.1", "keep health.1 ACTIVE"]
    assert office.users.passwords == {"health.1": issued.kafka_password}
    assert is_secret_of(issued.credential.secret_hash, issued.client_secret)
    kept = repr(office.log.documents)
    assert issued.client_secret not in kept
    assert issued.kafka_password not in kept
    assert issued.client_secret not in repr(issued.credential)


@pytest.mark.parametrize("act", ["suspend", "revoke"])
def test_who_is_shut_out_is_refused_before_anything_else(office: Office, act: str) -> None:
    """Neither a log that is slow nor one that is away keeps a thief's connection open."""
    office.desk.create(HEALTH, asked())
    office.heard()
    for _ in range(2):  # again, where the first time was broken off
        changed = getattr(office.desk, act)("health.1", asked())
        assert office.heard() == ["shut out health.1", f"keep health.1 {changed.state}"]


def test_one_that_is_resumed_has_the_password_that_it_had(office: Office) -> None:
    """Its holder need not be told anything."""
    issued = office.desk.create(HEALTH, asked())
    office.desk.suspend("health.1", asked())
    office.heard()
    assert office.desk.resume("health.1", asked()).state == "ACTIVE"
    assert office.heard() == ["let in health.1", "keep health.1 ACTIVE"]
    assert office.users.passwords == {"health.1": issued.kafka_password}


def test_the_old_one_works_beside_the_new_one_until_somebody_looks_after_its_end(office: Office) -> None:
    """Whatever is asked for next ends it, a look at the list as well."""
    office.desk.create(HEALTH, asked())
    office.heard()
    issued, old = office.desk.rotate("health", DAY, asked())
    assert office.heard() == ["let in health.2", "keep health.2 ACTIVE", "keep health.1 EXPIRING"]
    assert (old.replaced_by, old.ends_at) == (issued.credential.credential_id, START + DAY)
    assert [one.state for one in office.desk.all(asked())] == ["EXPIRING", "ACTIVE"]
    assert office.heard() == []
    assert [one.state for one in office.desk.all(asked(START + DAY))] == ["REVOKED", "ACTIVE"]
    assert office.heard() == ["shut out health.1", "keep health.1 REVOKED"]
    last = office.log.read()["health.1"].history[-1]
    assert (last.act, last.request.actor) == ("ENDED", "exchange")


def test_a_refused_rotation_makes_nothing(office: Office) -> None:
    """No key is left over that nobody was given."""
    office.desk.create(HEALTH, asked())
    office.desk.rotate("health.1", DAY, asked())
    office.heard()
    with pytest.raises(ExchangeError, match=r"health\.2"):
        office.desk.rotate("health.1", DAY, asked())
    assert office.heard() == []


def test_a_name_that_means_none_or_several_is_told_with_those_that_there_are(office: Office) -> None:
    """An operator at night mistypes."""
    office.desk.create(HEALTH, asked())
    office.desk.create(HEALTH, asked())
    with pytest.raises(ExchangeError, match=r"health\.1, health\.2"):
        office.desk.revoke("health", asked())
    with pytest.raises(ExchangeError, match=r"heath\.1 \(health\.1\?\)"):
        office.desk.revoke("heath.1", asked())
    office.desk.revoke("health.1", asked())
    assert office.desk.revoke("health", asked()).credential_id == "health.2"


def test_an_id_is_never_given_twice(office: Office) -> None:
    """Who is refused for good must not be refused as somebody else."""
    for number in (1, 2, 3):
        assert office.desk.create(HEALTH, asked()).credential.credential_id == f"health.{number}"
        office.desk.revoke(f"health.{number}", asked())


def test_with_another_key_nothing_is_let_in_and_the_file_is_named(office: Office) -> None:
    """A home restored without its secrets says what is missing."""
    office.desk.create(HEALTH, asked())
    office.desk.suspend("health", asked())
    (office.home.secrets / KEY).write_text("11" * 32)
    with pytest.raises(ExchangeError, match=KEY):
        office.desk.resume("health", asked())
    assert office.users.passwords == {}


def test_the_brokers_are_made_as_the_credentials_say(office: Office) -> None:
    """Whom they have lost is let in again, whom nobody knows is shut out, and nothing is done twice."""
    issued = [office.desk.create(HEALTH, asked()) for _ in range(3)]
    office.desk.suspend("health.2", asked())
    office.desk.revoke("health.3", asked())
    office.users.passwords.clear()
    office.users.denied.discard("health.3")
    office.users.passwords["police.1"] = "made and not kept"
    office.heard()
    found = office.desk.apply_access(asked())
    assert found.users == (("health.1",), ("health.3", "police.1"), ())
    assert office.heard() == ["shut out health.3", "shut out police.1", "let in health.1"]
    assert office.users.passwords == {"health.1": issued[0].kafka_password}
    assert office.users.working == {"health.1"}
    assert not any(office.desk.apply_access(asked()).users)
    assert office.heard() == []


def test_what_was_broken_off_while_it_shut_somebody_out_stays_shut_and_is_told(office: Office) -> None:
    """Nobody who was to be shut out is let in again because a command was killed."""
    office.desk.create(HEALTH, asked())
    office.users.denied.add("health.1")
    office.users.passwords.clear()
    office.heard()
    (problem,) = office.desk.apply_access(asked()).problems
    assert "health.1" in problem
    assert office.heard() == []


def test_a_password_that_cannot_be_opened_keeps_nobody_else_out(office: Office) -> None:
    """A home restored without its key starts all the same, and names the file."""
    office.desk.create(HEALTH, asked())
    (office.home.secrets / KEY).write_text("11" * 32)
    office.desk.create(HEALTH, asked())
    office.users.passwords.clear()
    (problem,) = office.desk.apply_access(asked()).problems
    assert ("health.1" in problem, KEY in problem) == (True, True)
    assert office.users.passwords.keys() == {"health.2"}


def test_where_no_credential_is_kept_nobody_is_shut_out(office: Office) -> None:
    """A log that is not there yet says nothing about anybody."""
    office.users.passwords["health.1"] = "of another time"
    assert not any(office.desk.apply_access(asked()).users)


def test_what_is_kept_is_read_as_it_was(office: Office) -> None:
    """Nothing of a bank's or a county's credential is lost on the way."""
    for holder in (
        HEALTH,
        Holder("financial_regulation", bank="91620500812415868R"),
        Holder("health", county="620502"),
    ):
        credential = office.desk.create(holder, asked()).credential
        assert credential_of(document_of(credential)) == credential
