"""Credentials are read from a log on which something else may stand as well."""

import json
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from avro_schemas.catalogue import schema
from exchange.domain.credentials import Credential, CredentialRequest, Holder, issue
from exchange.runtime.credentials.log import CredentialLog, document_of
from exchange.runtime.errors import RegistryRefusedError
from exchange.runtime.kafka.kept_values import Kept
from exchange.runtime.registry import kept_documents as module
from exchange.runtime.registry.serde import Encoder
from tests.exports import export
from tests.nowhere import nowhere
from topics.catalogue import CREDENTIALS, subject_of

OURS = schema("credential")
COPY = export((subject_of(CREDENTIALS), "1", json.dumps(OURS)))
ASKED = CredentialRequest("wang", datetime(2026, 3, 1, tzinfo=UTC), "operator")


class Kafka:
    """What stands on the topic, and how often somebody asked for the registry's copy."""

    def __init__(self) -> None:
        self.messages: list[Kept] = []
        self.copies = 0

    def copy(self, _: object) -> bytes:
        """Give the copy, which has the schema as number 1."""
        self.copies += 1
        return COPY

    def keep(self, name: str, value: bytes) -> None:
        """Put a message on the topic."""
        self.messages.append(Kept(name.encode(), value))

    def take(self, _kafka: object, _topic: object, key: bytes, value: bytes, _headers: object) -> None:
        """Take what a program puts there."""
        self.messages.append(Kept(key, value))


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Kafka:
    """A topic without a message."""
    kafka = Kafka()
    for name, does in {
        "is_made": lambda *_: True,
        "kept_values": lambda *_: kafka.messages,
        "kept_copy": kafka.copy,
        "keep_value": kafka.take,
    }.items():
        monkeypatch.setattr(module, name, does)
    return kafka


def credential(name: str) -> Credential:
    """One that was just issued."""
    return issue(Credential(name, Holder("health"), "", ""), ASKED)


def value_of(name: str, schema_id: int = 1) -> bytes:
    """A credential as the topic holds it."""
    return Encoder(OURS, schema_id).encode(document_of(credential(name)))


def test_what_cannot_be_read_is_logged_and_passed_over(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps no other credential from its end, and its own holder out."""
    kafka.keep("health.1", value_of("health.1"))
    kafka.keep("health.2", value_of("health.2")[:-1])
    kafka.keep("health.3", b"none")
    log = Mock()
    monkeypatch.setattr(module, "log", log)
    assert list(CredentialLog(nowhere(tmp_path)).read()) == ["health.1"]
    assert [call.args for call in log.error.call_args_list] == [("kept_unreadable",)] * 2


def test_a_schema_that_the_copy_lacks_is_told(kafka: Kafka, tmp_path: Path) -> None:
    """Nobody loses its rights because the copy is an old one: the messages are as good as they were."""
    kafka.keep("health.1", value_of("health.1", schema_id=7))
    with pytest.raises(RegistryRefusedError, match="schema of credentials"):
        CredentialLog(nowhere(tmp_path)).read()


def test_the_registrys_copy_is_asked_for_once_by_who_reads_and_keeps(kafka: Kafka, tmp_path: Path) -> None:
    """It is all that the registry holds, and whoever rotates a credential keeps two."""
    kafka.keep("health.1", value_of("health.1"))
    log = CredentialLog(nowhere(tmp_path))
    log.read()
    log.keep(credential("health.1"))
    log.keep(credential("health.2"))
    assert kafka.copies == 1
    assert list(log.read()) == ["health.1", "health.2"]
