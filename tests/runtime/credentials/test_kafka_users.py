"""What brokers answer about users, where they refuse to."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from exchange.runtime.credentials import kafka_users
from exchange.runtime.credentials.kafka_users import KafkaUsers
from exchange.runtime.errors import ExchangeError
from tests.nowhere import nowhere


class Refusing:
    """Asks brokers that let it do nothing with users."""

    def describe_acls(self, *_: object, **__: object) -> Any:
        """No rule is there."""
        answer: Future[list[object]] = Future()
        answer.set_result([])
        return answer

    def describe_user_scram_credentials(self, **_: object) -> Any:
        """Refused."""
        answer: Future[object] = Future()
        answer.set_exception(KafkaException(KafkaError(KafkaError.CLUSTER_AUTHORIZATION_FAILED)))
        return answer


def test_what_brokers_refuse_is_told_as_people_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks after the ends of credentials goes on after it, and looks again."""
    monkeypatch.setattr(kafka_users, "make_admin", lambda *_: Refusing())
    with pytest.raises(ExchangeError, match="Kafka"):
        KafkaUsers(nowhere(tmp_path)).seen(frozenset())
