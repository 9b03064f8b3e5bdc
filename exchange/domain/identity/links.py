"""Where a document belongs: to the person under whose number it was filed, to another, or to nobody yet.

A handler links and unlinks; a source corrects a number by filing the correction under the right one. If
there are several words on one document, the latest decision counts; any decision outweighs a correction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from avro_schemas.catalogue import SHIPPED, record_types
from exchange.domain.records.document_versions import Versions, is_revoked, revision_of
from exchange.domain.values import Address, CaseState, Claim, Standing, Taken, recording
from verification.shapes import shape_of

LINK_KINDS = ("PERSON_LINKED", "PERSON_UNLINKED")
WHOLE_PERSON = ""
Decisions = Mapping[str, list[Versions]]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a document belongs: here, elsewhere (``to``) or nowhere (``aside``).

    ``named`` says that the name in it is this person's; the certificate of an unknown body does not bear it.
    ``whole``: it goes along with all that was filed here, not because of a word on itself. ``torn``: rival
    corrections of one moment give it several numbers, so it goes nowhere and counts for nobody.
    """

    to: Address | None = None
    linked: bool = False
    named: bool = False
    aside: bool = False
    whole: bool = False
    torn: bool = False
    id_number: str | None = field(default=None, repr=False)


HERE = Destination()


def names_person(record_type: str) -> bool:
    """Say whether such a record speaks of who the person is; a decision or an acknowledgement does not.

    That of a city's own type always does.
    """
    return record_type not in _nameless()


@cache
def _nameless() -> frozenset[str]:
    return frozenset(name for name in record_types() if not shape_of(name, SHIPPED).names_person)


def link_decisions(all_documents: Iterable[Versions]) -> dict[str, list[Versions]]:
    """Group the documents of decisions on persons by the record that they are about."""
    found: dict[str, list[Versions]] = defaultdict(list)
    for versions in all_documents:
        facts = versions[-1].record.facts
        if versions[-1].record.type == "decision" and facts["kind"] in LINK_KINDS:
            found[facts.get("in_favour_of") or WHOLE_PERSON].append(versions)
    return found


def latest_in_force(decisions: Iterable[Versions]) -> Taken | None:
    """Return the last word among the documents that were not revoked; None if all were."""
    live = (versions[-1] for versions in decisions if not is_revoked(versions))
    return max(live, key=lambda entry: recording(entry.record), default=None)


def place_of(
    versions: Versions, own: Mapping[str, Taken], decisions: Decisions, state: CaseState
) -> Destination:
    """Say where a document belongs: by the latest decision on it or on the whole person, or by a correction.

    A decision on a record that the document corrects is one on the document, even if that record has not come
    or is not here.
    """
    ids = [entry.record.record_id for entry in versions]
    names = {*ids, *(entry.record.supersedes for entry in versions if entry.record.supersedes)}
    decided = latest_in_force(one for name in sorted(names) for one in decisions.get(name, ()))
    filed_here = any(record_id in own for record_id in ids)
    claims = [claim for claim in state.claims if filed_here and claim.stands and claim.record_id in ids]
    linked = max(
        (claim for claim in claims if claim.cause == "linked" and not _is_refused(claim, claims)),
        key=lambda claim: (claim.made_at, claim.by),
        default=None,
    )
    if linked and not _overtakes(decided, linked, state.case_id):
        elsewhere = linked.claimant if linked.claimant.case_id != state.case_id else None
        return Destination(to=elsewhere, linked=True, named=elsewhere is None)
    if decided and is_link(decided):
        if not any(_gives_back(claim, decided) for claim in claims):
            return _linked(decided, filed_here)
    elif decided and decided.links_to is None:
        # The record's own case knows of the unlink: if it still lends the record, a handler said so later.
        lent = HERE if filed_here else _borrowed(ids, state)
        return lent if lent.linked else Destination(aside=True)
    elif filed_here and names_person(versions[-1].record.type):
        whole = latest_in_force(decisions.get(WHOLE_PERSON, ())) if decided is None else None
        refused = {claim.claimant for claim in claims if claim.cause == "unlinked"}
        if whole and is_link(whole) and whole.links_to and whole.links_to not in refused:
            return replace(_linked(whole, filed_here), whole=True)
    corrected = _corrected(versions, own, claims)
    if corrected and decided and not is_link(decided) and decided.links_to == corrected.to:
        return HERE
    return corrected or _borrowed(ids, state)


def _overtakes(decided: Taken | None, claim: Claim, here: str) -> bool:
    """Say whether a decision filed here is a later word on the claim; an unlink only for the case named."""
    if decided is None or recording(decided.record) < (claim.made_at, claim.by):
        return False
    named = decided.links_to.case_id if decided.links_to else here
    return is_link(decided) or named == claim.claimant.case_id


def _is_refused(link: Claim, claims: list[Claim]) -> bool:
    """Say whether the case to which a record was linked has said later that it is not its own."""
    refusals = (one for one in claims if one.cause == "unlinked" and one.claimant == link.claimant)
    return any((link.made_at, link.by) < (one.made_at, one.by) for one in refusals)


def _gives_back(claim: Claim, decided: Taken) -> bool:
    """Say the same of a link that was decided here."""
    later = recording(decided.record) < (claim.made_at, claim.by)
    return claim.cause == "unlinked" and decided.links_to == claim.claimant and later


def is_link(decision: Taken) -> bool:
    """Say whether a decision on persons links; else it unlinks."""
    return bool(decision.record.facts["kind"] == "PERSON_LINKED")


def _linked(decision: Taken, filed_here: bool) -> Destination:
    if decision.links_to is None:
        return Destination(linked=True, named=filed_here)
    number = decision.record.facts["linked_id_number"]
    return Destination(to=decision.links_to, linked=True, id_number=number) if filed_here else HERE


def _corrected(versions: Versions, own: Mapping[str, Taken], claims: list[Claim]) -> Destination | None:
    """Return where a correction under another number takes the document; only its own department can do that.

    It must be a later revision than all that is filed here: otherwise two that correct each other would pass
    the document to and fro for ever. A rival word of the same revision and moment leaves the document torn.
    """
    record = versions[-1].record
    latest = max(
        ((revision_of(e.record), e.record.recorded_at) for e in versions if e.record.record_id in own),
        default=(0, ""),
    )
    fitting = [
        claim
        for claim in claims
        if claim.cause == "superseded"
        and (claim.record_type, claim.department) == (record.type, record.department)
        and (claim.revision, claim.made_at) >= latest
    ]
    last = max(((claim.revision, claim.made_at) for claim in fitting), default=None)
    if last is None:
        return None
    numbers = {claim.claimant for claim in fitting if (claim.revision, claim.made_at) == last}
    if last == latest:
        return None if is_revoked(versions) else Destination(torn=True)
    return Destination(to=numbers.pop()) if len(numbers) == 1 else Destination(torn=True)


def _borrowed(ids: list[str], state: CaseState) -> Destination:
    linked = any(record_id in loan.linked for loan in state.borrowed for record_id in ids)
    return Destination(linked=True) if linked else HERE


def link_standings(decisions: Decisions) -> dict[str, Standing]:
    """Say for each decision on persons whether it still counts."""
    standings: dict[str, Standing] = {}
    for about in decisions.values():
        latest = latest_in_force(about)
        for versions in about:
            if not is_revoked(versions):
                standings[versions[-1].record.record_id] = (
                    "IN_FORCE" if versions[-1] is latest else "OVERTAKEN"
                )
    return standings
