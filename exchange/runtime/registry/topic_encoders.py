"""Writers of topics' values, as the registry knows their schemas."""

from avro_schemas.catalogue import schema
from exchange.runtime.errors import RegistryRefusedError
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Encoder
from topics.catalogue import load_catalogue, subject_of


def topic_encoder(registry: Registry, topic: str, max_bytes: int | None = None) -> Encoder:
    """Return the writer of a topic's values.

    Raises:
        RegistryAwayError: try again later.
        RegistryRefusedError: the registry does not hold the topic's schema.
    """
    text = schema(load_catalogue().by_name[topic].schema or "")
    known = registry.lookup(subject_of(topic), text)
    if known is None:
        raise RegistryRefusedError(
            f"The registry does not hold the schema of {subject_of(topic)}.",
            "`exchange deploy` registers what is missing.",
        )
    return Encoder(text, known[1], max_bytes)
