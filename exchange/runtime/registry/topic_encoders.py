"""Writers of topics' values, as the registry knows their schemas."""

from avro_schemas.catalogue import SHIPPED, Schemas
from exchange.runtime.errors import RegistryRefusedError
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Encoder
from exchange.runtime.sentences import said
from topics.catalogue import Topic, subject_of


def topic_encoder(
    registry: Registry, topic: Topic, max_bytes: int | None = None, *, schemas: Schemas = SHIPPED
) -> Encoder:
    """Return the writer of a topic's values; for a topic of records, `schemas` are those of the city.

    Raises:
        RegistryAwayError: try again later.
        RegistryRefusedError: the registry does not hold the topic's schema.
    """
    text = schemas.schema(topic.schema or "")
    subject = subject_of(topic.name)
    known = registry.lookup(subject, text)
    if known is None:
        raise RegistryRefusedError(said("schema_not_there", subject=subject), said("deploy_schemas"))
    return Encoder(text, known[1], max_bytes)
