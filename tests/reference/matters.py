"""How each matter stands, asked of one set of records at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.reference import banks, choices
from tests.reference.answers import Desk, desk_of
from tests.reference.banks import Bank
from tests.reference.contests import Choice, applicants, left
from tests.reference.pages import Entry, Pages
from verification.records import Record

NOT_APPLICABLE, WAITING, READY, APPLIED = "NOT_APPLICABLE", "WAITING", "READY", "APPLIED"
ACCEPTED, REJECTED, COMPLETED, SUSPENDED = "ACCEPTED", "REJECTED", "COMPLETED", "SUSPENDED"
OUTCOMES = (ACCEPTED, REJECTED, COMPLETED)
RETURNED = "RETURNED"
"""What a department may say that changes no state: something is to be put right."""


@dataclass(frozen=True)
class Sight:
    """One way to look at a case: with these records live, and the death established or not.

    Attributes:
        believed: the proof of the death as it would be if nothing had fallen.
        choices: what handlers decided between applicants.
        settling: ids of the decisions that settled a conflict about the death.
        found_right: record id → id of the decision that found it right against its rivals.
        revisions: record id → all records of its document, in order.
        since: record id → when its document was first recorded: a correction stands in its place.
    """

    key: str
    records: tuple[Record, ...]
    death: bool
    pages: Pages
    believed: Record | None = None
    settling: frozenset[str] = frozenset()
    choices: tuple[Choice, ...] = ()
    since: Mapping[str, str] = field(default_factory=dict)
    found_right: Mapping[str, str] = field(default_factory=dict)
    revisions: Mapping[str, Sequence[Record]] = field(default_factory=dict)

    def of(self, *types: str) -> list[Record]:
        """The live records of some types, overtaken states among them."""
        return [record for record in self.records if record.type in types]

    def examinations(self, application: Record) -> list[Record]:
        """What the window found in an application, in order of when each was first made."""
        names = {one.record_id for one in self.revisions.get(application.record_id, [application])}
        found = [one for one in self.of("examination") if one.facts["application"] in names]
        return sorted(found, key=lambda one: (self.since[one.record_id], one.record_id))

    def handed_in(self, applications: Iterable[Record]) -> list[Any]:
        """The materials that applications name, and those that the window has seen."""
        papers = [paper for one in applications for paper in (one, *self.examinations(one))]
        return [item for paper in papers for item in paper.facts.get("materials") or []]

    def asking(self, entry: Entry) -> list[Record]:
        """The applications for a matter, whoever made them."""
        return [one for one in self.of("application") if entry["matter"] in one.facts["matters"]]

    def applications(self, entry: Entry) -> list[Record]:
        """The applications for a matter that count."""
        return left(entry, self.asking(entry), self.choices)

    def facts(self, *types: str) -> dict[tuple[object, ...], list[Record]]:
        """The same, together by what they speak of, each in order of time."""
        together: dict[tuple[object, ...], list[Record]] = {}
        for record in sorted(self.of(*types), key=choices.by_time):
            alone = () if self.pages.is_state(record.type) else (record.record_id,)
            together.setdefault((*choices.fact_of(record, self.pages), *alone), []).append(record)
        return together

    def in_force(self, *types: str) -> list[Record]:
        """The last state of every fact."""
        return [states[-1] for states in self.facts(*types).values()]

    def proof(self) -> Record | None:
        """The record that proves the death; None where it is not established."""
        found = choices.best_proof(self.of(*self.pages.proofs), self.pages.proofs)
        return found if self.death else None


@dataclass(frozen=True)
class Stage:
    """Where a matter stands in one sight.

    Attributes:
        missing: names of the prerequisites that have not come.
        proofs: ids of the records that prove the state.
        finished_by: the records that completed it, whether or not it could begin.
        in_vain: it was completed and does not apply.
    """

    state: str
    missing: frozenset[str] = frozenset()
    proofs: frozenset[str] = frozenset()
    finished_by: tuple[Record, ...] = field(default=())
    in_vain: bool = False


def banks_of(entry: Entry, sight: Sight) -> list[Bank | None]:
    """The instances of a matter; None is the matter itself, where no bank is named."""
    if "instance" not in entry:
        return [None]
    found: list[Bank] = []
    deposits = [names_of_bank(entry, record.facts, sight) for record in sight.of(entry["instance"]["record"])]
    for names in filter(None, [*deposits, *_asked_for(entry, sight)]):
        same = [bank for bank in found if banks.are_one(bank, names)]
        found = [bank for bank in found if bank not in same] + [names.union(*same)]
    return [*found, None] if not found or frozenset() in deposits else [*found]


def _asked_for(entry: Entry, sight: Sight) -> list[Bank]:
    """The banks that those name who apply."""
    named = [bank for one in sight.applications(entry) for bank in one.facts.get("banks") or []]
    return [names_of_bank(entry, bank, sight) for bank in named]


def applying(entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    """The applications that count for one bank."""
    return about_bank(sight.applications(entry), entry, bank, sight)


def about_bank(found: list[Record], entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    """Those of some applications that are about one bank: who names none means all that are known."""
    if "instance" not in entry:
        return found
    known = bank is not None or _deposits(entry, bank, sight)
    return [one for one in found if _is_for(entry, bank, one, sight, bool(known))]


def _is_for(entry: Entry, bank: Bank | None, application: Record, sight: Sight, known: bool) -> bool:
    named = [names_of_bank(entry, one, sight) for one in application.facts.get("banks") or []]
    named = [one for one in named if one]
    return any(bank and banks.are_one(bank, one) for one in named) if named else known


def _deposits(entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    return [one for one in sight.of(entry["instance"]["record"]) if _of_bank(entry, bank, one, sight)]


def is_nowhere(entry: Entry, bank: Bank | None, sight: Sight) -> bool:
    """Whether a matter is about banks, and none is known."""
    return "instance" in entry and bank is None and not _deposits(entry, bank, sight)


def _is_gone(entry: Entry, bank: Bank | None, sight: Sight) -> bool:
    """Whether nothing is left of a bank that was known."""
    asked_for = any(bank and banks.are_one(bank, one) for one in _asked_for(entry, sight)) if bank else True
    return "instance" in entry and bank is not None and not asked_for and not _deposits(entry, bank, sight)


def instance_of(bank: Bank | None) -> str | None:
    """The bank as the matter calls it."""
    return min(bank)[1] if bank else None


def stage_of(entry: Entry, bank: Bank | None, sight: Sight) -> Stage:
    """Where a matter, for one bank, stands by these records alone."""
    applies, deciding = _applies(entry, bank, sight)
    if _would_decline(entry, sight):
        applies, deciding = False, [one for one in words_on(entry, sight) if one.facts.get("burial")]
    finished = tuple(_finished(entry, bank, sight))
    if applies is False:
        return Stage(NOT_APPLICABLE, proofs=_ids(deciding), finished_by=finished)
    proofs, missing = _prerequisites(entry, deciding, sight)
    if _is_to_choose(entry, sight):
        missing |= {entry["family_chooses"]["waits_for"]}
    proofs |= _ids(deciding)
    if _is_gone(entry, bank, sight):
        missing |= {entry["instance"]["record"]}
    stands = choices.results_stand(missing)
    if finished and stands:
        return Stage(COMPLETED, missing, proofs | _ids(finished), finished)
    state, by = _under_way(entry, bank, sight)
    if is_asked_for_first(entry, state):
        return Stage(state, missing, proofs | _ids(by))
    if missing and not (stands and state in OUTCOMES):
        return Stage(WAITING, missing, proofs, finished)
    return Stage(state, missing, proofs | _ids(by))


def is_asked_for_first(entry: Entry, state: str) -> bool:
    """Whether the family's word alone opens the matter, though nothing is known of a death."""
    return bool(entry.get("opened_by_application")) and state == APPLIED


