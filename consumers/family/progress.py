"""A case as its family may see it: pure, from the case document.

Shape: {case_id, audience, name, death, done, matters_count, matters [...], bring [...], deadlines [...],
applications [...]}, as `exchange progress --json` prints it. What an audience may not see is absent, not
masked, except for the name.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypedDict

from avro_schemas.typed_documents import (
    ApplicationEntryDocument,
    AppointmentEntryDocument,
    CaseDocument,
    EnquiryEntryDocument,
    ExaminationEntryDocument,
    HandoverEntryDocument,
    MaterialRequestDocument,
    MatterDocument,
    MatterStateSymbol,
    ResultEntryDocument,
    WaitingForDocument,
)
from consumers.family.deadlines import FamilyDeadline, deadlines_of
from consumers.family.next_steps import (
    NextStep,
    ProofStanding,
    asked_back,
    asks_of,
    in_doubt,
    next_steps,
    returned_result,
    standing_of_death,
)
from consumers.privacy.masking import masked_enquiry, masked_name, masked_text
from exchange.domain.policy import Policy
from exchange.domain.policy_files.family import DONE, Audience, FamilyPolicy
from exchange.domain.policy_files.models import Text
from verification.times import calendar_date

SUSPENDED: Final = "SUSPENDED"
WAY_OUT: Final = "way_out"
OTHER_WAY: Final = "other_way"
_TELLS_NOTHING: Final = frozenset({"COMPLETED", "NOT_APPLICABLE", SUSPENDED})
"""In these states there is nothing that the family should know beside."""
_DETAILS: Final[Mapping[Literal["reason", "amount_fen", "document_no", "answer"], str]] = {
    "reason": "reason",
    "amount_fen": "amount",
    "document_no": "document",
    "answer": "answer",
}
"""Field of a result → what a policy calls it."""


class RuledOut(TypedDict):
    """Why a matter does not apply though they applied: by whose data, or by whose decision."""

    departments: list[str]
    decided: bool


class HandedOver(TypedDict):
    """How a result went out, 出件: when, and by which number of the mail."""

    delivery: str
    at: datetime
    postal_no: str | None


class MatterProgress(TypedDict):
    """A matter as a family sees it; `days_left` are the working days left of a limit that is paused."""

    matter: int
    instance: str | None
    state: MatterStateSymbol
    situation: str
    department: str
    since: datetime | None
    due: date | None
    days_left: int | None
    overdue: bool
    next_steps: list[NextStep]
    way_out: dict[str, str] | None
    notes: list[dict[str, str]]
    ruled_out: RuledOut | None
    waits_for: list[WaitingForDocument]
    owed_materials: list[int]
    reason: str | None
    amount_fen: int | None
    document_no: str | None
    answer: str | None
    handed_over: HandedOver | None


class FamilyAppointment(TypedDict):
    """When and where the window still expects or visits the family; `channel`: how."""

    at: datetime
    place: str
    channel: str | None


class ApplicationProgress(TypedDict):
    """One application of the applicant, and its matters as they stand for it alone."""

    application: str
    recorded_at: datetime
    delivery: str | None
    examined_at: datetime | None
    matters: list[MatterProgress]


class CaseProgress(TypedDict):
    """A case as a family sees it.

    `death` is how the proofs of it stand while it is not established; `examined_at` when the window last
    examined the own application, where nothing is left to put right; `applications` are all that this
    applicant has made. Enquiries are for the hotline alone.
    """

    case_id: str
    audience: str
    death_established: bool
    death: ProofStanding | None
    name: str | None
    done: int
    matters_count: int
    matters: list[MatterProgress]
    bring: list[MaterialRequestDocument]
    deadlines: list[FamilyDeadline]
    examined_at: datetime | None
    applications: list[ApplicationProgress]
    enquiries: list[EnquiryEntryDocument]
    appointments: list[FamilyAppointment]


def progress_of(
    document: CaseDocument,
    application: ApplicationEntryDocument | None,
    audience: Audience,
    policy: FamilyPolicy,
    rules: Policy,
    day: date,
) -> CaseProgress:
    """Return the progress of a case: what needs the family first, what is done last.

    Args:
        document: The case, as ``exchange.events.Case``.
        application: The asker's own application: only results of its matters are told.
        audience: Who asks.
        policy: The words, and who may see what.
        rules: What matters need, and who owes it.
        day: Today in Asia/Shanghai.
    """
    death = standing_of_death(document, rules)
    reader = _FamilyReader(audience, policy, rules, day)
    told = reader.matters(application, document)
    return {
        "case_id": document["case_id"],
        "audience": audience.audience,
        "death_established": document["death_established"],
        "death": death,
        "name": _name(document, audience),
        "done": sum(found["situation"] == DONE for found in told),
        "matters_count": sum(found["state"] != "NOT_APPLICABLE" for found in told),
        "matters": told,
        "bring": _bring(document, _brought(told)),
        "deadlines": []
        if in_doubt(death)
        else deadlines_of(_seen_by(application, document), _asked(told), policy, rules.working_days, day),
        "examined_at": _found_in_order_at(application, document),
        "applications": [
            reader.of_application(one, document) for one in _of_one_applicant(application, document)
        ],
        "enquiries": list(map(masked_enquiry, document["enquiries"]))
        if "enquiry" in audience.may_see
        else [],
        "appointments": list(_appointments(application, document, day))
        if "appointment" in audience.may_see
        else [],
    }


def _appointments(
    application: ApplicationEntryDocument | None, document: CaseDocument, day: date
) -> Iterator[FamilyAppointment]:
    """Yield the own ones of today and later, the next first: nobody else's home, and no other's time."""
    for one in sorted(document["appointments"], key=lambda one: one["scheduled_at"]):
        if calendar_date(one["scheduled_at"]) >= day and _is_for(one, application):
            yield {
                "at": one["scheduled_at"],
                "place": masked_text(one["place"]),
                "channel": one["channel"],
            }


def _is_for(one: AppointmentEntryDocument, application: ApplicationEntryDocument | None) -> bool:
    """Say whether an appointment is the applicant's: by its application, or else by who is expected."""
    if one["application"] is not None:
        return application is not None and one["application"] == application["record_id"]
    name = application["applicant"].get("name") if application else None
    return one["applicant_name"] is None or (name is not None and one["applicant_name"] == name["value"])


