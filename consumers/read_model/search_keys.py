"""What cases are found by: keyed hashes, so that the read model holds no number and no name to search in.

Under a key of its own: who has the case ids' key cannot search, and who can search cannot make case ids.
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal

from avro_schemas.typed_documents import CaseDocument, FormFieldDocument
from exchange.runtime.home import Home
from verification.identity import UnfitIdentityError, identify, normalise
from verification.names.keys import name_key

SearchKind = Literal["number", "name", "certificate", "applicant"]
KEY_BYTES: Final = 32
SEARCH_KEY: Final = "search_key"
"""The secret's name in the home, and that of its mark in the read model."""
DOCUMENT_NUMBERS: Final = "certificate_no"
"""How fields of a form are called that hold a document's number."""


@dataclass(frozen=True)
class SearchKeys:
    """Makes the keys of one exchange; ``secret`` is never printed."""

    secret: bytes = field(repr=False)

    @classmethod
    def of_home(cls, home: Home) -> "SearchKeys":
        """Return them with the home's own secret, which is made on the first call.

        It is read here and not with the settings: who neither fills nor asks the search never has it.
        """
        return cls(bytes.fromhex(home.secret(SEARCH_KEY, KEY_BYTES)))

    @property
    def mark(self) -> str:
        """What tells this secret from another and says nothing of it: the read model notes it."""
        return self._hashed("mark", "")

    def of(self, kind: SearchKind, text: str) -> str:
        """Return the key of what somebody says, however it is written."""
        return self._hashed(kind, name_key(text) if kind == "name" else _number(text))

    def of_case(self, document: CaseDocument) -> set[str]:
        """Return all keys by which a case is found; where records disagree, each one's word counts."""
        return {self.of(kind, text) for kind, text in _said(document)}

    def of_announcement(self, draft: Mapping[str, FormFieldDocument]) -> str | None:
        """Return the key of the document's number that a draft has; None where it has none."""
        numbers = (one["value"] for name, one in draft.items() if name.endswith(DOCUMENT_NUMBERS))
        return next((self.of("certificate", number) for number in numbers if number), None)

    def _hashed(self, kind: str, text: str) -> str:
        """Return HMAC-SHA-256, the first 128 bits in hex."""
        return hmac.digest(self.secret, f"{kind}\n{text}".encode(), sha256)[:16].hex()


def _number(text: str) -> str:
    """Return a number as records have it: of a person's 15 digits the 18, of others what is seen of them."""
    try:
        return identify(text).number
    except UnfitIdentityError:
        return normalise(text)


def _said(document: CaseDocument) -> Iterator[tuple[SearchKind, str]]:
    values = {name: one["value"] for name, one in document["form"]["deceased"].items()}
    found = [(name, value) for name, value in values.items() if value is not None]
    for conflict in document["conflicts"]:
        section, _, name = conflict["field"].partition(".")
        if section == "deceased":
            found += [(name, one["value"]) for one in conflict["values"]]
    for name, value in found:
        if (kind := _kind(name)) is not None:
            yield kind, value
    for application in document["applications"]:
        applicant = application["applicant"].get("id_number")
        if applicant is not None and applicant["value"] is not None:
            yield "applicant", applicant["value"]
    for matter in document["matters"]:
        for result in matter["results"]:
            if result["document_no"] is not None:
                yield "certificate", result["document_no"]


def _kind(name: str) -> SearchKind | None:
    if name == "id_number":
        return "number"
    if name == "name":
        return "name"
    return "certificate" if name.endswith(DOCUMENT_NUMBERS) else None
