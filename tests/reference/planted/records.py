"""Bugs in what becomes of a record: sent again, corrected, revoked, or history."""

from dataclasses import replace
from typing import Any

from exchange.domain.fold import Folded, fold
from exchange.domain.matters.certificates import Materials, with_standings
from exchange.domain.records.document_versions import Versions, documents_of
from exchange.domain.values import CaseState
from tests.reference.histories import CERTIFICATE, OTHER_DAY, PENSION
from tests.reference.planted.bug import begin, planted, step
from verification.acceptance import Accepted

DIES_ANOTHER_DAY = {"death_time": OTHER_DAY}


@planted(
    "revisions are ordered by arrival",
    rule="order is by revision, never by arrival",
    instead_of=documents_of,
    history=(
        begin(CERTIFICATE),
        step("amend", which=0, how=DIES_ANOTHER_DAY, late=True),
        step("amend", which=1, how={}),
        step("deliver", which=0),
    ),
)
def by_arrival(taken: Any) -> list[Versions]:
    return [
        sorted(versions, key=lambda entry: (entry.taken_at, entry.position.offset))
        for versions in documents_of(taken)
    ]


@planted(
    "revisions are ordered by what the source stated alone",
    rule="a correction comes after what it corrects",
    instead_of=documents_of,
    history=(
        begin(CERTIFICATE),
        step("amend", which=0, how=DIES_ANOTHER_DAY),
        step("revoke", which=1, stated=False),
    ),
)
def by_statement(taken: Any) -> list[Versions]:
    return [sorted(versions, key=lambda entry: entry.record.revision) for versions in documents_of(taken)]


@planted(
    "corrections are documents of their own",
    rule="an amended record replaces the one before",
    instead_of=documents_of,
    history=(begin(CERTIFICATE), step("amend", which=0, how=DIES_ANOTHER_DAY)),
)
def all_separate(taken: Any) -> list[Versions]:
    return [[entry] for entry in taken]


@planted(
    "a revocation before its original is thrown away",
    rule="it is kept as a tombstone",
    instead_of=fold,
    history=(
        begin(PENSION),
        step("publish", made=CERTIFICATE, late=True),
        step("revoke", which=1),
        step("deliver", which=0),
    ),
)
def without_tombstones(state: CaseState, accepted: Accepted, *rest: Any) -> Folded:
    known = {entry.record.record_id for entry in state.taken}
    if accepted.record.action == "REVOKED" and accepted.record.supersedes not in known:
        return Folded(state, "ACCEPTED")
    return fold(state, accepted, *rest)


@planted(
    "a revocation has no effect",
    rule="what is revoked counts no longer",
    instead_of=fold,
    history=(begin(CERTIFICATE), step("revoke", which=0)),
)
def without_revocations(state: CaseState, accepted: Accepted, *rest: Any) -> Folded:
    return Folded(state, "ACCEPTED") if accepted.record.action == "REVOKED" else fold(state, accepted, *rest)


@planted(
    "a record sent again is accepted as new",
    rule="the same id and content again has no second effect",
    instead_of=fold,
    history=(begin(CERTIFICATE), step("duplicate", which=0)),
)
def duplicates_accepted(state: CaseState, accepted: Accepted, *rest: Any) -> Folded:
    found = fold(state, accepted, *rest)
    return replace(found, status="ACCEPTED") if found.status == "DUPLICATE" else found


@planted(
    "an id used again is taken for a repetition",
    rule="the same id with other content is refused",
    instead_of=fold,
    history=(begin(CERTIFICATE), step("use_id_again", which=0)),
)
def used_ids_accepted(state: CaseState, accepted: Accepted, *rest: Any) -> Folded:
    found = fold(state, accepted, *rest)
    return replace(found, status="DUPLICATE", reasons=()) if found.status == "REJECTED" else found


@planted(
    "history is announced",
    rule="backfill builds the case and triggers nothing",
    instead_of=fold,
    history=(step("publish", made=CERTIFICATE, history=True),),
)
def history_is_news(state: CaseState, accepted: Accepted, *rest: Any) -> Folded:
    return fold(state, replace(accepted, record=replace(accepted.record, backfill=False)), *rest)


@planted(
    "a certificate that was revoked is called missing",
    rule="a certificate in conflict, held or revoked is called so, never missing",
    instead_of=with_standings,
    history=(begin(CERTIFICATE), step("revoke", which=0)),
)
def called_missing(materials: Materials, *_: Any) -> Materials:
    return materials
