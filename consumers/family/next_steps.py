"""What a matter still lacks and who acts next, whatever its state: pure, from the case, the policy and a day.

The family's page, the handler's view and the hotline's all tell it from here, so that none of them says that
nothing is to be done where the family has to act.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypedDict

from avro_schemas.typed_documents import (
    CaseDocument,
    ExaminationEntryDocument,
    MaterialStateDocument,
    MatterDocument,
    RecordEntryDocument,
    ResultEntryDocument,
    WaitingForDocument,
)
from exchange.domain.matters.views import OWED
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import Material

FAMILY: Final = "family"
ProofStanding = Literal["NOT_RECEIVED", "HELD", "IN_CONFLICT", "REVOKED"]
"""How a record that is waited for stands: only the first of them has not come."""
_DOUBTFUL: Final = frozenset({"HELD", "IN_CONFLICT"})
_UNDER_WAY: Final = frozenset({"READY", "APPLIED", "ACCEPTED"})


class NextStep(TypedDict):
    """What has to be done before the matter moves on.

    `acts` is `family` alone, or codes of departments any of which may act. `what` is one of `Ask` where the
    family acts, else `send`, `check`, `identify` (a bank), `rule`, `decide` or `recover`. `prerequisite` is
    what is waited for, `standing` how that stands, or the certificate of a material, `material` the kind that
    is owed, `until` the last day of a limit and `overdue` whether that has passed.
    """

    acts: list[str]
    what: str
    prerequisite: str | None
    standing: ProofStanding | None
    material: int | None
    original: bool
    since: datetime | None
    until: date | None
    overdue: bool


@dataclass(frozen=True)
class _SeenCase:
    document: CaseDocument
    policy: Policy
    day: date
    chosen: frozenset[int]
    death: ProofStanding | None
    """As `standing_of_death` says."""


def next_steps(document: CaseDocument, policy: Policy, day: date) -> list[list[NextStep]]:
    """Return the next steps of every matter of the case, in the order of its matters.

    Args:
        document: The case, as ``exchange.events.Case``.
        policy: What matters need, and who owes it.
        day: Today in Asia/Shanghai, or the day as of which the case is seen.
    """
    chosen = frozenset(number for one in document["applications"] for number in one["matters"])
    case = _SeenCase(document, policy, day, chosen, standing_of_death(document, policy))
    return [list(_steps(matter, case)) for matter in document["matters"]]


def asks_of(steps: list[NextStep]) -> frozenset[str]:
    """Return what the family alone can do."""
    return frozenset(one["what"] for one in steps if FAMILY in one["acts"])


def standing_of_death(document: CaseDocument, policy: Policy) -> ProofStanding | None:
    """Return how the proofs of the death stand; None where it is established."""
    if document["death_established"]:
        return None
    return _standing_of_records(policy.death.established_by, document)


def in_doubt(death: ProofStanding | None) -> bool:
    """Say whether proofs of the death have come and none counts, by how they stand."""
    return death not in {None, "NOT_RECEIVED"}


def makes_the_proof(matter: int, policy: Policy) -> bool:
    """Say whether what ends the matter is a proof of the death."""
    known = policy.by_number.get(matter)
    return known is not None and not set(policy.death.established_by).isdisjoint(known.done_by.record)


def waits_for_the_proof(step: NextStep, policy: Policy) -> bool:
    """Say whether what is waited for is that the death is proved, in any of the ways."""
    known = policy.prerequisites.get(step["prerequisite"] or "")
    return known is not None and set(policy.death.established_by) == set(known.any_record)


def returned_result(matter: MatterDocument) -> ResultEntryDocument | None:
    """Return the result that asks the family to put something right, while nobody has."""
    named = matter["limit"] and matter["limit"]["returned"]
    return next((one for one in matter["results"] if one["record_id"] == named), None)


def asked_back(matter: MatterDocument, document: CaseDocument) -> ExaminationEntryDocument | None:
    """Return the examination that asks the family to put something right, while nobody has."""
    named = matter["limit"] and matter["limit"]["asked_back"]
    return next((one for one in document["examinations"] if one["record_id"] == named), None)


def _steps(matter: MatterDocument, case: _SeenCase) -> Iterator[NextStep]:
    if matter["recovery"]:
        yield _step([matter["department"]], "recover")
    elif matter["state"] == "NOT_APPLICABLE" and _applied_for(matter, case):
        yield _step([FAMILY], "way_out")
    elif matter["state"] == "NOT_APPLICABLE" and _has_another_way(matter, case):
        yield _step([FAMILY], "other_way")
    elif matter["state"] == "REJECTED":
        yield _step([FAMILY], "apply_again")
    elif matter["state"] in {"WAITING", "SUSPENDED"}:
        waits = list(_waits(matter, case))
        if not in_doubt(case.death):
            yield from _asked_of_family(matter, case, waits)
        yield from waits
    elif matter["state"] in _UNDER_WAY:
        yield from _asked_of_family(matter, case, [])
        yield from _waits(matter, case)
        if matter["instance"] and _is_strange_bank(matter["matter"], matter["instance"], case.policy):
            yield _step([case.policy.window], "identify")
        yield from _decision(matter, case)


def _has_another_way(matter: MatterDocument, case: _SeenCase) -> bool:
    """Say whether a family that has not applied is told the way out.

    It knows what it has chosen itself; of what is in a bank only those hear who asked for it.
    """
    return bool(matter["way_out"]) and matter["instance"] is None and _choice(matter, case) is None


def _applied_for(matter: MatterDocument, case: _SeenCase) -> bool:
    """Say whether somebody applied for it; where it exists once for each bank, with this one."""
    return bool(matter["applications"]) if matter["instance"] else matter["matter"] in case.chosen


def _decision(matter: MatterDocument, case: _SeenCase) -> Iterator[NextStep]:
    """Yield that the department decides, unless it waits for the family and its days have not run out."""
    due = matter["due"]
    late = due is not None and due < case.day
    owed = any(one["state"] in OWED for one in _required(matter))
    owing = owed or _is_to_correct(matter) or bool(matter["waiting_for"])
    begun = matter["state"] != "READY" and (late or not owing)
    if begun or _goes_on_unasked(matter, case):
        yield _step([matter["department"]], "decide", until=due, overdue=late)


def _is_to_correct(matter: MatterDocument) -> bool:
    """Say whether a department or the window asks the family to put something right."""
    limit = matter["limit"]
    return limit is not None and (returned_result(matter) is not None or limit["asked_back"] is not None)


def _waits(matter: MatterDocument, case: _SeenCase) -> Iterator[NextStep]:
    """Yield what others than the family owe; where a paper will do, the family is asked for that instead."""
    for wait in matter["waiting_for"]:
        if wait["prerequisite"] == _choice(matter, case):
            continue
        wanted = case.policy.prerequisites.get(wait["prerequisite"])
        if wanted is None:  # a handler's word
            yield _waited_for(wait, wait["owed_by"], "rule", None)
            continue
        standing = _standing_of_records(wanted.any_record, case.document)
        if standing in _DOUBTFUL:
            yield _waited_for(wait, [case.policy.window], "check", standing)
        elif not wanted.or_material and not _asked_for_first(matter, case):
            yield _waited_for(wait, wait["owed_by"], "send", standing)


def _asked_for_first(matter: MatterDocument, case: _SeenCase) -> bool:
    """Say whether nobody can send what is waited for before the family has applied: the proof itself."""
    return (
        makes_the_proof(matter["matter"], case.policy)
        and matter["matter"] not in case.chosen
        and case.death == "NOT_RECEIVED"
    )


def _asked_of_family(matter: MatterDocument, case: _SeenCase, waits: list[NextStep]) -> Iterator[NextStep]:
    """Yield what the family alone can do; before it has chosen, nothing else is asked of it."""
    if any(wait["prerequisite"] == _choice(matter, case) for wait in matter["waiting_for"]):
        yield _step([FAMILY], "choose")
        return
    lacks_a_name = _lacks_a_name(matter, case)
    if lacks_a_name:
        yield _step([FAMILY], "name_bank")
    if _applied_for(matter, case):
        yield from _owed(matter, "bring_along" if lacks_a_name else "bring", waits, case)
        if _is_to_correct(matter):
            yield _step([FAMILY], "correct")
    elif matter["state"] != "SUSPENDED" and not _goes_on_unasked(matter, case):
        yield _step([FAMILY], "apply_early" if waits else "apply")
        yield from _owed(matter, "bring_along", waits, case)


def _owed(matter: MatterDocument, what: str, waits: list[NextStep], case: _SeenCase) -> Iterator[NextStep]:
    """Yield the materials that are owed, but what the data that is awaited may prove.

    What every application supplies is not asked for before it.
    """
    awaited = _awaited_types(matter, waits, case)
    for one in _required(matter):
        known = case.policy.materials.get(one["kind"])
        supplied = what == "bring_along" and known is not None and known.supplied_by_application
        if what == "bring_along" and _is_still_to_be_issued(one["kind"], case):
            continue
        original = one["state"] == "original_to_sight"
        spared = supplied or (known is not None and _may_be_proved(known, awaited, case.policy))
        if original or (one["state"] in OWED and not spared):
            stands = one.get("standing")  # not in cases of earlier versions
            yield _step([FAMILY], what, material=one["kind"], original=original, standing=stands)


def _is_still_to_be_issued(kind: int, case: _SeenCase) -> bool:
    """Say whether it is the proof of the death, and none has come: nobody can bring it along yet."""
    proofs = set(case.policy.certificates.get(kind, ()))
    return case.death == "NOT_RECEIVED" and not proofs.isdisjoint(case.policy.death.established_by)


def _required(matter: MatterDocument) -> list[MaterialStateDocument]:
    """Return the materials whose lack stops the matter: all, in cases of earlier versions."""
    return [one for one in matter["materials"] if one.get("required", True)]


def _awaited_types(matter: MatterDocument, waits: list[NextStep], case: _SeenCase) -> frozenset[str]:
    """Return the types of record that others still send; to make the proof itself, papers are needed."""
    if makes_the_proof(matter["matter"], case.policy):
        return frozenset()
    named = [one["prerequisite"] for one in waits if one["what"] == "send"]
    return frozenset(kind for name in named if name for kind in case.policy.prerequisites[name].any_record)


def _may_be_proved(material: Material, awaited: frozenset[str], policy: Policy) -> bool:
    rule = material.verified_by
    if rule is None or not awaited:
        return False
    proving = policy.prerequisites[rule.prerequisite].any_record if rule.prerequisite else (rule.record,)
    return rule.any_record or bool(awaited.intersection(proving))


def _choice(matter: MatterDocument, case: _SeenCase) -> str | None:
    """Return the name of what the matter waits for while the family has not chosen."""
    known = case.policy.by_number.get(matter["matter"])
    return known.family_chooses.waits_for if known and known.family_chooses else None


def _is_of_banks(matter: int, policy: Policy) -> bool:
    known = policy.by_number.get(matter)
    return known is not None and known.instance is not None and known.instance.of_banks


def _is_strange_bank(matter: int, instance: str, policy: Policy) -> bool:
    """Say whether it is a bank that the policy does not have; a policy without banks asks about none."""
    banks = policy.banks
    return bool(banks.known) and _is_of_banks(matter, policy) and banks.instance_of(instance) is None


def _lacks_a_name(matter: MatterDocument, case: _SeenCase) -> bool:
    """Say whether the matter exists once for each bank, and none is known."""
    return matter["instance"] is None and _is_of_banks(matter["matter"], case.policy)


def _goes_on_unasked(matter: MatterDocument, case: _SeenCase) -> bool:
    """Say whether the department acts by itself, and nobody has to apply."""
    known = case.policy.by_number.get(matter["matter"])
    return bool(known and known.without_application) and not _applied_for(matter, case)


def _standing_of_records(types: tuple[str, ...], document: CaseDocument) -> ProofStanding:
    entries = [one for one in document["records"] if one["type"] in types and one["moved_to"] is None]
    if any(one["held"] for one in entries):
        return "HELD"
    clashing = {
        value["record_id"]
        for conflict in document["conflicts"]
        if conflict["decisive"]
        for value in conflict["values"]
    }
    if any(one["record_id"] in clashing for one in entries):
        return "IN_CONFLICT"
    return "REVOKED" if any(map(_is_revocation, entries)) else "NOT_RECEIVED"


def _is_revocation(entry: RecordEntryDocument) -> bool:
    return entry["action"] == "REVOKED"


def _waited_for(
    wait: WaitingForDocument, departments: list[str], what: str, standing: ProofStanding | None
) -> NextStep:
    return _step(departments, what, prerequisite=wait["prerequisite"], standing=standing, since=wait["since"])


def _step(  # noqa: PLR0913 - one argument for each field of a step
    acts: list[str],
    what: str,
    *,
    prerequisite: str | None = None,
    standing: ProofStanding | None = None,
    material: int | None = None,
    original: bool = False,
    since: datetime | None = None,
    until: date | None = None,
    overdue: bool = False,
) -> NextStep:
    return {
        "acts": acts,
        "what": what,
        "prerequisite": prerequisite,
        "standing": standing,
        "material": material,
        "original": original,
        "since": since,
        "until": until,
        "overdue": overdue,
    }
