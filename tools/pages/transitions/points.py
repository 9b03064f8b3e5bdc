"""The points of a matter's life, as data: what is published to bring a matter there."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from exchange.domain.matters.views import MatterView
from exchange.domain.policy import Policy
from tools.pages.transitions.history import History, ImpossibleStepError
from tools.pages.transitions.records import NUMBER, PERMIT, RecordPlan
from tools.pages.transitions.steps import Steps, decided, issued, revoked


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A point of life.

    Attributes:
        state: The state of a matter there; a matter that never reaches it has no such point.
        steps: What happens; a step for which the matter has no record is left out.
        why: What tells the point from another with the same state.
        upon: The point from which it starts.
        person: Whose life it is.
    """

    state: str
    steps: Steps
    why: str = ""
    upon: "Point | None" = None
    person: str = NUMBER

    @property
    def name(self) -> str:
        """What the page calls it."""
        return f"{self.state} {self.why}".strip()


_KNOWN = Point("WAITING", (issued("known"), issued("deed"), issued("deciding")), "for death")
_READY = Point("READY", (issued("proof"),), upon=_KNOWN)
_APPLIED = Point("APPLIED", (issued("application"),), upon=_READY)
_ACCEPTED = Point("ACCEPTED", (issued("result", "accepted"),), upon=_APPLIED)
_COMPLETED = Point("COMPLETED", (issued("result", "done"),), upon=_ACCEPTED)

POINTS: Final = (
    Point("NOT_APPLICABLE", (issued("deed"), issued("deciding", "otherwise"), issued("proof")), "by record"),
    Point("NOT_APPLICABLE", (issued("known"), issued("declaration")), "by record"),
    Point("NOT_APPLICABLE", (issued("known"), issued("proof")), "by record", person=PERMIT),
    Point("WAITING", (issued("known"), issued("deed"), issued("proof")), "for data"),
    _KNOWN,
    _READY,
    _APPLIED,
    _ACCEPTED,
    Point("REJECTED", (issued("result", "rejected"),), upon=_APPLIED),
    _COMPLETED,
    Point("RECOVERY", (revoked("proof"),), upon=_COMPLETED),
    Point("SUSPENDED", (revoked("proof"),), "revoked", _APPLIED),
    Point("SUSPENDED", (decided("hold", "MATTER_HELD"),), "held", _APPLIED),
    Point("NOT_APPLICABLE", (decided("finding", "MATTER_NOT_APPLICABLE"),), "decided", _READY),
)


def view_of(history: History) -> MatterView:
    """Return the history's matter as it stands."""
    assert history.case is not None  # noqa: S101 - every life has at least one step
    views = [view for view in history.case.matters if view.matter == history.plan.matter]
    return next((view for view in views if view.instance == history.plan.instance), views[0])


def state_of(view: MatterView) -> str:
    """Return the state; one that is completed but to be recovered goes by the name of its announcement."""
    return "RECOVERY" if view.recovery else view.state


def points_of(plan: RecordPlan, policy: Policy) -> dict[str, History]:
    """Return the points to which the matter comes, by name, with the history that leads there."""
    lived: dict[Point, History] = {}
    for point in POINTS:
        begun = lived[point.upon] if point.upon else History(plan, policy, point.person)
        lived[point] = _lived(begun, point.steps)
    return {
        point.name: history for point, history in lived.items() if state_of(view_of(history)) == point.state
    }


def _lived(history: History, steps: Steps) -> History:
    for step in steps:
        with suppress(ImpossibleStepError):
            history = history.after(step)
    return history
