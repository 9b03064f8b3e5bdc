"""Settings of an exchange of which nothing runs: for tests of what never gets as far as asking."""

from pathlib import Path
from typing import Any

from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.registry.access import RegistryAccess
from exchange.runtime.settings import Settings

NO_BROKERS = KafkaAccess("127.0.0.1:1", "nobody", "0f")
NO_REGISTRY = RegistryAccess("http://registry.test", "nobody", "0f")


def nowhere(home: Path, **others: Any) -> Settings:
    """Return settings that name a port where nobody listens; ``others`` are fields that are not so."""
    return Settings(
        **{
            **{"kafka": NO_BROKERS, "registry": NO_REGISTRY, "postgres": ""},
            **{"home": home, "case_key": bytes(32), **others},
        }
    )
