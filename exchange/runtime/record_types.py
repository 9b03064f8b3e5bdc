"""What is said of a record type that the city does not have, wherever one is named."""

from avro_schemas.catalogue import Schemas
from exchange.runtime.sentences import said
from verification.refusals import guessed_type


def type_unknown(written: str, schemas: Schemas) -> str:
    """Say so in both languages, with the type that was probably meant, and all that there are."""
    known = ", ".join(schemas.record_types)
    return said("type_unknown", name=written, nearest=guessed_type(written, schemas), known=known)