@dataclass(frozen=True)
class _FamilyReader:
    """Who reads, by which words and rules, on which day."""

    audience: Audience
    policy: FamilyPolicy
    rules: Policy
    day: date

    def of_application(
        self, application: ApplicationEntryDocument, document: CaseDocument
    ) -> ApplicationProgress:
        return {
            "application": application["record_id"],
            "recorded_at": application["recorded_at"],
            "delivery": application["delivery"],
            "examined_at": _found_in_order_at(application, document),
            "matters": self.matters(application, document, own_alone=True),
        }

    def matters(
        self, application: ApplicationEntryDocument | None, document: CaseDocument, *, own_alone: bool = False
    ) -> list[MatterProgress]:
        """Return the matters as they stand for an application: what needs the family first."""
        seen, own = _seen_by(application, document), set(_applied_for(application, document))
        told = [
            found
            for matter, following in zip(seen["matters"], next_steps(seen, self.rules, self.day), strict=True)
            if not own_alone or (matter["matter"], matter["instance"]) in own
            if OTHER_WAY not in asks_of(following) or "reason" in self.audience.may_see
            if (found := _matter(matter, following, seen, self.audience, self.policy, self.rules))
        ]
        order = [one.situation for one in self.policy.situations]
        told.sort(key=lambda found: order.index(found["situation"]))
        for found in told:
            _withhold(found, self.audience, own=(found["matter"], found["instance"]) in own)
        return told


def _seen_by(application: ApplicationEntryDocument | None, document: CaseDocument) -> CaseDocument:
    """Return the case with its matters as they stand for one application."""
    asking = _open_examination(application, document)
    return {**document, "matters": [_as_of(application, asking, one) for one in document["matters"]]}


def _of_one_applicant(
    application: ApplicationEntryDocument | None, document: CaseDocument
) -> list[ApplicationEntryDocument]:
    """Return all applications of whoever made this one; without a number nobody knows of the others."""
    if application is None:
        return []
    number = _applicants_number(application)
    return [
        one
        for one in document["applications"]
        if one["record_id"] == application["record_id"] or (number and number == _applicants_number(one))
    ]


