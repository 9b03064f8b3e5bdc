"""Every version of the policy that was in use, kept on the log, so that an auditor can read its rules.

Shape: topic `policies`, partition 0, key version, ``exchange.events.Policy``, in the order of their use.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import PolicyDocument
from exchange.folding.cloud_events import cloud_event
from exchange.runtime.city import City
from exchange.runtime.kafka.kept_values import keep_value, kept_values
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.registry.topic_encoders import topic_encoder
from exchange.runtime.settings import Settings
from topics.catalogue import CLOCK, POLICIES
from verification.times import instant_text

SOURCE: Final = "/exchange/deploy"


def keep_policy(settings: Settings) -> str | None:
    """Keep the policy in use, unless it is the one that was kept last.

    Returns:
        The version that was in use before, where that was another one.

    Raises:
        ExchangeError: the brokers or the registry did not answer, or did not take it.
    """
    kept, version = kept_values(settings.kafka, POLICIES, most=1), settings.city.policy.version
    before = kept[0].key.decode() if kept else None
    if before == version:
        return None
    put_policy(settings)
    return before or _version_unkept(settings)


def _version_unkept(settings: Settings) -> str | None:
    """Return the version of a log older than kept versions: the shipped one; None if that is in use."""
    shipped = City().policy.version
    if shipped == settings.city.policy.version or not kept_values(settings.kafka, CLOCK, most=1):
        return None
    return shipped


def put_policy(settings: Settings) -> None:
    """Put the policy in use on the log, with the time; return when the brokers have it.

    Raises:
        ExchangeError: as `keep_policy` says.
    """
    topic, version = settings.city.catalogue.by_name[POLICIES], settings.city.policy.version
    with Registry(settings.registry) as registry:
        encode = topic_encoder(registry, topic).encode
    now = datetime.now(UTC)
    value = encode({"version": version, "at": now, "files": dict(settings.city.texts)})
    headers = cloud_event("exchange.events.policy", str(uuid4()), SOURCE, instant_text(now))
    keep_value(settings.kafka, topic, version.encode(), value, headers)


def kept_policies(settings: Settings) -> list[PolicyDocument]:
    """Return the versions that were in use, oldest first.

    Raises:
        ExchangeError: the brokers or the registry do not answer.
    """
    messages = kept_values(settings.kafka, POLICIES)
    with Registry(settings.registry) as registry:
        decoder = Decoder[PolicyDocument](schema("policy"), registry.schema_by_id)
        return [decoder.decode(message.value) for message in messages]
