"""What a case says to others: which records it claims, and what it lends them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal

from exchange.domain.identity.links import Decisions, Destination, is_link, latest_in_force
from exchange.domain.records.document_versions import Versions, revision_of
from exchange.domain.values import Address, CaseState, Claim, Loan, Taken, recording


def claims_of(
    state: CaseState,
    own: Mapping[str, Taken],
    documents: list[Versions],
    gone: list[Versions],
    decisions: Decisions,
) -> tuple[Claim, ...]:
    """Return what the case says of records that were filed elsewhere.

    Corrections that went to another case are included, as claims that no longer stand.
    """
    here = Address(state.case_id, state.partition)
    claims = [
        _correction(entry, here, stands)
        for stands, group in ((True, documents), (False, gone))
        for versions in group
        for entry in versions
        if entry.record.supersedes and entry.record.supersedes not in own
    ]
    for record_id, about in decisions.items():
        decided = latest_in_force(about) if record_id and record_id not in own else None
        if decided:
            claims.append(_decision(record_id, decided, here))
    return tuple(sorted(claims, key=lambda claim: (claim.record_id, claim.cause, claim.by)))


def _correction(entry: Taken, here: Address, stands: bool) -> Claim:
    record = entry.record
    superseded = record.supersedes or ""
    return Claim(
        superseded,
        here,
        "superseded",
        record.record_id,
        record.recorded_at,
        stands,
        record.type,
        record.department,
        revision_of(record),
        entry.taken_at,
    )


def _decision(record_id: str, decided: Taken, here: Address) -> Claim:
    by = decided.record
    cause: Literal["linked", "unlinked"] = "linked" if is_link(decided) else "unlinked"
    to, at = decided.links_to or here, decided.taken_at
    return Claim(record_id, to, cause, by.record_id, by.recorded_at, stands=True, taken_at=at)


def loans_of(
    case_id: str, own: Mapping[str, Taken], gone: list[tuple[Versions, Destination]]
) -> dict[Address, Loan]:
    """Return what the case lends, by borrower; it does not pass on what it has on loan itself."""
    given: dict[Address, list[tuple[Taken, Destination]]] = defaultdict(list)
    for versions, place in gone:
        if place.to is not None:
            given[place.to] += [(entry, place) for entry in versions if entry.record.record_id in own]
    return {to: _loan(case_id, entries) for to, entries in given.items()}


def _loan(case_id: str, given: list[tuple[Taken, Destination]]) -> Loan:
    taken = sorted((entry for entry, _ in given), key=lambda entry: recording(entry.record))
    linked = sorted(entry.record.record_id for entry, place in given if place.linked)
    numbers = {place.id_number for _, place in given if place.id_number}
    return Loan(case_id, tuple(taken), tuple(linked), min(numbers, default=None))
