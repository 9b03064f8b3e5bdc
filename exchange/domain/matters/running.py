"""The running count of limits: when the limit of each matter ran, carried on from record to record.

Whether it ran at a moment follows from the records up to that moment. So what has been counted holds as long
as these stay the same, and a record that comes in its time costs one look at the case as it stands, which has
been worked out anyway. Only where something is told of the past is the past worked out again.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from operator import itemgetter

from exchange.domain.matters.views import MatterKey, MattersStanding
from exchange.domain.policy import Policy
from exchange.domain.values import CaseState, Claim, Counted, Ran, Taken

Span = tuple[str, str | None]
"""From one moment to another (ISO instants, UTC); None: it still goes on."""
Spans = Mapping[MatterKey, tuple[Span, ...]]
Then = Callable[[str], MattersStanding]
"""How matters stood by what counted by a moment (ISO instant, UTC)."""
Moments = list[tuple[str, str]]
"""Moments, each with the name of something that was said then."""
KEPT = 2
"""Records of one batch bear one moment: what is counted up to there begins anew with each of them."""


def count_on(state: CaseState, now: MattersStanding, policy: Policy, then: Then) -> tuple[Counted, ...]:
    """Return the count up to the last record, and the one before it; nothing before somebody has applied.

    Args:
        state: The records, and how far they were counted.
        now: How matters stand by all of them.
        policy: What the standing depends on besides.
        then: How matters stood before.
    """
    applied = (counts_from(entry, policy) for _, entry in _entries(state) if _applies(entry))
    first = min(applied, default=None)
    if first is None:
        return ()
    said = _said(state, policy)
    moments = sorted({at for at, _ in said if at >= first})
    counted = _holding(state, said, policy)
    if counted and counted[-1].until == moments[-1]:
        return counted
    done = counted[-1].until if counted else ""
    spans = [spans_of(counted[-1]) if counted else {}]
    left = [at for at in moments if at > done]
    for at in left:
        spans.append(_carried_on(spans[-1], at, now if at == moments[-1] else then(at)))
    made = list(zip(left, spans[1:], strict=True))[-KEPT:]
    new = (Counted(at, _rests_on(state, said, at, policy), _ordered(ran)) for at, ran in made)
    return (*counted, *new)[-KEPT:]


def spans_of(counted: Counted) -> Spans:
    """Return when the limit of each matter ran."""
    return {(one.matter, one.instance): one.spans for one in counted.ran}


def counts_from(one: Taken | Claim, policy: Policy) -> str:
    """Return the moment from which a record counts, or another case's word that rests on one.

    That is when the exchange was told, or, by some policies, when its source recorded it.
    """
    recorded_at = one.made_at if isinstance(one, Claim) else one.record.recorded_at
    return max(recorded_at, one.taken_at) if policy.periods.count_from == "told" else recorded_at


def _applies(entry: Taken) -> bool:
    return entry.record.type == "application"


def _entries(state: CaseState) -> Iterator[tuple[str, Taken]]:
    """Yield all records with the case that lends them, the case's own without one."""
    yield from (("", entry) for entry in state.taken)
    yield from ((loan.lender, entry) for loan in state.borrowed for entry in loan.taken)


def _said(state: CaseState, policy: Policy) -> Moments:
    """Return all that may change whether a limit runs, each by its moment and its name, in order."""
    entries = (
        (counts_from(one, policy), f"{one.record.record_id} {lender}") for lender, one in _entries(state)
    )
    claims = ((counts_from(claim, policy), repr(claim)) for claim in state.claims)
    return sorted((*entries, *claims))


def _holding(state: CaseState, said: Moments, policy: Policy) -> tuple[Counted, ...]:
    """Return the counts that still hold: if the last one does, so does the one before it."""
    for number in range(len(state.counted), 0, -1):
        last = state.counted[number - 1]
        if last.rests_on == _rests_on(state, said, last.until, policy):
            return state.counted[:number]
    return ()


def _rests_on(state: CaseState, said: Moments, until: str, policy: Policy) -> str:
    """Return what names the rules and all that was said up to a moment: no record changes under its id."""
    linked = sorted((loan.lender, loan.linked, loan.id_number) for loan in state.borrowed)
    known = said[: bisect_right(said, until, key=itemgetter(0))]
    text = repr((policy.standing_rules, linked, known))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _carried_on(before: Spans, at: str, standing: MattersStanding) -> Spans:
    counting = standing.counting()
    after = dict(before)
    for key in counting:
        spans = before.get(key, ())
        if not spans or spans[-1][1] is not None:
            after[key] = (*spans, (at, None))
    for key, spans in before.items():
        begun, ended = spans[-1]
        if ended is None and key not in counting:
            after[key] = (*spans[:-1], (begun, at))
    return after


def _ordered(spans: Spans) -> tuple[Ran, ...]:
    ordered = sorted(spans.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    return tuple(Ran(matter, instance, ran) for (matter, instance), ran in ordered)
