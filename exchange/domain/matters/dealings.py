"""The dealings in one matter, or in one bank's: who applies for it, and what its department answered."""

from dataclasses import dataclass

from exchange.domain.matters.answers import RETURNED, answers_of
from exchange.domain.matters.examinations import found_in_order_at
from exchange.domain.matters.groups import Group, asked_by, asking, is_about
from exchange.domain.policy_files.models import Matter
from exchange.domain.records.findings import Facts
from verification.records import Record


@dataclass(frozen=True, slots=True)
class Dealings:
    """The records that speak of a matter, each kind the first recorded first.

    Attributes:
        asked_by: The applications in force, those too that a handler overruled.
        asking: Those that were not overruled.
        results: What its department said and did not take back. All in force, not one per fact: two banks'
            results of one matter may differ in their issuer alone.
        moving: Those that move the matter: some answer a late application, or one of several.
        disposals: Those of these that change its state: one that asks to put something right does not.
        found_in_order_at: When the window last found an application in order (ISO instant, UTC).
    """

    asked_by: tuple[Record, ...]
    asking: tuple[Record, ...]
    results: tuple[Record, ...]
    moving: tuple[Record, ...]
    disposals: tuple[Record, ...]
    found_in_order_at: str = ""

    @property
    def disposed(self) -> Record | None:
        """Return the last result that changed the matter's state."""
        return self.disposals[-1] if self.disposals else None

    @property
    def asked(self) -> tuple[Record, ...]:
        """Return the applications since the department last rejected or completed the matter.

        If it took that back by accepting after all, the earlier applications are to be decided again.
        """
        ends = [result.recorded_at for result in self.disposals if result.facts["outcome"] != "ACCEPTED"]
        if not ends:
            return self.asking
        since = tuple(one for one in self.asking if one.recorded_at > max(ends))
        return since or (self.asking if self.disposals[-1].facts["outcome"] == "ACCEPTED" else ())

    @property
    def returned(self) -> Record | None:
        """Return the last result if it asks to put something right, until an application is put right."""
        last = self.moving[-1] if self.moving else None
        if last is None or last.facts["outcome"] != RETURNED:
            return None
        put_right = (self.found_in_order_at, *(one.recorded_at for one in self.asking))
        return None if max(put_right) > last.recorded_at else last


def dealings_of(matter: Matter, group: Group, facts: Facts) -> Dealings:
    """Return the dealings in the matter, as far as they stand."""
    asked, asks = asked_by(matter, group, facts), asking(matter, group, facts)
    results, in_order = _results(matter, group, facts), found_in_order_at(asks, facts)
    if not matter.done_by.result:
        return Dealings(asked, asks, results, results, (), in_order)
    moving = answers_of(results, asks, facts).moving
    disposals = tuple(result for result in moving if result.facts["outcome"] != RETURNED)
    return Dealings(asked, asks, results, moving, disposals, in_order)


def _results(matter: Matter, group: Group, facts: Facts) -> tuple[Record, ...]:
    return tuple([one for one in facts.live.get("result", ()) if is_about(one, matter, group)])
