"""What is remarkable in a value, in few words beside it; the whole sentences are the receipt's."""

from collections.abc import Mapping
from typing import Final

from avro_schemas.catalogue import Document
from consumers.labels.words import words
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
REMARKS: Final[Mapping[str, Words]] = LABELS.table("remarks")


def remark_words(remarked: Document) -> tuple[Words, ...]:
    """Return what is remarkable in a field of the form (codes) or in a record's entry (codes with fields)."""
    found = remarked.get("warnings", ())
    codes = [one if isinstance(one, str) else one["code"] for one in found]
    return tuple(words(REMARKS, code) for code in codes)