def _applicants_number(application: ApplicationEntryDocument) -> str | None:
    field = application["applicant"].get("id_number")
    return field and field["value"]


def _own_examinations(
    application: ApplicationEntryDocument | None, document: CaseDocument
) -> list[ExaminationEntryDocument]:
    named = application and application["record_id"]
    return [one for one in document["examinations"] if named and one["application"] == named]


def _open_examination(application: ApplicationEntryDocument | None, document: CaseDocument) -> str | None:
    """Return the id of the examination that asks this applicant to put something right."""
    return next((one["record_id"] for one in _own_examinations(application, document) if one["open"]), None)


def _found_in_order_at(
    application: ApplicationEntryDocument | None, document: CaseDocument
) -> datetime | None:
    if _open_examination(application, document):
        return None
    return max((one["recorded_at"] for one in _own_examinations(application, document)), default=None)


def open_matters(view: CaseProgress) -> list[int]:
    """Return the matters that are not done and may arise: those whose place the family still looks for."""
    told = (one for one in view["matters"] if one["situation"] != DONE and one["state"] != "NOT_APPLICABLE")
    return sorted({one["matter"] for one in told})


def _asked(told: Iterable[MatterProgress]) -> dict[int, frozenset[str]]:
    """Return what the family is asked for in each matter that may arise."""
    found: dict[int, frozenset[str]] = {}
    for one in told:
        if one["state"] != "NOT_APPLICABLE":
            asks = asks_of(one["next_steps"])
            found[one["matter"]] = found.get(one["matter"], frozenset()) | asks
    return found


def seen_fields(view: CaseProgress) -> tuple[str, ...]:
    """Return the names, never the values, of a view's fields about a person."""
    matters = (*view["matters"], *(matter for one in view["applications"] for matter in one["matters"]))
    details = {f"results.{name}" for matter in matters for name in _DETAILS if matter[name] is not None}
    places = ("appointments.place",) if view["appointments"] else ()
    return (*(("deceased.name",) if view["name"] else ()), *sorted(details), *places)


def _applied_for(
    application: ApplicationEntryDocument | None, document: CaseDocument
) -> Iterator[tuple[int, str | None]]:
    """Yield its matters, each with its bank: what another asked of a bank is not its own."""
    if application is None:
        return
    for matter in document["matters"]:
        asking = [one["record_id"] for one in matter["applications"]]
        if matter["matter"] in application["matters"] and (not asking or application["record_id"] in asking):
            yield matter["matter"], matter["instance"]


def _as_of(
    application: ApplicationEntryDocument | None, asking: str | None, matter: MatterDocument
) -> MatterDocument:
    """Return the matter as it stands for one application: what was said to another is no answer to it."""
    named = application and application["record_id"]
    limit = matter["limit"]
    own = next((one for one in matter["applications"] if one["record_id"] == named), None)
    if own is None:
        return matter
    results = [own["result"]] if own["result"] else []
    alike = own["state"] == matter["state"]
    overruled = own["state"] == "NOT_APPLICABLE" and not alike
    return {
        **matter,
        "state": own["state"],
        "due": matter["due"] if alike and matter["applications"] == [own] else own["due"],
        "limit": {**limit, "asked_back": limit["asked_back"] and asking} if limit and alike else None,
        "results": results,
        "proofs": [] if overruled else matter["proofs"],  # they are of another's application
        "way_out": own.get("way_out") or matter["way_out"],
        "recovery": matter["recovery"] and alike,
    }


