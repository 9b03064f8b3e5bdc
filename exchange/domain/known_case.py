"""A case document as departments know it: without the applications that are held back.

Pure, from the document alone. `held_back.py` does the same to a case, from which departments are told.
"""

from collections.abc import Collection, Mapping
from typing import Final

from avro_schemas.typed_documents import (
    CaseDocument,
    FormFieldDocument,
    MaterialRequestDocument,
    MatterDocument,
    MatterStateSymbol,
)

EXAMINED: Final = "examination"
"""Word that a matter waits for; the window owes it."""


def known_case(document: CaseDocument) -> CaseDocument:
    """Return the case as departments know it; the very same where nothing is held back."""
    held = {one for matter in document["matters"] for one in _held_back(matter)}
    if not held:
        return document
    form = document["form"]
    return {
        **document,
        "matters": [known_matter(one) for one in document["matters"]],
        "applications": [one for one in document["applications"] if one["record_id"] not in held],
        "form": {
            "deceased": _filled_without(held, form["deceased"]),
            "applicant": _filled_without(held, form["applicant"]),
            "accounts": _filled_without(held, form["accounts"]),
        },
        "requests": _known_requests(document),
    }


def known_matter(matter: MatterDocument) -> MatterDocument:
    """Return a matter as its department knows it; the very same where nothing of it is held back.

    Which application named a material is not told: where one is held back, none is left.
    """
    held = _held_back(matter)
    if not held:
        return matter
    known: MatterDocument = {
        **matter,
        "applications": [one for one in matter["applications"] if one["record_id"] not in held],
        "materials": [],
        "proofs": [one for one in matter["proofs"] if one not in held],
    }
    return known if known["applications"] else _not_applied_for(known)


def _not_applied_for(matter: MatterDocument) -> MatterDocument:
    before: MatterStateSymbol = "READY" if matter["proofs"] else "WAITING"
    return {
        **matter,
        "state": before if matter["state"] == "APPLIED" else matter["state"],
        "waiting_for": [one for one in matter["waiting_for"] if one["prerequisite"] != EXAMINED],
        "due": None,
        "limit": None,
    }


def _held_back(matter: MatterDocument) -> frozenset[str]:
    return frozenset(one["record_id"] for one in matter["applications"] if one["held_back"])


def _filled_without(
    held: Collection[str], fields: Mapping[str, FormFieldDocument]
) -> dict[str, FormFieldDocument]:
    return {
        name: field
        for name, field in fields.items()
        if field["source"] is None or field["source"]["record_id"] not in held
    }


def _known_requests(document: CaseDocument) -> list[MaterialRequestDocument]:
    """Return what is asked of the family for other matters: what was handed in for these is not known."""
    hiding = {one["matter"] for one in document["matters"] if _held_back(one)}
    known: list[MaterialRequestDocument] = [
        {**one, "needs": [need for need in one["needs"] if need["matter"] not in hiding]}
        for one in document["requests"]
    ]
    return [one for one in known if one["needs"]]