def words_on(entry: Entry, sight: Sight) -> list[Record]:
    """What each applicant said last of burial; who wants the cremation certificate wants a cremation."""
    last: dict[frozenset[tuple[str, str]], Record] = {}
    for one in sorted(sight.of("application"), key=choices.by_time):
        if one.facts.get("burial") is not None or entry["matter"] in one.facts["matters"]:
            last[frozenset(applicants([one]))] = one
    return list(last.values())


def _is_free(entry: Entry, sight: Sight) -> bool:
    """Whether there is still something to choose: not after a cremation, nor after some diseases."""
    return "family_chooses" in entry and not _finished(entry, None, sight) and not _must_be(entry, sight)


def _must_be(entry: Entry, sight: Sight) -> bool:
    codes = [one.facts.get("death_cause_icd10") or "" for one in sight.of("death_certificate")]
    return any(code[:3] in entry["family_chooses"]["never_after_icd10"] for code in codes)


def _would_decline(entry: Entry, sight: Sight) -> bool:
    """Whether all who say something want a burial, and may."""
    if not _is_free(entry, sight):
        return False
    said = [bool(one.facts.get("burial")) for one in words_on(entry, sight)]
    return bool(said) and all(said)


def _is_to_choose(entry: Entry, sight: Sight) -> bool:
    """Whether the family is asked: it says two things, or nothing where burial is the custom."""
    if not _is_free(entry, sight):
        return False
    said = {bool(one.facts.get("burial")) for one in words_on(entry, sight)}
    return len(said) > 1 if said else _is_custom(entry["family_chooses"], sight)