def _matter(
    matter: MatterDocument,
    steps: list[NextStep],
    document: CaseDocument,
    audience: Audience,
    policy: FamilyPolicy,
    rules: Policy,
) -> MatterProgress | None:
    state = SUSPENDED if matter["recovery"] else matter["state"]
    asks = asks_of(steps)
    situation = policy.situation_of(state, asks)
    if situation is None:
        return None
    said = (returned_result(matter) if "correct" in asks else None) or next(
        (last for last in matter["results"][-1:] if last["outcome"] == matter["state"]), None
    )
    back = asked_back(matter, document)
    way_out = _way_out(matter, audience, rules)
    if WAY_OUT in asks:
        way_out = way_out or policy.way_out_of(matter["matter"])
    return {
        "matter": matter["matter"],
        "instance": matter["instance"],
        "state": matter["state"],
        "situation": situation.situation,
        "department": matter["department"],
        "since": _since(matter, said),
        "due": matter["due"],
        "days_left": None if matter["due"] or not matter["limit"] else matter["limit"]["days_left"],
        "overdue": any(one["overdue"] for one in steps),
        "next_steps": steps,
        "way_out": _said(way_out),
        "notes": _notes(matter, policy),
        "ruled_out": _ruled_out(matter, document) if WAY_OUT in asks else None,
        "waits_for": [
            {"prerequisite": one["prerequisite"], "owed_by": one["owed_by"], "since": one["since"]}
            for one in matter["waiting_for"]
        ],
        "owed_materials": sorted(one["material"] or 0 for one in steps if one["what"] == "bring"),
        "reason": _to_correct(back["to_correct"]) if back else said and _reason(said),
        "amount_fen": said and said["amount_fen"],
        "document_no": said and said["document_no"],
        "answer": said and ("；".join(said["answer"]) or None),
        "handed_over": said and _handed_over(said, document["handovers"]),
    }


def _handed_over(said: ResultEntryDocument, handovers: Iterable[HandoverEntryDocument]) -> HandedOver | None:
    """Return how a result went out last."""
    found = [one for one in handovers if said["record_id"] in one["results"]]
    if not found:
        return None
    last = found[-1]
    return {"delivery": last["delivery"], "at": last["recorded_at"], "postal_no": last["postal_no"]}


def _way_out(matter: MatterDocument, audience: Audience, rules: Policy) -> Text | None:
    """Return what can be done instead; it says why, so it is only for those who may hear a reason.

    That nobody has to apply is so for everybody, and no secret.
    """
    known = rules.by_number.get(matter["matter"])
    for_all = known is not None and matter["way_out"] == known.without_application
    return rules.ways_out.get(matter["way_out"] or "") if for_all or "reason" in audience.may_see else None


def _said(text: Text | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text else None


def _notes(matter: MatterDocument, policy: FamilyPolicy) -> list[dict[str, str]]:
    if matter["state"] in _TELLS_NOTHING:
        return []
    fitting = (one.text for one in policy.notes if matter["matter"] in one.matters)
    return [{"zh": text.zh, "en": text.en} for text in fitting]


def _ruled_out(matter: MatterDocument, document: CaseDocument) -> RuledOut:
    """Return whose word it was; what the family chose itself is nobody's else."""
    proofs = [
        one
        for one in document["records"]
        if one["record_id"] in matter["proofs"] and one["type"] != "application"
    ]
    decided = [one for one in proofs if one["type"] == "decision"]
    named = dict.fromkeys(one["department"] for one in decided or proofs)
    return {"departments": list(named), "decided": bool(decided)}


def _reason(said: ResultEntryDocument) -> str | None:
    """Return what the department says to the family, long numbers masked."""
    return _to_correct(said["to_correct"]) or (said["reason"] and masked_text(said["reason"]))


def _to_correct(said: list[str]) -> str | None:
    return masked_text("；".join(said)) or None


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
    if found["handed_over"] and not (own and "document" in audience.may_see):
        found["handed_over"] = {**found["handed_over"], "postal_no": None}
    if "instance" not in audience.may_see:
        found["instance"] = None


def _name(document: CaseDocument, audience: Audience) -> str | None:
    field = document["form"]["deceased"].get("name")
    written: str | None = field and field["value"]
    if written is None or "name" in audience.may_see:
        return written
    return masked_name(written)


def _brought(told: Iterable[MatterProgress]) -> set[tuple[int, int]]:
    """Return matter and kind of what is asked for now."""
    return {
        (found["matter"], step["material"])
        for found in told
        for step in found["next_steps"]
        if step["what"] == "bring" and step["material"] is not None
    }


def _bring(document: CaseDocument, asked: Collection[tuple[int, int]]) -> list[MaterialRequestDocument]:
    """Return what the case asks for, for the matters that are under way: each kind once."""
    wanted: list[MaterialRequestDocument] = [
        {
            **request,
            "needs": [need for need in request["needs"] if (need["matter"], request["kind"]) in asked],
        }
        for request in document["requests"]
    ]
    return [request for request in wanted if request["needs"]]
