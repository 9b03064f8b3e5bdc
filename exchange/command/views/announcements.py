"""An announcement as one line for people."""

from collections.abc import Iterator
from typing import Final

from avro_schemas.typed_documents import AnnouncementDocument, FormFieldDocument
from consumers.labels.remarks import remark_words
from consumers.labels.words import STATES, for_people, local_time, matter_words, words
from consumers.privacy.masking import masked_fields
from exchange.domain.policy import Policy
from topics.labels import Labels, Language, Words

LABELS: Final = Labels(__file__)
IDENTITY = ("deceased.name", "deceased.id_number")
CORRECTION: Final = LABELS["correction"]
NOT_ACKNOWLEDGED: Final = LABELS["not_acknowledged"]
DUE: Final = LABELS["due"]
TO_ACKNOWLEDGE: Final = LABELS["to_acknowledge"]
TAKEN_BACK: Final = frozenset({"SUSPENDED", "RECOVERY"})
"""What a department has to acknowledge."""


def announcement_line(document: AnnouncementDocument, policy: Policy, language: Language) -> str:
    """Return when, which matter, what happened, to whom, and the id of what is to be acknowledged.

    Numbers of persons are masked.
    """
    name = matter_words(document["matter"], policy).first(language)
    if document["instance"] is not None:
        name = f"{name} ({for_people(document['instance'])})"
    draft = masked_fields(document["draft"], policy)
    person = [
        _with_remarks(draft[field], language)
        for field in IDENTITY
        if field in draft and draft[field]["value"]
    ]
    happened = ", ".join(said.both(language) for said in _happened(document))
    parts = (local_time(document["at"]), f"{document['matter']} {name}", happened, *person)
    return "  ".join((*parts, *_owed(document, language)))


def _with_remarks(field: FormFieldDocument, language: Language) -> str:
    remarks = ", ".join(said.first(language) for said in remark_words(field))
    value = for_people(field["value"] or "")
    return f"{value} ({remarks})" if remarks else value


def _happened(document: AnnouncementDocument) -> Iterator[Words]:
    if document["transition"] == "OVERDUE" and document["reminds_of"] is not None:
        yield NOT_ACKNOWLEDGED
    else:
        yield words(STATES, document["transition"])
    if document["due"] is not None:
        day = document["due"].isoformat()
        yield Words(f"{DUE.zh} {day}", f"{DUE.en} {day}")
    if document["correction"]:
        yield CORRECTION


def _owed(document: AnnouncementDocument, language: Language) -> Iterator[str]:
    owed = document["id"] if document["transition"] in TAKEN_BACK else document["reminds_of"]
    if owed is not None:
        yield f"{TO_ACKNOWLEDGE.both(language)}: {for_people(owed)}"
