"""Bugs in the days by which departments have to decide."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from exchange.domain.case import case_of
from exchange.domain.matters.examinations import asks_back, handed_in
from exchange.domain.matters.running import Span, spans_of
from exchange.domain.matters.states import views_of
from exchange.domain.matters.views import MatterKey, MatterView
from exchange.domain.policy import Policy
from exchange.domain.values import CaseState, Counted
from exchange.domain.views import Case
from tests.reference.histories import CERTIFICATE, LICENCE, WANTS_NO_LICENCE
from tests.reference.planted.bug import begin, planted, step
from verification.records import Record

ASKED = begin(CERTIFICATE, LICENCE, WANTS_NO_LICENCE)
ASKS_AGAIN = ("application", {"matters": [11], "recorded_at": "2026-05-20T09:00:00+08:00"})


@planted(
    "a limit counts from what a source says",
    rule="each record counts from the later of its recorded_at and the log's append time",
    instead_of=case_of,
    history=(ASKED,),
)
def as_recorded(state: CaseState, policy: Policy, *_: Any) -> Case:
    periods = policy.periods.model_copy(update={"count_from": "recorded"})
    return case_of(state, replace(policy, periods=periods))


@planted(
    "a pause that is over gives nothing back",
    rule="a limit stands still while the matter is suspended",
    instead_of=spans_of,
    history=(
        ASKED,
        step("decide_matter", kind="MATTER_HELD", on=(11, None)),
        step("wait", days=5),
        step("decide_matter", kind="MATTER_RELEASED", on=(11, None), days=1),
    ),
)
def never_stood_still(counted: Counted) -> Mapping[MatterKey, tuple[Span, ...]]:
    return {place: ((spans[0][0], spans[-1][1]),) for place, spans in spans_of(counted).items()}


@planted(
    "the count runs on though the application was returned",
    rule="RETURNED pauses the limit",
    instead_of=views_of,
    history=(ASKED, step("conclude", of=(11, "RETURNED"), days=30)),
)
def never_returned(*asked: Any) -> tuple[MatterView, ...]:
    return tuple(replace(view, returned=None) for view in views_of(*asked))


@planted(
    "what was put right still waits for the family",
    rule="until an amendment, an examination, or the next result",
    instead_of=views_of,
    history=(
        ASKED,
        step("conclude", of=(11, "RETURNED"), days=30),
        step("publish", made=ASKS_AGAIN),
    ),
)
def returned_for_ever(*asked: Any) -> tuple[MatterView, ...]:
    return tuple(
        replace(view, returned=next((r for r in view.results if r.facts["outcome"] == "RETURNED"), None))
        for view in views_of(*asked)
    )


@planted(
    "the count runs on though the window asked for something",
    rule="an examination with to_correct pauses the limit",
    instead_of=asks_back,
    history=(ASKED, step("examine", which=2, found={"to_correct": ["缺第二页"]}, days=40)),
)
def never_asked_back(*_: Any) -> Record | None:
    return None


@planted(
    "what the window saw is still missing",
    rule="materials seen and originals sighted are settled by an examination",
    instead_of=handed_in,
    history=(ASKED, step("examine", which=2, found={"materials": [{"kind": 3}]}, days=40)),
)
def never_seen(applications: Iterable[Record], _: Any) -> list[Mapping[str, Any]]:
    return [item for one in applications for item in one.facts.get("materials") or ()]
