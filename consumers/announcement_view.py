"""An announcement as one line for people."""

from consumers.masking import masked_fields
from consumers.words import STATES, Language, for_people, local_time, matter_words, words
from exchange.domain.documents import Document
from exchange.domain.policy import Policy

IDENTITY = ("deceased.name", "deceased.id_number")


def announcement_line(document: Document, policy: Policy, language: Language) -> str:
    """Return when, which matter, what happened and to whom; numbers of persons are masked."""
    name = matter_words(document["matter"], policy).first(language)
    if document["instance"] is not None:
        name = f"{name} ({for_people(document['instance'])})"
    draft = masked_fields(document["draft"], policy)
    person = [
        for_people(draft[field]["value"]) for field in IDENTITY if field in draft and draft[field]["value"]
    ]
    happened = words(STATES, document["transition"]).both(language)
    return "  ".join((local_time(document["at"]), f"{document['matter']} {name}", happened, *person))
