"""How a matter stands after who applied and what handlers decided."""

from dataclasses import replace

from exchange.domain.matters.answers import application_views
from exchange.domain.matters.applications import are_of_several, ruling_on
from exchange.domain.matters.decisions import HELD
from exchange.domain.matters.examinations import as_examined
from exchange.domain.matters.views import ANNOUNCED, COUNTING, UNDER_WAY, MatterView, WaitingFor
from exchange.domain.matters.ways_out import with_own_ways_out
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import MONEY_MATTERS
from exchange.domain.records.findings import Facts

RELEASE, CHOICE, SETTLEMENT = "release", "choice_of_applicant", "settlement"
"""Words that a matter waits for; a handler owes them."""


def as_decided(views: tuple[MatterView, ...], facts: Facts, policy: Policy) -> tuple[MatterView, ...]:
    """Return the views with their applications: one is on hold while a handler says so, or has to decide."""
    views = tuple(_as_applied(view, facts, policy) if view.asked else view for view in views)
    views = tuple(_as_settled(view, facts, policy) for view in views)
    views = tuple(_as_held(view, policy) if view.hold else view for view in views)
    views = tuple(_with_applications(view, facts, policy) for view in views)
    return tuple(as_examined(view, facts, policy.window) if view.asked else view for view in views)


def _with_applications(view: MatterView, facts: Facts, policy: Policy) -> MatterView:
    """Add the applications; who applies after the matter is completed may be kept waiting like the first."""
    matter = policy.by_number[view.matter]
    held = view.state == "COMPLETED" and (
        bool(view.missing)
        or (view.hold is not None and view.hold.facts["kind"] == HELD)
        or (facts.money_held and view.matter in policy.money_matters)
        or (are_of_several(view.asked) and view.matter in policy.of_one_applicant)
    )
    applied = application_views(view, facts, policy.window_rule, by_result=matter.done_by.result, held=held)
    return with_own_ways_out(applied, matter, facts, policy)


def _as_applied(view: MatterView, facts: Facts, policy: Policy) -> MatterView:
    """Let a matter that is one applicant's wait for a handler where several people applied for it.

    The decision between them is then a proof. The other matters go on for each: all who ask are proofs.
    """
    if view.state not in {"WAITING", "APPLIED", "ACCEPTED", "SUSPENDED"}:
        return view
    if are_of_several(view.asked):
        if view.matter in policy.of_one_applicant:
            return _waiting_for(CHOICE, view, policy)
        return replace(view, proofs=(*view.proofs, *view.asked)) if view.state in COUNTING else view
    ruling = ruling_on(view.matter, facts)
    return replace(view, proofs=(*view.proofs, ruling)) if ruling and view.state in ANNOUNCED else view


def _as_settled(view: MatterView, facts: Facts, policy: Policy) -> MatterView:
    """Let a money matter wait while the corroboration contradicts the proof; the decision then proves."""
    if view.matter not in policy.money_matters or view.state in {"COMPLETED", "NOT_APPLICABLE"}:
        return view
    if facts.money_held:
        return _waiting_for(SETTLEMENT, view, policy)
    decided = facts.deciding(MONEY_MATTERS)
    return replace(view, proofs=(*view.proofs, *decided)) if decided and view.state in ANNOUNCED else view


def _as_held(view: MatterView, policy: Policy) -> MatterView:
    """Apply a handler's last word: a matter on hold waits for its release; a release is a proof."""
    if view.hold is None or view.state == "NOT_APPLICABLE":
        return view
    if view.hold.facts["kind"] == HELD:
        if view.state == "COMPLETED":
            return view
        return _waiting_for(RELEASE, view, policy)
    return replace(view, proofs=(*view.proofs, view.hold)) if view.state in ANNOUNCED else view


def _waiting_for(word: str, view: MatterView, policy: Policy) -> MatterView:
    state = "SUSPENDED" if view.state in UNDER_WAY else view.state
    return replace(
        view, state=state, waiting_for=(*view.waiting_for, WaitingFor(word, (policy.window,), None))
    )
