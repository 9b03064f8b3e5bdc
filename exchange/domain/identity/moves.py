"""What cases tell each other, and what a case makes of it: claims on records, and loans of them.

Each message is the whole of what its sender now says: the last one counts, a repetition changes nothing.
"""

from dataclasses import replace

from exchange.domain.identity.persons import Persons
from exchange.domain.values import Address, CaseState, Claim, Lent, Loan

Moves = tuple[tuple[Claim, ...], tuple[tuple[Address, Loan], ...]]


def tell_others(state: CaseState, persons: Persons) -> tuple[CaseState, Moves]:
    """Return what other cases must now be told, and the state that remembers it."""
    claims, loans = _news_of_claims(state, persons), _news_of_loans(state, persons)
    if not claims and not loans:
        return state, ((), ())
    lent = tuple(Lent(to, _content(loan)) for to, loan in _sorted(persons))
    return replace(state, claimed=persons.claims, lent=lent), (claims, loans)


def hear_claim(state: CaseState, claim: Claim) -> CaseState:
    """Take another case's word on a record of this one; it replaces the last one from the same record.

    A claim of this case on its own records is passed over: the case knows it already.
    """
    if any(entry.record.record_id == claim.by for entry in state.taken):
        return state
    kept = [one for one in state.claims if _subject(one) != _subject(claim)]
    claims = tuple(sorted((*kept, claim), key=_subject))
    return state if claims == state.claims else replace(state, claims=claims)


def hear_loan(state: CaseState, loan: Loan) -> CaseState:
    """Take what another case lends; it replaces all that this case had on loan from it."""
    kept = [one for one in state.borrowed if one.lender != loan.lender]
    borrowed = tuple(sorted((*kept, *([loan] if loan.taken else [])), key=lambda one: one.lender))
    return state if borrowed == state.borrowed else replace(state, borrowed=borrowed)


def _subject(claim: Claim) -> tuple[str, str]:
    """Return what a later word replaces: what the same decision or the same correction said."""
    return claim.record_id, claim.by


def _news_of_claims(state: CaseState, persons: Persons) -> tuple[Claim, ...]:
    if persons.claims == state.claimed:
        return ()
    subjects = {_subject(claim) for claim in persons.claims}
    given_up = (replace(c, stands=False) for c in state.claimed if c.stands and _subject(c) not in subjects)
    return (*given_up, *(claim for claim in persons.claims if claim not in state.claimed))


def _news_of_loans(state: CaseState, persons: Persons) -> tuple[tuple[Address, Loan], ...]:
    before = {lent.to: lent.content for lent in state.lent}
    changed = [(to, loan) for to, loan in _sorted(persons) if before.get(to) != _content(loan)]
    ended = [(to, Loan(state.case_id, ())) for to in before if to not in persons.loans]
    return (*ended, *changed)


def _sorted(persons: Persons) -> list[tuple[Address, Loan]]:
    return sorted(persons.loans.items(), key=lambda pair: pair[0].case_id)


def _content(loan: Loan) -> tuple[str, ...]:
    """Return what tells one loan from another: a record never changes under its id."""
    return (*(entry.record.record_id for entry in loan.taken), "", *loan.linked)
