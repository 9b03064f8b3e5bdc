"""Which application each result of a matter answers, and which results move the matter itself.

A result that names an application answers that one; one that names none answers all that stand. An
application that was first recorded after the matter was completed is late: it leaves the matter completed,
and only a result that names it answers it, so nobody is told what was paid to somebody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from exchange.domain.matters.applications import applications_for
from exchange.domain.matters.examinations import asks_back, found_in_order_at, is_held_back, is_unexamined
from exchange.domain.matters.views import ANNOUNCED, ApplicationView, MatterState, MatterView
from exchange.domain.policy_files.models import WindowRule
from exchange.domain.records.findings import Facts
from verification.records import Record

RETURNED = "RETURNED"
CLOSING = frozenset({"COMPLETED", "REJECTED"})


@dataclass(frozen=True, slots=True)
class AnswersGiven:
    """What the results of one matter, or of one bank's, answer.

    Attributes:
        moving: Those that move the matter: all but those that name an application while another is open,
            or a late one.
        to: Record id of each application → its results, the first recorded first.
        late: Ids of the applications that were first recorded after the matter was completed.
    """

    moving: tuple[Record, ...]
    to: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    late: frozenset[str] = frozenset()


def answers_of(results: tuple[Record, ...], applications: tuple[Record, ...], facts: Facts) -> AnswersGiven:
    """Return what each of the results, the first recorded first, answers of these applications."""
    if not results or not applications:
        return AnswersGiven(results)
    to: dict[str, tuple[Record, ...]] = {one.record_id: () for one in applications}
    moving: list[Record] = []
    completed_at: str | None = None
    for result in sorted(results, key=lambda one: (facts.first_recorded(one), one.record_id)):
        at = facts.first_recorded(result)
        known = [one for one in applications if facts.first_recorded(one) <= at]
        opened = [one for one in known if is_open(one, to[one.record_id], facts, at)]
        named = _named(result, applications, facts)
        in_time = completed_at or at
        for one in named if result.facts.get("application") else _standing(known, opened, in_time, facts):
            to[one.record_id] = (*to[one.record_id], result)
        if not named or (completed_at is None and all(one in named for one in opened)):
            moving.append(result)
            completed_at = completed_at or (at if result.facts["outcome"] == "COMPLETED" else None)
    late = (one for one in applications if completed_at and facts.first_recorded(one) > completed_at)
    return AnswersGiven(
        tuple(one for one in results if one in moving), to, frozenset(one.record_id for one in late)
    )


def _standing(known: list[Record], opened: list[Record], in_time: str, facts: Facts) -> list[Record]:
    """Return what a result without a name answers: what is open, or, if nothing is, all that came in time."""
    among = [one for one in known if facts.first_recorded(one) <= in_time]
    return [one for one in among if one in opened] or among


def is_open(application: Record, answers: Iterable[Record], facts: Facts, at: str | None = None) -> bool:
    """Say whether an application waits for an answer, by a moment (ISO instant, UTC) or now.

    One that was rejected does so again once it was amended.
    """
    last = last_of(answers)
    if last is None or last.facts["outcome"] not in CLOSING:
        return True
    said = (one.recorded_at for one in facts.corrected.get(application.record_id, (application,)))
    amended = (moment for moment in said if moment > facts.first_recorded(last) and moment <= (at or moment))
    return last.facts["outcome"] == "REJECTED" and any(amended)


def last_of(answers: Iterable[Record]) -> Record | None:
    """Return the last answer that changes a state: one that asks to put something right does not."""
    return next((one for one in reversed(tuple(answers)) if one.facts["outcome"] != RETURNED), None)


def _named(result: Record, applications: Iterable[Record], facts: Facts) -> list[Record]:
    named = result.facts.get("application")
    return [one for one in applications if named is not None and named in facts.versions(one)]


def application_views(
    view: MatterView, facts: Facts, rule: WindowRule, *, by_result: bool, held: bool
) -> MatterView:
    """Return the matter with every application for it, and with the late ones among its proofs.

    Args:
        view: The matter, all other things considered.
        facts: What is known of the person.
        rule: Which of them the window examines first.
        by_result: Whether results complete the matter; if not, what is done is done for all who ask.
        held: Whether what is still open may not go on, though the matter is completed.
    """
    if not view.asked_by:
        return view
    counted = tuple(one for one in applications_for(view.matter, facts) if one in view.asked_by)
    answers = answers_of(view.results, counted, facts)
    found = tuple(_view(one, view, counted, answers, facts, held) for one in view.asked_by)
    if rule.examine_first:
        found = tuple(_as_examined(one, facts, rule) for one in found)
    found = found if by_result else tuple(_as_for_all(one, view) for one in found)
    if view.state != "COMPLETED":
        return replace(view, applications=found)
    late = [one for one in found if one.late and one.state in ANNOUNCED]
    told = (record for one in late for record in (one.application, one.result) if record)
    return replace(view, applications=found, proofs=(*view.proofs, *told))


def _view(
    one: Record,
    view: MatterView,
    counted: tuple[Record, ...],
    answers: AnswersGiven,
    facts: Facts,
    held: bool,
) -> ApplicationView:
    if one not in counted:
        return ApplicationView(one, "NOT_APPLICABLE")
    given = answers.to.get(one.record_id, ())
    last = last_of(given)
    state: MatterState = view.state
    if last is not None and not is_open(one, given, facts):
        state = cast(MatterState, last.facts["outcome"])
    elif view.state in ANNOUNCED:
        state = "SUSPENDED" if held else "ACCEPTED" if _is_accepted(last) else "APPLIED"
    returned = bool(given) and given[-1].facts["outcome"] == RETURNED
    put_right = max(one.recorded_at, found_in_order_at((one,), facts)) if returned else ""
    returned = returned and put_right <= facts.first_recorded(given[-1])
    late = one.record_id in answers.late
    result = given[-1] if given else None
    return ApplicationView(one, state, result, late, returned, asks_back(one, facts, given))


def _as_examined(one: ApplicationView, facts: Facts, rule: WindowRule) -> ApplicationView:
    application = one.application
    return replace(
        one,
        unexamined=is_unexamined(application, facts, rule),
        held_back=is_held_back(application, facts, rule),
    )


def _is_accepted(last: Record | None) -> bool:
    return last is not None and last.facts["outcome"] == "ACCEPTED"


def _as_for_all(one: ApplicationView, view: MatterView) -> ApplicationView:
    return one if one.state == "NOT_APPLICABLE" else replace(one, state=view.state, late=False)
