"""What is remarkable in a value, in a few words beside it; the receipt has the whole sentences."""

from collections.abc import Mapping
from typing import Final

from avro_schemas.typed_documents import FormFieldDocument, RecordEntryDocument
from consumers.labels.words import words
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
REMARKS: Final[Mapping[str, Words]] = LABELS.table("remarks")


def remark_words(remarked: FormFieldDocument | RecordEntryDocument) -> tuple[Words, ...]:
    """Return what is remarkable in a field of the form (codes) or in a record's entry (codes with fields)."""
    codes = [one if isinstance(one, str) else one["code"] for one in remarked.get("warnings", ())]
    return tuple(words(REMARKS, code) for code in codes)
