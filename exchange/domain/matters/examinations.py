"""初审: what the window found when it examined an application, and what waits for that.

An examination says what the window has seen, and asks once for all that has to be put right. Put right it is,
as is what a department sent back, once the application was amended or found in order when it was examined
again. It proves nothing: what was seen counts as handed in with the application.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from exchange.domain.known_case import EXAMINED
from exchange.domain.matters.views import COUNTING, MatterView, WaitingFor
from exchange.domain.policy_files.models import WindowRule
from exchange.domain.records.findings import Facts
from verification.records import Record


def examinations_of(application: Record, facts: Facts) -> tuple[Record, ...]:
    """Return the examinations in force of an application, whichever of its versions, the first made first."""
    if "examination" not in facts.live:
        return ()
    known = facts.versions(application)
    found = (one for one in facts.live["examination"] if one.facts["application"] in known)
    return tuple(sorted(found, key=lambda one: (facts.first_recorded(one), one.record_id)))


def handed_in(applications: Iterable[Record], facts: Facts) -> list[Mapping[str, Any]]:
    """Return the materials of applications: those that they name, and those seen when they were examined."""
    return [
        material
        for application in applications
        for record in (application, *examinations_of(application, facts))
        for material in record.facts.get("materials") or ()
    ]


def asks_back(application: Record, facts: Facts, results: Iterable[Record]) -> Record | None:
    """Return the last examination if it asks to put something right, and nobody has.

    Args:
        application: That which was examined.
        facts: What is known of the person.
        results: Those that answer it; a later one says what its department makes of it.
    """
    last = next(reversed(examinations_of(application, facts)), None)
    if last is None or not last.facts.get("to_correct"):
        return None
    asked_at = facts.first_recorded(last)
    later = (application.recorded_at, *map(facts.first_recorded, results))
    return None if any(moment > asked_at for moment in later) else last


def found_in_order_at(applications: Iterable[Record], facts: Facts) -> str:
    """Return when one of the applications was last found in order (ISO instant, UTC); empty if none was."""
    if "examination" not in facts.live:  # nearly always, and each matter asks
        return ""
    examined = (found for one in applications for found in examinations_of(one, facts))
    return max((facts.first_recorded(one) for one in examined if not one.facts.get("to_correct")), default="")


def is_unexamined(application: Record, facts: Facts, rule: WindowRule) -> bool:
    """Say whether the window has to examine the application before its departments are told, and has not."""
    return _comes_first(application, facts, rule) and not examinations_of(application, facts)


def held_back(facts: Facts, rule: WindowRule) -> frozenset[str]:
    """Return the ids of the applications of which no department is told yet."""
    return frozenset(
        one.record_id for one in facts.in_force.get("application", ()) if is_held_back(one, facts, rule)
    )


def is_held_back(application: Record, facts: Facts, rule: WindowRule) -> bool:
    """Say whether no department is told of the application yet.

    What was passed on once is not taken back because an examination was revoked, or asks for more.
    """
    return _comes_first(application, facts, rule) and not _was_passed_on(application, facts)


def _was_passed_on(application: Record, facts: Facts) -> bool:
    """Say whether it was ever found in order, or amended after it was asked to be put right."""
    known = facts.versions(application)
    amended_at = max(one.recorded_at for one in facts.corrected.get(application.record_id, (application,)))
    return any(
        not one.facts.get("to_correct") or amended_at > one.recorded_at
        for one in facts.examined
        if one.facts["application"] in known
    )


def _comes_first(application: Record, facts: Facts, rule: WindowRule) -> bool:
    """Say whether departments are told of the application only once it was examined; of history never."""
    if application.facts.get("channel") not in rule.examine_first or application.backfill:
        return False
    return facts.first_recorded(application) >= rule.since


def as_examined(view: MatterView, facts: Facts, window: str) -> MatterView:
    """Let a matter wait while every application for it waits for the window, or for its own applicant."""
    asked = [one for one in view.applications if one.application in view.asked]
    if view.state not in COUNTING or not all(one.unexamined or one.asked_back for one in asked):
        return view
    asking = [one.asked_back for one in asked if one.asked_back]
    if unexamined := [facts.first_recorded(one.application) for one in asked if one.unexamined]:
        waiting = WaitingFor(EXAMINED, (window,), min(unexamined))
        view = replace(view, waiting_for=(*view.waiting_for, waiting))
    return replace(view, asked_back=asking[-1] if asking else None)