def _is_custom(rule: Entry, sight: Sight) -> bool:
    for record in sight.records:
        if record.type == "death_certificate" and record.facts.get("ethnicity") in rule["peoples"]:
            return True
        named = sight.pages.names_person(record.type) and record.id_number
        if named and named[:6] in rule["regions"]:
            return True
        if (
            record.type in (*sight.pages.proofs, "hukou_cancellation")
            and record.county in rule["county_names"]
        ):
            return True
    return False


def _by_choice(entry: Entry, sight: Sight, stage: Stage) -> str | None:
    """What a family is told that wants a burial, or may not have one."""
    if "family_chooses" not in entry or _finished(entry, None, sight):
        return None
    rule = entry["family_chooses"]
    wants_burial = any(one.facts.get("burial") for one in words_on(entry, sight))
    if stage.state != NOT_APPLICABLE:
        return str(rule["bound"]) if wants_burial and _must_be(entry, sight) else None
    decided = any(one.record_id in stage.proofs for one in sight.of("decision"))
    return str(rule["declined"]) if _would_decline(entry, sight) and not decided else None


def _not_meant(entry: Entry, bank: Bank | None, sight: Sight, stage: Stage) -> str | None:
    """What those who apply are told if the matter is meant for none of them."""
    if "entitled" not in entry or stage.state == NOT_APPLICABLE or _is_gone(entry, bank, sight):
        return None
    asked = unanswered(entry, bank, sight)
    meant = any(is_entitled(one, entry["entitled"], sight) for one in asked)
    return str(entry["entitled"]["way_out"]) if asked and not meant else None


def way_out(entry: Entry, bank: Bank | None, sight: Sight, stage: Stage) -> str | None:
    """What somebody can do instead, or need not do, by what the records say."""
    if said := _by_choice(entry, sight, stage) or _not_meant(entry, bank, sight, stage):
        return said
    if stage.state in (READY, APPLIED):
        return entry.get("without_application")
    states = [state for state in _as_at_death(entry, sight) if _of_bank(entry, bank, state, sight)]
    decided = any(one.record_id in stage.proofs for one in sight.of("decision"))
    for rule in entry.get("ways_out", []) if stage.state == NOT_APPLICABLE and not decided else []:
        if "where" in rule and any(_meets(rule["where"], state) for state in states):
            return str(rule["way_out"])
        for name, bounds in rule.get("together", {}).items():
            if sum(state.facts[name] for state in states) > bounds["above"]:
                return str(rule["way_out"])
    return None


def is_entitled(application: Record, rule: Entry, sight: Sight) -> bool:
    """Spouse, child, parent, or named in a notarised will; who says nothing of it is not turned away."""
    applicant = application.facts["applicant"]
    relation = applicant.get("relation")
    if relation is None or relation in rule["relations"]:
        return True
    wills = [one for one in sight.in_force("notary") if one.facts["kind"] == "WILL"]
    named = [one for will in wills for one in will.facts.get("beneficiaries") or []]
    return any(one.get("id_number") == applicant["id_number"] for one in named)


