"""A case as its family may see it: pure, from the case document.

Shape: {case_id, audience, name, done, matters_count, matters [...], bring [...]}, as `exchange progress
--json` prints it. What an audience may not see is absent, not masked, but for the name.
"""

from collections.abc import Collection
from typing import Any, Final

from avro_schemas.catalogue import Document
from consumers.family.policy import Audience, FamilyPolicy
from consumers.privacy.masking import masked_text
from exchange.domain.matters.views import OWED
from verification.characters import without_blanks

DONE: Final = "done"
BRING: Final = "bring"
SUSPENDED: Final = "SUSPENDED"


def progress_of(
    document: Document, application: Document | None, audience: Audience, policy: FamilyPolicy
) -> Document:
    """Return the progress of a case: what needs the family first, what is done last.

    Args:
        document: The case, as ``exchange.events.Case``.
        application: The own application of whoever asks: results are told of its matters and of no others.
        audience: Who asks.
        policy: The words, and who may see what.
    """
    own = set(application["matters"]) if application else set()
    chosen = {number for one in document["applications"] for number in one["matters"]}
    told = [
        found
        for matter in document["matters"]
        if (found := _matter(matter, matter["matter"] in chosen, policy))
    ]
    order = [one.situation for one in policy.situations]
    told.sort(key=lambda found: order.index(found["situation"]))
    for found in told:
        _withhold(found, audience, own=found["matter"] in own)
    return {
        "case_id": document["case_id"],
        "audience": audience.audience,
        "death_established": document["death_established"],
        "name": _name(document, audience),
        "done": sum(found["situation"] == DONE for found in told),
        "matters_count": len(told),
        "matters": told,
        "bring": _bring(document, {found["matter"] for found in told if found["situation"] == BRING}),
    }


def seen_fields(view: Document) -> tuple[str, ...]:
    """Return the names, never the values, of what a view holds of a person."""
    details = {
        f"results.{name}"
        for matter in view["matters"]
        for name in ("reason", "amount_fen", "document_no")
        if matter[name] is not None
    }
    return (*(("deceased.name",) if view["name"] else ()), *sorted(details))


def _matter(matter: Document, chosen: bool, policy: FamilyPolicy) -> dict[str, Any] | None:
    owed = sorted(one["kind"] for one in matter["materials"] if one["state"] in OWED) if chosen else []
    state = SUSPENDED if matter["recovery"] else matter["state"]
    situation = policy.situation_of(state, owing=bool(owed))
    if situation is None:
        return None
    last = matter["results"][-1] if matter["results"] else {}
    said = last if last.get("outcome") == matter["state"] else {}
    return {
        "matter": matter["matter"],
        "instance": matter["instance"],
        "state": matter["state"],
        "situation": situation.situation,
        "department": matter["department"],
        "since": _since(matter, said),
        "due": matter["due"],
        "waits_for": [
            {name: one[name] for name in ("prerequisite", "owed_by", "since")}
            for one in matter["waiting_for"]
        ],
        "owed_materials": owed if situation.situation == BRING else [],
        "reason": said.get("reason") and masked_text(said["reason"]),
        "amount_fen": said.get("amount_fen"),
        "document_no": said.get("document_no"),
    }


def _since(matter: Document, said: Document) -> Any:
    """Return since when the matter has been where it is, as far as the case says so."""
    if said:
        return said["recorded_at"]
    if matter["state"] == "APPLIED" and matter["limit"]:
        return matter["limit"]["applied_at"]
    return None


def _withhold(found: Document, audience: Audience, *, own: bool) -> None:
    """Take out what the audience may not see; results are told to whoever applied for them."""
    details = {"amount": "amount_fen", "document": "document_no", "reason": "reason"}
    for detail, name in details.items():
        if not own or detail not in audience.may_see:
            found[name] = None
    if "instance" not in audience.may_see:
        found["instance"] = None


def _name(document: Document, audience: Audience) -> str | None:
    field = document["form"]["deceased"].get("name")
    written: str | None = field and field["value"]
    if written is None or "name" in audience.may_see:
        return written
    name = without_blanks(written)  # else the one character that is told might be none
    return name[:1] + "*" * (len(name) - 1)


def _bring(document: Document, numbers: Collection[int]) -> list[Document]:
    """Return what the case asks for, for the matters that are under way: each kind once."""
    wanted = [
        {**request, "needs": [need for need in request["needs"] if need["matter"] in numbers]}
        for request in document["requests"]
    ]
    return [request for request in wanted if request["needs"]]
