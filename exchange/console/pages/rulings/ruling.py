"""One conflict: who says what since when, what each choice frees, and nothing chosen beforehand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from avro_schemas.typed_documents import (
    ApplicationEntryDocument,
    CaseDocument,
    ConflictDocument,
    ConflictingValueDocument,
    MatterDocument,
)
from consumers.labels.rulings import conflict_words
from consumers.labels.words import department_words, field_words, prerequisite_words, words
from exchange.console.pages.forms import FormSheetView, sheet_values
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.desk.actions.words import CODES
from exchange.domain.form import APPLICANTS_DIFFER
from exchange.domain.matters.standing import CHOICE, SETTLEMENT
from exchange.domain.matters.views import OVER
from exchange.domain.policy import Policy
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
CHOOSE_FIRST: Final = LABELS["choose_first"]
ASK: Final = "ask"
"""The choice of whoever takes no side yet."""
ALIKE: Final = "alike."
"""Before the record that stands for a side: the field with all the records that say the same."""
MONEY: Final = "money_matters"


class ConflictAsked(NamedTuple):
    """Which conflict of a case is meant: what it is about says nothing of anybody."""

    rule: str
    field: str
    matter: int | None = None
    instance: str | None = None


class RivalView(NamedTuple):
    """One side of a conflict.

    Attributes:
        record_ids: the records that say so; the first stands for them all.
        value: what they say.
        sources: whose each of them is.
        recorded: when each was.
        facts: what else there is to know, each with its name.
    """

    record_ids: tuple[str, ...]
    value: str
    sources: tuple[str, ...]
    recorded: tuple[str, ...]
    facts: tuple[tuple[Words, str], ...]


class HeldMatter(NamedTuple):
    """A matter that the conflict holds, and what else it waits for; nothing: the choice frees it."""

    name: str
    department: str
    besides: tuple[str, ...]


@dataclass(frozen=True)
class RulingView:
    """A conflict that is being decided: the form, as it was drawn and typed, and the case as it is seen."""

    sheet: FormSheetView
    document: CaseDocument
    conflict: ConflictDocument


def conflict_of(document: CaseDocument, asked: ConflictAsked) -> ConflictDocument | None:
    """Return a conflict of a case; None: it is settled by now."""
    return next((one for one in document["conflicts"] if asked_of(one) == asked), None)


def asked_of(conflict: ConflictDocument) -> ConflictAsked:
    """Return what names a conflict in an address."""
    return ConflictAsked(conflict["rule"], conflict["field"], conflict["matter"], conflict["instance"])


def ruling_page(frame: Frame, view: RulingView) -> str:
    """Return the page."""
    posted = view.sheet.posted
    values = sheet_values(frame, view.sheet)
    held = list(held_by(view, frame))
    return render(
        "rulings/ruling",
        frame,
        **_about(frame, view),
        address=ruling_address(frame, view.document["case_id"], view.conflict),
        held=held,
        paused=len(held) or _paused(view, frame.policy),
        freed=[one for one in held if not one.besides],
        told=list(dict.fromkeys(one.department for one in held if not one.besides)),
        chosen=(posted.get("one.in_favour_of") or ("",))[0],
        reason=(posted.get("text.reason") or ("",))[0],
        decisive=view.conflict["decisive"],
        others=len(view.document["conflicts"]) - 1,
        ask=ASK,
        alike=ALIKE,
        **{name: values[name] for name in ("hidden", "wrong", "changes")},
    )


def asked_page(frame: Frame, view: RulingView) -> str:
    """Return the page for whoever takes no side: whom to ask about what."""
    return render("rulings/asked", frame, **_about(frame, view))


def ruling_address(frame: Frame, case_id: str, conflict: ConflictDocument) -> str:
    """Return where a conflict is decided."""
    return frame.addresses.page(f"/cases/{case_id}/ruling", **asked_of(conflict)._asdict())


def _about(frame: Frame, view: RulingView) -> dict[str, object]:
    conflict, deceased = view.conflict, view.document["form"]["deceased"]
    field = field_words(conflict["field"], frame.policy)
    name = deceased.get("name")
    return {
        "case_id": view.document["case_id"],
        "title": conflict_words(conflict["rule"], frame.policy) if conflict["rule"] else field,
        "name": (name["value"] or "") if name else "",
        "about": frame.naming.matter(conflict["matter"], conflict["instance"]) if conflict["matter"] else "",
        "of_applicants": conflict["rule"] == APPLICANTS_DIFFER,
        "rivals": list(_rivals(frame, view)),
    }


def _rivals(frame: Frame, view: RulingView) -> Iterator[RivalView]:
    applications = {one["record_id"]: one for one in view.document["applications"]}
    for alike in _alike(view.conflict):
        application = applications.get(alike[0]["record_id"])
        facts = _of_application(frame, application) if application else ()
        yield RivalView(
            tuple(one["record_id"] for one in alike),
            alike[0]["value"],
            tuple(_source(frame, view, one) for one in alike),
            tuple(frame.naming.moment(one["recorded_at"]) for one in alike),
            tuple(facts),
        )


def _alike(conflict: ConflictDocument) -> Iterable[list[ConflictingValueDocument]]:
    """Return the values by what they say; of applicants each alone: two may have one name."""
    if conflict["rule"] == APPLICANTS_DIFFER:
        return [[one] for one in conflict["values"]]
    sides: dict[str, list[ConflictingValueDocument]] = {}
    for one in conflict["values"]:
        sides.setdefault(one["value"], []).append(one)
    return sides.values()


def _source(frame: Frame, view: RulingView, one: ConflictingValueDocument) -> str:
    """Return whose record says so: its kind, its revision, and the department."""
    department = frame.naming.department(one["department"])
    entry = next((it for it in view.document["records"] if it["record_id"] == one["record_id"]), None)
    if entry is None:
        return department
    told = LABELS["source"].filled(
        record=frame.naming.record(entry["type"]), revision=entry["revision"], department=department
    )
    return frame.naming.say(told)


def _of_application(frame: Frame, one: ApplicationEntryDocument) -> Iterator[tuple[Words, str]]:
    naming, relation = frame.naming, one["applicant"].get("relation")
    yield LABELS["relation"], (relation["value"] or "") if relation else ""
    yield LABELS["channel"], naming.say(words(CODES, one["channel"])) if one["channel"] else ""
    yield LABELS["applied"], naming.listed(str(number) for number in one["matters"])


def held_by(view: RulingView, frame: Frame) -> Iterator[HeldMatter]:
    """Yield the matters that wait for the decision, as the case says it."""
    awaited = _awaited(view.conflict, frame.policy)
    for one in view.document["matters"]:
        waits = [it["prerequisite"] for it in one["waiting_for"]]
        if one["state"] not in OVER and awaited in waits and _is_about(view.conflict, one):
            besides = (
                frame.naming.say(prerequisite_words(it, frame.policy)) for it in waits if it != awaited
            )
            yield HeldMatter(
                frame.naming.matter(one["matter"], one["instance"]),
                frame.naming.say(department_words(one["department"], frame.policy)),
                tuple(besides),
            )


def _paused(view: RulingView, policy: Policy) -> int:
    """Return how many matters pause since records are held until it is clear whose they are."""
    if not view.conflict["decisive"] or _awaited(view.conflict, policy) is not None:
        return 0
    return sum(one["state"] == "SUSPENDED" for one in view.document["matters"])


def _awaited(conflict: ConflictDocument, policy: Policy) -> str | None:
    """Return for what the matters wait that a conflict holds; None: it holds nothing."""
    if conflict["rule"] == APPLICANTS_DIFFER:
        return CHOICE
    holds = next((one.holds for one in policy.conflicts if one.rule == conflict["rule"]), None)
    return SETTLEMENT if holds == MONEY else holds


def _is_about(conflict: ConflictDocument, matter: MatterDocument) -> bool:
    about = conflict["matter"], conflict["instance"]
    return about == (None, None) or about == (matter["matter"], matter["instance"])
