"""Who may have a matter for which several people apply: of money nobody, until a handler says who."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tests.reference.choices import by_time
from tests.reference.pages import Entry
from tests.reference.persons import Person
from verification.names.keys import name_key
from verification.records import Record


@dataclass(frozen=True)
class Choice:
    """A decision in favour of an application, whether or not that one still stands."""

    ruling: Record
    chosen: Record

    def is_about(self, entry: Entry) -> bool:
        """Whether it says who may have the matter."""
        named = self.ruling.facts.get("matter")
        return entry["matter"] in self.chosen.facts["matters"] and named in (None, entry["matter"])

    def has_seen(self, application: Record) -> bool:
        """Whether the handler knew of an application."""
        overrules = self.ruling.facts.get("overrules")
        if overrules is not None:
            return application.record_id in overrules
        return application.recorded_at <= self.ruling.recorded_at


def choices_of(person: Person) -> tuple[Choice, ...]:
    """All that was decided between applicants."""
    known = {record.record_id: record for record in person.seen()}
    rulings = [one for one in person.rulings() if one.facts["kind"] == "CONFLICT_RESOLVED"]
    found = [(one, known.get(one.facts.get("in_favour_of") or "")) for one in rulings]
    return tuple(Choice(one, chosen) for one, chosen in found if chosen and chosen.type == "application")


def applicants(applications: Iterable[Record]) -> set[tuple[str, str]]:
    """The people who apply: nobody is two, unless under two names."""
    people = (one.facts["applicant"] for one in applications)
    return {(one["id_number"], name_key(one["name"])) for one in people}


def last_choice(entry: Entry, asking: Sequence[Record], choices: Iterable[Choice]) -> Choice | None:
    """What was decided last about a matter, if several people want it."""
    if len(applicants(asking)) < 2:
        return None
    about = [one for one in choices if one.is_about(entry)]
    return max(about, key=lambda one: by_time(one.ruling), default=None)


def left(entry: Entry, asking: Sequence[Record], choices: Iterable[Choice]) -> list[Record]:
    """The applications that were not put aside in favour of another person's."""
    last = last_choice(entry, asking, choices)
    if last is None or last.chosen not in asking:
        return list(asking)
    return [one for one in asking if applicants([one]) == applicants([last.chosen]) or not last.has_seen(one)]


def standing_of_choice(
    ruling: Record,
    wanted: Iterable[tuple[Entry, Sequence[Record]]],
    choices: Iterable[Choice],
    money: Collection[int],
) -> str | None:
    """The standing of a decision between applicants, over all matters and those who want each; else None."""
    made = [one for one in choices if one.ruling == ruling]
    said = set()
    for entry, asking in wanted:
        last = last_choice(entry, asking, choices)
        if last and any(one.is_about(entry) for one in made):
            several = entry["matter"] in money and len(applicants(left(entry, asking, choices))) > 1
            said.add("OVERTAKEN" if last.ruling != ruling else "REOPENED" if several else "IN_FORCE")
    return next((word for word in ("REOPENED", "IN_FORCE", "OVERTAKEN") if word in said), None)
