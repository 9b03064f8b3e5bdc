"""A case as its family may see it: pure, from the case document.

Shape: {case_id, audience, name, done, matters_count, matters [...], bring [...]}, as `exchange progress
--json` prints it. What an audience may not see is absent, not masked, except for the name.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final, Literal, TypedDict

from avro_schemas.typed_documents import (
    ApplicationEntryDocument,
    CaseDocument,
    MaterialRequestDocument,
    MatterDocument,
    MatterStateSymbol,
    ResultEntryDocument,
    WaitingForDocument,
)
from consumers.privacy.masking import masked_text
from exchange.domain.matters.views import OWED
from exchange.domain.policy_files.family import BRING, DONE, Audience, FamilyPolicy
from verification.characters import without_blanks

SUSPENDED: Final = "SUSPENDED"
_DETAILS: Final[Mapping[Literal["reason", "amount_fen", "document_no", "answer"], str]] = {
    "reason": "reason",
    "amount_fen": "amount",
    "document_no": "document",
    "answer": "answer",
}
"""Field of a result → what a policy calls it."""


class MatterProgress(TypedDict):
    """A matter as a family sees it."""

    matter: int
    instance: str | None
    state: MatterStateSymbol
    situation: str
    department: str
    since: datetime | None
    due: date | None
    waits_for: list[WaitingForDocument]
    owed_materials: list[int]
    reason: str | None
    amount_fen: int | None
    document_no: str | None
    answer: str | None


class CaseProgress(TypedDict):
    """A case as a family sees it."""

    case_id: str
    audience: str
    death_established: bool
    name: str | None
    done: int
    matters_count: int
    matters: list[MatterProgress]
    bring: list[MaterialRequestDocument]


def progress_of(
    document: CaseDocument,
    application: ApplicationEntryDocument | None,
    audience: Audience,
    policy: FamilyPolicy,
) -> CaseProgress:
    """Return the progress of a case: what needs the family first, what is done last.

    Args:
        document: The case, as ``exchange.events.Case``.
        application: The asker's own application: only results of its matters are told.
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


def seen_fields(view: CaseProgress) -> tuple[str, ...]:
    """Return the names, never the values, of a view's fields about a person."""
    details = {
        f"results.{name}" for matter in view["matters"] for name in _DETAILS if matter[name] is not None
    }
    return (*(("deceased.name",) if view["name"] else ()), *sorted(details))


def _matter(matter: MatterDocument, chosen: bool, policy: FamilyPolicy) -> MatterProgress | None:
    wanted = [one for one in matter["materials"] if one["required"] and chosen]
    owed = sorted(one["kind"] for one in wanted if one["state"] in OWED)
    state = SUSPENDED if matter["recovery"] else matter["state"]
    returned = _returned(matter) if chosen else None
    situation = policy.situation_of(state, owing=bool(owed or returned))
    if situation is None:
        return None
    said = returned or next(
        (last for last in matter["results"][-1:] if last["outcome"] == matter["state"]), None
    )
    return {
        "matter": matter["matter"],
        "instance": matter["instance"],
        "state": matter["state"],
        "situation": situation.situation,
        "department": matter["department"],
        "since": _since(matter, said),
        "due": matter["due"],
        "waits_for": [
            {"prerequisite": one["prerequisite"], "owed_by": one["owed_by"], "since": one["since"]}
            for one in matter["waiting_for"]
        ],
        "owed_materials": owed if situation.situation == BRING else [],
        "reason": said and _reason(said),
        "amount_fen": said and said["amount_fen"],
        "document_no": said and said["document_no"],
        "answer": said and ("；".join(said["answer"]) or None),
    }


def _returned(matter: MatterDocument) -> ResultEntryDocument | None:
    """Return the result that asks the family to put something right, while nobody has."""
    named = matter["limit"] and matter["limit"]["returned"]
    return next((one for one in matter["results"] if one["record_id"] == named), None)


def _reason(said: ResultEntryDocument) -> str | None:
    """Return what the department says to the family, long numbers masked."""
    text = "；".join(said["to_correct"]) or said["reason"]
    return text and masked_text(text)


def _since(matter: MatterDocument, said: ResultEntryDocument | None) -> datetime | None:
    """Return since when the matter has stood as it does, as far as the case says so."""
    if said:
        return said["recorded_at"]
    if matter["state"] == "APPLIED" and matter["limit"]:
        return matter["limit"]["applied_at"]
    return None


def _withhold(found: MatterProgress, audience: Audience, *, own: bool) -> None:
    """Take out what the audience may not see; results are told to whoever applied for them."""
    for name, detail in _DETAILS.items():
        if not own or detail not in audience.may_see:
            found[name] = None
    if "instance" not in audience.may_see:
        found["instance"] = None


def _name(document: CaseDocument, audience: Audience) -> str | None:
    field = document["form"]["deceased"].get("name")
    written: str | None = field and field["value"]
    if written is None or "name" in audience.may_see:
        return written
    name = without_blanks(written)  # else the one character that is shown might be a blank
    return name[:1] + "*" * (len(name) - 1)


def _bring(document: CaseDocument, numbers: Collection[int]) -> list[MaterialRequestDocument]:
    """Return what the case asks for, for the matters that are under way: each kind once."""
    wanted: list[MaterialRequestDocument] = [
        {**request, "needs": [need for need in request["needs"] if need["matter"] in numbers]}
        for request in document["requests"]
    ]
    return [request for request in wanted if request["needs"]]