def about(entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    """The records a decision that the matter does not apply rests on: they would make it apply or be done."""
    done_by = entry["done_by"]
    ends = [one for one in sight.of(*done_by.get("record", [])) if _meets(done_by.get("where", {}), one)]
    found = [one for one in [*_as_at_death(entry, sight), *ends] if _of_bank(entry, bank, one, sight)]
    results = sight.of("result") if choices.results_count(entry) else []
    return found + [record for record in results if is_result(entry, bank, record, sight)]


def _ids(records: Iterable[Record]) -> frozenset[str]:
    return frozenset(record.record_id for record in records)


def _applies(entry: Entry, bank: Bank | None, sight: Sight) -> tuple[bool | None, list[Record]]:
    """Whether the matter applies, and the records that say so; None while those have not come."""
    condition = entry["applies"]
    if "id_type" in condition:
        kind = choices.kind_of_number(sight.key)
        return kind in condition["id_type"] if kind else None, []
    if "unless_only_proof" in condition:
        types = {record.type for record in sight.of(*sight.pages.proofs) if sight.death}
        return types != {condition["unless_only_proof"]}, []
    if "record" not in condition:
        return True, []
    states = [state for state in _as_at_death(entry, sight) if _of_bank(entry, bank, state, sight)]
    if not states:
        return None, []
    meeting = _meeting(condition, states)
    return bool(meeting), meeting or states


def _as_at_death(entry: Entry, sight: Sight) -> list[Record]:
    """The states on which it rests whether the matter applies: of each account that of the death."""
    facts = sight.facts(entry["applies"]["record"]).values() if "record" in entry["applies"] else ()
    return [choices.as_at_death(fact, sight.proof() or sight.believed, sight.since) for fact in facts]


def _meeting(condition: Entry, states: Sequence[Record]) -> list[Record]:
    """The states that meet a condition, each by itself or all together."""
    if "together" not in condition:
        return [state for state in states if _meets(condition["where"], state)]
    for name, limits in condition["together"].items():
        apart = condition.get("not_counted", {}).get(name)
        total = sum(state.facts[name] for state in states)
        counted = sum(max(state.facts[name] - (state.facts.get(apart) or 0), 0) for state in states)
        if not limits["above"] < total or counted > limits["at_most"]:
            return []
    return list(states)


def _meets(where: Entry, record: Record) -> bool:
    for name, wanted in where.items():
        value = record.facts.get(name)
        if isinstance(wanted, dict):
            fits = value in wanted["one_of"] if "one_of" in wanted else value > wanted["above"]
        else:
            fits = value == wanted
        if not fits:
            return False
    return True


def _prerequisites(
    entry: Entry, deciding: Sequence[Record], sight: Sight
) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of what proves that a matter may begin, and the names of what is missing."""
    proofs: set[str] = set()
    missing: set[str] = set()
    for name in entry["prerequisites"]:
        found = _proving(name, entry, deciding, sight)
        proofs |= _ids(found)
        if name == "death":
            proofs |= sight.settling
        if not found:
            missing.add(name)
    return frozenset(proofs), frozenset(missing)


def _proving(name: str, entry: Entry, deciding: Sequence[Record], sight: Sight) -> list[Record]:
    if name == "death":
        proof = sight.proof()
        return [proof] if proof else []
    prerequisite = sight.pages.prerequisites[name]
    if entry["applies"].get("record") in prerequisite["any_record"]:
        return list(deciding)
    found = sight.in_force(*prerequisite["any_record"])
    if not found and "or_material" in prerequisite:
        kind = prerequisite["or_material"]
        found = [
            a for a in sight.of("application") if any(item["kind"] == kind for item in sight.handed_in([a]))
        ]
    best = choices.best_proof(found, [*prerequisite["any_record"], "application"])
    return [best] if best else []


def _finished(entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    """The records that completed the matter; none if it is not done."""
    done_by = entry["done_by"]
    if "record" not in done_by:
        return [r for r in _results(entry, bank, sight) if r.facts["outcome"] == COMPLETED]
    records = sight.in_force(*done_by["record"])
    doing = [record for record in records if _meets(done_by.get("where", {}), record)]
    if done_by.get("every"):
        return doing if len(doing) == len(records) else []
    best = choices.best_proof(doing, done_by["record"])
    return [best] if best else []


def _under_way(entry: Entry, bank: Bank | None, sight: Sight) -> tuple[str, list[Record]]:
    """READY and what comes of it; a rejected matter opens to an application made after the rejection."""
    applications = applying(entry, bank, sight)
    for result in _results(entry, bank, sight):
        applications = [a for a in applications if a.recorded_at > result.recorded_at]
        if result.facts["outcome"] != REJECTED or not applications:
            return str(result.facts["outcome"]), [result]
    application = choices.best_proof(applications, ["application"])
    return (APPLIED, [application]) if application else (READY, [])


def unanswered(entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    """The applications that the department has not answered since.

    If it took a rejection back by accepting after all, those before it wait for an answer again.
    """
    asked = applying(entry, bank, sight)
    results = [one for one in _moving(entry, bank, sight) if one.facts["outcome"] != RETURNED]
    results = results if choices.results_count(entry) else []
    ends = [one.recorded_at for one in results if one.facts["outcome"] != ACCEPTED]
    since = [one for one in asked if not ends or one.recorded_at > max(ends)]
    if not since and results and results[-1].facts["outcome"] == ACCEPTED:
        return asked
    return since


def _results(entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    """The last result that moves the matter, if there is one."""
    if not choices.results_count(entry):
        return []
    return [one for one in _moving(entry, bank, sight) if one.facts["outcome"] != RETURNED][-1:]


def desk(entry: Entry, bank: Bank | None, sight: Sight) -> Desk:
    """On what each application for the matter waits, or what was said of it."""
    return desk_of(_said(entry, bank, sight), applying(entry, bank, sight), sight.revisions)


def _moving(entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    """The results that are about the matter, and not about one application of several."""
    said = _said(entry, bank, sight)
    if not choices.results_count(entry):
        return said
    moving = desk(entry, bank, sight).moving
    return [one for one in said if one.record_id in moving]


def _said(entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    """All results about the matter, in order of time."""
    about_it = [one for one in sight.of("result") if is_result(entry, bank, one, sight)]
    return sorted(about_it, key=choices.by_time)


def to_put_right(entry: Entry, bank: Bank | None, sight: Sight) -> Record | None:
    """The department's last word, if it asks to put something right and nobody has since.

    That an application has come since says so, or that the window found one in order.
    """
    for last in _moving(entry, bank, sight)[-1:]:
        asked = applying(entry, bank, sight)
        moments = [one.recorded_at for one in asked]
        moments += [
            sight.since[seen.record_id]
            for one in asked
            for seen in sight.examinations(one)
            if not seen.facts.get("to_correct")
        ]
        later = any(moment > last.recorded_at for moment in moments)
        return None if later or last.facts["outcome"] != RETURNED else last
    return None


def asked_back(entry: Entry, bank: Bank | None, sight: Sight) -> list[Record]:
    """The examinations by which every application that waits for an answer has to be put right; else none."""
    answer = desk(entry, bank, sight).answer if choices.results_count(entry) else {}
    found = []
    for one in unanswered(entry, bank, sight):
        last = (sight.examinations(one) or [None])[-1]
        if last is None or not last.facts.get("to_correct"):
            return []
        asked_at = sight.since[last.record_id]
        said = answer.get(one.record_id)
        moments = [one.recorded_at, *([sight.since[said.record_id]] if said else [])]
        if any(moment > asked_at for moment in moments):
            return []
        found.append(last)
    return found


def is_result(entry: Entry, bank: Bank | None, result: Record, sight: Sight) -> bool:
    """Whether a result is about the matter, for one bank."""
    if result.facts["matter"] != entry["matter"]:
        return False
    named = choices.banks_in_result(result) if "instance" in entry else []
    return any(banks.goes_by(bank, name, sight.pages) for name in named) if bank else not named


def _of_bank(entry: Entry, bank: Bank | None, record: Record, sight: Sight) -> bool:
    """Whether a record is a deposit at the bank, or the matter is no bank's."""
    if "instance" not in entry:
        return True
    names = names_of_bank(entry, record.facts, sight)
    return banks.are_one(bank, names) if bank else not names


def names_of_bank(entry: Entry, said: Mapping[str, Any], sight: Sight) -> Bank:
    """What a deposit, or somebody who applies, calls a bank."""
    return banks.called(said, entry["instance"]["named_by"], sight.pages)
