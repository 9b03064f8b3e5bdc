"""Bugs as one might well write them, each put into the engine for one run of the machine, to see it found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from consumers import case_past
from consumers.case_messages import CaseMessages
from exchange.domain import (
    announcements,
    applications,
    case,
    chains,
    claims,
    conflicts,
    corrections,
    decisions,
    facts,
    fold,
    links,
    materials,
    matters,
    moves,
    persons,
    tasks,
)
from exchange.domain.case import Case
from exchange.domain.chains import Chain
from exchange.domain.values import CaseState, Claim, Taken, Told, recording
from exchange.runtime.join import step
from topics.catalogue import MOVES
from verification.records import Record

Put = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Bug:
    """One planted bug.

    Attributes:
        name: what the engine does wrong, as a sentence.
        rule: the rule that it breaks, in the words of the specification.
        put: puts it into the engine.
    """

    name: str
    rule: str
    put: Put


def _instead(where: Sequence[Any], name: str, other: Any) -> Put:
    """Put another function in the place of one, wherever it was imported."""

    def put(patch: pytest.MonkeyPatch) -> None:
        for module in where:
            patch.setattr(module, name, other)

    return put


_chains_of, _is_revoked, _latest_in_force = chains.chains_of, chains.is_revoked, links.latest_in_force
_fold, _consequences, _held = fold.fold, fold.consequences, persons._held
_announce, _news, _withdrawal = announcements.announce, announcements._news, announcements._withdrawal
_corrected, _place_of, _claims_of = links._corrected, links.place_of, claims.claims_of
_hear_loan = moves.hear_loan
_judged, _one_per_fact, _lost = conflicts._judged, facts._one_per_fact, facts._lost
_owe, _without_the_lost = tasks.owe, case._without_the_lost
_hear_claim, _takes_the_place = moves.hear_claim, corrections._takes_the_place
_known, _messages_of = case_past.Folded.known, CaseMessages.of


def _ordered_by_arrival(taken: Any) -> list[Chain]:
    return [
        sorted(chain, key=lambda entry: (entry.taken_at, entry.position.offset))
        for chain in _chains_of(taken)
    ]


def _ordered_by_statement(taken: Any) -> list[Chain]:
    return [sorted(chain, key=lambda entry: entry.record.revision) for chain in _chains_of(taken)]


def _without_tombstones(taken: Any) -> list[Chain]:
    entries = list(taken)
    kept = [
        e for at, e in enumerate(entries) if e.record.action != "REVOKED" or _came_before(e, entries[:at])
    ]
    return _chains_of(kept)


def _came_before(revocation: Taken, earlier: Sequence[Taken]) -> bool:
    return any(one.record.record_id == revocation.record.supersedes for one in earlier)


def _all_separate(taken: Any) -> list[Chain]:
    return [[entry] for entry in taken]


def _never(*_: Any, **__: Any) -> Any:
    return False


def _nothing(*_: Any, **__: Any) -> Any:
    return ()


def _fold_duplicates_twice(state: CaseState, accepted: Any, position: Any, *rest: Any) -> Any:
    """A record sent again is taken as another one."""
    found = _fold(state, accepted, position, *rest)
    return replace(found, status="ACCEPTED") if found.status == "DUPLICATE" else found


def _fold_reused_ids(state: CaseState, accepted: Any, position: Any, *rest: Any) -> Any:
    found = _fold(state, accepted, position, *rest)
    return replace(found, status="DUPLICATE", reasons=()) if found.status == "REJECTED" else found


def _held_second(documents: list[Chain], placed: Any) -> dict[str, tuple[str, ...]]:
    """The name that came first is right."""
    held = _held(documents, placed)
    latest = [c[-1] for c in documents if c[-1].record.record_id in held]
    first = min(latest, key=lambda e: (e.taken_at, e.position.offset), default=None)
    return {
        k: v
        for k, v in held.items()
        if v != ("name_differs",) or first is None or k != first.record.record_id
    }


def _withdraw_from_one(state: CaseState, made: Case, policy: Any, at: str) -> Any:
    """Only the first department of several hears that something was taken back."""
    after, told = _announce(state, made, policy, at)
    back = [one for one in told if one.transition == "SUSPENDED"]
    return after, tuple(one for one in told if one not in back[1:])


def _old_id_again(state: CaseState, view: Any, told: Any, at: str) -> Any:
    """What is restored is announced under the id that it had before it was withdrawn."""
    found = _news(state, view, told, at)
    return replace(found, announcement_id=found.base) if found else None


def _once_for_all(state: CaseState, view: Any, told: Any, at: str) -> Any:
    """What was announced once is never announced again, although it was withdrawn."""
    found = _news(state, view, told, at)
    return None if found and found.base in state.used else found


def _last_one_wins(rule: Any, records: Any, rulings: Any, known: Any) -> Any:
    """Of values that disagree the last is taken for right."""
    return replace(_judged(rule, records, rulings, known), clashing=())


def _decisions_kept(rule: Any, records: Any, rulings: Any, known: Any) -> Any:
    """A decision on a conflict stands, whatever comes afterwards."""
    found = _judged(rule, records, rulings, known)
    return replace(
        found, standings={k: "IN_FORCE" if v == "REOPENED" else v for k, v in found.standings.items()}
    )


def _first_decision(about: Any) -> Any:
    """Of two decisions on persons the first counts."""
    live = (chain[-1] for chain in about if not _is_revoked(chain))
    return min(live, key=lambda entry: recording(entry.record), default=None)


def _loans_kept(state: CaseState, loan: Any) -> CaseState:
    """What was lent once is never given back."""
    return _hear_loan(state, loan) if loan.taken else state


def _forward_never(self: Any) -> None:
    return None


def _states_of_any_time(live: Any, in_force: Any, death: Any, rules: Any, since: Any) -> Any:
    """Whether a matter applies is judged as things are now, not as at the death."""
    return in_force


def _tasks_never_done(state: CaseState, made: Case, policy: Any, at: str) -> Any:
    """What was owed once is owed for ever."""
    after, changed, reminders = _owe(state, made, policy, at)
    return after, tuple(one for one in changed if one.state != "DONE"), reminders


def _undone_silently(view: Any, before: Any, agreed: Any, known: Any) -> Any:
    """A completed matter whose proof is revoked is undone, and nobody has to recover anything."""
    found = _without_the_lost(view, before, agreed, known)
    return replace(found, recovery=False) if found.recovery else found


def _history_is_news(view: Any) -> bool:
    return view.state in matters.ANNOUNCED


def _corrections_of_nobody(chain: Chain, own: Any, words: Any) -> Any:
    return None


def _of_two_banks_one(record: Record, matter: Any, group: Any) -> bool:
    """What is decided about one bank is taken for all banks."""
    if record.type == "decision":
        return bool(record.facts.get("matter") == matter.matter)
    return _is_about(record, matter, group)


_is_about = decisions.is_about


def _claims_for_ever(state: CaseState, claim: Claim) -> CaseState:
    """What another case has claimed once it claims for ever."""
    return _hear_claim(state, claim) if claim.stands else state


def _one_word_for_one_person(claim: Claim) -> tuple[str, str]:
    """Of all that say that a record is one person's the last word counts, whoever's it is."""
    return claim.record_id, f"{claim.claimant.case_id} {claim.cause}"


def _signed_by_anybody(state: CaseState, made: Case) -> tuple[Told, ...]:
    """Whoever signs, nobody owes an acknowledgement any more."""
    signed = {one.facts["announcement_id"] for one in made.facts.live.get("acknowledgement", ())}
    return tuple(one for one in state.withdrawn if one.announcement_id not in signed)


def _recoveries_unsigned(state: CaseState, made: Case, policy: Any, at: str) -> Any:
    """Nobody has to sign for a recovery."""
    after, told = _announce(state, made, policy, at)
    return replace(
        after, withdrawn=tuple(one for one in after.withdrawn if one.transition != "RECOVERY")
    ), told


def _corrected_however_late(chain: Chain, former: Chain, window: timedelta) -> bool:
    """Whatever is issued after a revocation corrects it."""
    return _takes_the_place(chain, former, timedelta.max)


def _known_now(self: Any, moment: Any = None) -> Any:
    """What is known now is taken for what was known then."""
    return _known(self)


def _known_before(self: Any, moment: datetime | None = None) -> Any:
    """What came at the very moment was not known at it."""
    return _known(self, moment - timedelta(milliseconds=1) if moment else None)


def _filed_alone(self: Any, *asked: Any) -> Any:
    """A look back sees what was filed under the number, and nothing that came from elsewhere."""
    return [message for message in _messages_of(self, *asked) if message.topic() != MOVES]


BUGS: tuple[Bug, ...] = (
    Bug(
        "revisions are ordered by arrival",
        "order is by revision, never by arrival",
        _instead((chains, persons), "chains_of", _ordered_by_arrival),
    ),
    Bug(
        "revisions are ordered by what the source stated alone",
        "a correction comes after what it corrects",
        _instead((chains, persons), "chains_of", _ordered_by_statement),
    ),
    Bug(
        "a revocation before its original is thrown away",
        "it is kept as a tombstone",
        _instead((chains, persons), "chains_of", _without_tombstones),
    ),
    Bug(
        "corrections are documents of their own",
        "an amended record replaces the one before",
        _instead((chains, persons), "chains_of", _all_separate),
    ),
    Bug(
        "a revocation has no effect",
        "what is revoked counts no longer",
        _instead((chains, persons, facts), "is_revoked", _never),
    ),
    Bug(
        "a record sent again is accepted as new",
        "the same id and content again has no second effect",
        _instead((step,), "fold", _fold_duplicates_twice),
    ),
    Bug(
        "an id used again is taken for a repetition",
        "the same id with other content is refused",
        _instead((step,), "fold", _fold_reused_ids),
    ),
    Bug(
        "the name that came first is right",
        "all that disagree are held, whichever came first",
        _instead((persons,), "_held", _held_second),
    ),
    Bug(
        "held records count",
        "what is held counts for nothing until a handler decides",
        _instead((persons,), "_held", lambda *_: {}),
    ),
    Bug(
        "one department of several hears of a withdrawal",
        "it goes to every department that was told",
        _instead((fold,), "announce", _withdraw_from_one),
    ),
    Bug(
        "nothing is withdrawn",
        "what no longer stands is withdrawn at once",
        _instead((announcements,), "_to_be_told", lambda view: bool(view.proofs)),
    ),
    Bug(
        "what is restored has its former id",
        "restored proofs announce again with a new id",
        _instead((announcements,), "_news", _old_id_again),
    ),
    Bug(
        "what was announced once is not announced again",
        "what is restored is announced again",
        _instead((announcements,), "_news", _once_for_all),
    ),
    Bug(
        "history is announced",
        "backfill builds the case and triggers nothing",
        _instead((announcements,), "_to_be_told", _history_is_news),
    ),
    Bug(
        "of values that disagree the last is right",
        "nothing is settled by arrival",
        _instead((conflicts,), "_judged", _last_one_wins),
    ),
    Bug(
        "a decision stands though its fact has changed",
        "then it is reopened, not silently kept",
        _instead((conflicts,), "_judged", _decisions_kept),
    ),
    Bug(
        "a matter set apart is not looked at again",
        "a decision is reopened if the fact under it changes",
        _instead((decisions, matters), "is_reopened", _never),
    ),
    Bug(
        "a decision on one bank is taken for all",
        "matter 10 is decided for each bank by itself",
        _instead((decisions,), "is_about", _of_two_banks_one),
    ),
    Bug(
        "of two decisions on a person the first counts",
        "the later decision counts",
        _instead((links, claims), "latest_in_force", _first_decision),
    ),
    Bug(
        "what was lent is never given back",
        "unlink restores exactly what was",
        _instead((step,), "hear_loan", _loans_kept),
    ),
    Bug(
        "a number corrected at the source moves nothing",
        "the case moves to the new number",
        _instead((links,), "_corrected", _corrections_of_nobody),
    ),
    Bug(
        "the old number forwards nowhere",
        "the old number forwards to the new one",
        _instead((persons.Persons,), "forwards_to", property(_forward_never)),
    ),
    Bug(
        "applicability is judged as of now",
        "it is judged as at death",
        _instead((facts,), "_at_death", _states_of_any_time),
    ),
    Bug(
        "tasks are never done",
        "a task is closed when what was owed is done",
        _instead((fold,), "owe", _tasks_never_done),
    ),
    Bug(
        "completed matters are not recovered",
        "one whose proof is revoked opens a recovery",
        _instead((case,), "_without_the_lost", _undone_silently),
    ),
    Bug(
        "that a claim has ended is not heard",
        "link and unlink restore exactly what was",
        _instead((step,), "hear_claim", _claims_for_ever),
    ),
    Bug(
        "two desks' words on one person put each other out",
        "a decision is attributed, and stands until it is revoked",
        _instead((moves,), "_subject", _one_word_for_one_person),
    ),
    Bug(
        "an acknowledgement changes nothing",
        "a withdrawal stays open until the department acknowledges it",
        _instead((tasks,), "_unacknowledged", lambda state, _: state.withdrawn),
    ),
    Bug(
        "one department acknowledges for another",
        "each department that was told must acknowledge it",
        _instead((tasks,), "_unacknowledged", _signed_by_anybody),
    ),
    Bug(
        "nobody acknowledges a recovery",
        "each department that was told must acknowledge it",
        _instead((fold,), "announce", _recoveries_unsigned),
    ),
    Bug(
        "a correction is announced as a second death",
        "revoked and issued anew within the hour is marked as a correction",
        _instead((announcements,), "_corrects", _never),
    ),
    Bug(
        "a second report is announced as a correction, however late",
        "within the hour, by the log's append time",
        _instead((corrections,), "_takes_the_place", _corrected_however_late),
    ),
    Bug(
        "a look back shows what is known now",
        "as-of answers what was known then",
        _instead((case_past.Folded,), "known", _known_now),
    ),
    Bug(
        "a look back leaves out what came at that moment",
        "as-of goes by what the log had taken by then",
        _instead((case_past.Folded,), "known", _known_before),
    ),
    Bug(
        "a look back sees nothing that was linked",
        "as-of shows the case as it was",
        _instead((CaseMessages,), "of", _filed_alone),
    ),
    Bug(
        "two people apply for a matter and it goes on",
        "two applicants in dispute: the matter is held until a handler decides",
        _instead((case,), "_as_applied", lambda view, _: view),
    ),
    Bug(
        "a decision between applicants chooses nobody",
        "two applicants in dispute: the matter is held until a handler decides",
        _instead((announcements, applications, materials, matters), "applications_for", applications._asking),
    ),
)
