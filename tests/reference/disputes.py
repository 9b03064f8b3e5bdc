"""On what do live records disagree, and what has a handler decided about it?"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.reference import choices
from tests.reference.pages import Entry, Pages
from tests.reference.persons import Person
from verification.records import Record
from verification.times import EventTime, is_after, read_event_time, read_instant


@dataclass(frozen=True)
class Value:
    """What one record says, on one side of a rule."""

    record: Record
    moment: EventTime
    against: bool


@dataclass(frozen=True)
class Dispute:
    """How one rule stands.

    Attributes:
        ruling: the decision that counts for it, if there is one.
        disputed: whether records disagree if no decision is looked at.
        open: whether they do so after what was decided.
        grave: whether they disagree by so much, before anything was decided, that it holds something.
        wrong: the records that the decision found wrong.
    """

    rule: Entry
    ruling: Record | None
    disputed: bool
    open: bool
    grave: bool
    wrong: frozenset[str] = frozenset()

    def holds(self, what: str) -> bool:
        """Whether it keeps this from going on, or did until a decision."""
        return self.grave and self.rule.get("holds") == what

    @property
    def settled(self) -> bool:
        """Whether a decision ended it."""
        return self.disputed and not self.open


def disputes_of(person: Person, pages: Pages) -> list[Dispute]:
    """How every rule of the policy stands in a case."""
    among_themselves = {rule["rule"]: _dispute(rule, person, pages) for rule in pages.conflicts}
    alone = [one for one in among_themselves.values() if not one.rule.get("against")]
    wrong = frozenset(record_id for one in alone if one.settled for record_id in one.wrong)
    return [
        _dispute(rule, person, pages, wrong) if rule.get("against") else among_themselves[rule["rule"]]
        for rule in pages.conflicts
    ]


def standing_of(ruling: Record, disputes: Iterable[Dispute], person: Person) -> str | None:
    """The standing of a decision on conflicts, overtaken if it counts for none; None if it is about none."""
    concerned = [one for one in disputes if choices.is_concerned(one.disputed)]
    concerned = [one for one in concerned if _concerns(ruling, one.rule, person)]
    counts = [one for one in concerned if one.ruling == ruling]
    if any(one.open for one in counts):
        return "REOPENED"
    if not concerned:
        return None
    return "IN_FORCE" if counts else "OVERTAKEN"


def _dispute(rule: Entry, person: Person, pages: Pages, wrong: Collection[str] = ()) -> Dispute:
    live = [record for record in person.live() if record.record_id not in wrong]
    values = _values(rule, live, pages)
    ruling = _ruling_on(rule, person)
    favoured = ruling.facts["in_favour_of"] if ruling else None
    remaining = values
    if ruling and any(record.record_id == favoured for record in live):
        remaining = [value for value in values if not _left_out(value, rule, ruling, values)]
    left = frozenset(value.record.record_id for value in remaining)
    return Dispute(
        rule,
        ruling,
        _disagree(rule, values),
        _disagree(rule, [_as_believed(value, rule, favoured) for value in remaining]),
        _gravely(rule, values),
        frozenset(value.record.record_id for value in values) - left,
    )


def _as_believed(value: Value, rule: Entry, favoured: str | None) -> Value:
    """The day that a handler believes is the one that all others are held against."""
    believed = rule["must"] == "be_of_that_day" and value.record.record_id == favoured
    return replace(value, against=False) if believed else value


def _gravely(rule: Entry, values: Sequence[Value]) -> bool:
    """Whether one of the other side is further from the proofs than what is merely asked about."""
    if "holds_beyond_days" not in rule:
        return _disagree(rule, values)
    days = [value.moment.date for value in values if not value.against]
    others = [value for value in values if value.against]
    proofs = [value for value in values if not value.against]
    wrong = [value.moment.date for value in others if _disagree(rule, [*proofs, value])]
    return any(min(abs((day - one).days) for day in days) > rule["holds_beyond_days"] for one in wrong)


def _ruling_on(rule: Entry, person: Person) -> Record | None:
    concerned = [ruling for ruling in person.rulings() if _concerns(ruling, rule, person)]
    return max(concerned, key=choices.by_time, default=None)


def _concerns(ruling: Record, rule: Entry, person: Person) -> bool:
    """A decision concerns every rule in which the record it favours has a place by its type."""
    types = {path.split(".")[0] for path in [*rule["values"], *rule.get("against", [])]}
    favoured = ruling.facts.get("in_favour_of")
    return ruling.facts["kind"] == "CONFLICT_RESOLVED" and person.type_of(favoured) in types


def _values(rule: Entry, live: Iterable[Record], pages: Pages) -> list[Value]:
    """All that live records say about it."""
    found = []
    records = list(live)
    for record in records:
        if not _is_meant(rule.get("only_if", {}).get(record.type, {}), record):
            continue
        for path in [*rule["values"], *rule.get("against", [])]:
            moment = _moment(record, path)
            if moment and not (choices.says_how_it_is_now(path) and _is_overtaken(record, records, pages)):
                found.append(Value(record, moment, path in rule.get("against", [])))
    return found


def _is_overtaken(record: Record, live: Iterable[Record], pages: Pages) -> bool:
    """Whether a later state of the same account has come."""
    same = [one for one in live if choices.fact_of(one, pages) == choices.fact_of(record, pages)]
    return pages.is_state(record.type) and max(same, key=choices.by_time) != record


def _is_meant(conditions: Entry, record: Record) -> bool:
    return all(record.facts.get(name) == value for name, value in conditions.items())


def _moment(record: Record, path: str) -> EventTime | None:
    record_type, name = path.split(".")
    if record.type != record_type:
        return None
    if name == "recorded_at":
        return read_event_time(read_instant(record.recorded_at))
    return read_event_time(record.facts[name]) if record.facts.get(name) else None


def _disagree(rule: Entry, values: Sequence[Value]) -> bool:
    """Whether what has to be true between the values is not; a rule with two sides needs its first one."""
    first = [value.moment for value in values if not value.against]
    other = [value.moment for value in values if value.against]
    if not first:
        return False
    if rule["must"] == "be_of_one_day":
        return len({moment.date for moment in first + other}) > 1
    if rule["must"] == "be_of_that_day":
        return any(moment.date not in {one.date for one in first} for moment in other)
    if rule["must"] == "not_be_earlier":
        return any(is_after(moment, later) for moment in first for later in other)
    last_day = max(moment.date for moment in first) + timedelta(days=rule.get("grace_days", 0))
    return any(moment.date > last_day for moment in other)


def _left_out(value: Value, rule: Entry, ruling: Record, values: Iterable[Value]) -> bool:
    """Whether a decision leaves a value out of account: it was seen, and differs from the one favoured."""
    overrules = ruling.facts.get("overrules")
    if overrules is None:
        seen = value.record.recorded_at <= ruling.recorded_at
    else:
        seen = value.record.record_id in overrules
    favoured = [one for one in values if one.record.record_id == ruling.facts["in_favour_of"]]
    return seen and any(_clash(value, one, rule) for one in favoured)


def _clash(value: Value, favoured: Value, rule: Entry) -> bool:
    """Two values by themselves; between values of one side only their days can."""
    if rule["must"] == "be_of_one_day":
        return value.moment.date != favoured.moment.date
    if rule["must"] == "be_of_that_day":
        return value.against != favoured.against and value.moment.date != favoured.moment.date
    return value.against != favoured.against and _disagree(rule, [value, favoured])
