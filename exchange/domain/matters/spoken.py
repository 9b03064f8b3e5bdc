"""What was said of one matter, or of one bank's: who asks for it, and what its department answered."""

from dataclasses import dataclass

from exchange.domain.matters.answers import RETURNED, answers_of
from exchange.domain.matters.groups import Group, asked_by, asking, is_about
from exchange.domain.policy_files.models import Matter
from exchange.domain.records.findings import Facts
from verification.records import Record

Records = tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The records that speak of a matter, each kind the first recorded first.

    Attributes:
        asked_by: The applications in force, those too that a handler overruled.
        asking: Those that were not overruled.
        results: What its department said and did not take back. All in force, not one per fact: two banks'
            results of one matter may differ in their issuer alone.
        moving: Those that move the matter: some answer a late application, or one of several.
        disposals: Those of these that change its state: one that asks to put something right does not.
    """

    asked_by: Records
    asking: Records
    results: Records
    moving: Records
    disposals: Records

    @property
    def disposed(self) -> Record | None:
        """Return the last result that changed the matter's state."""
        return self.disposals[-1] if self.disposals else None

    @property
    def asked(self) -> Records:
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
        """Return the last result if it asks to put something right, until the family applies anew."""
        last = self.moving[-1] if self.moving else None
        if last is None or last.facts["outcome"] != RETURNED:
            return None
        return None if any(one.recorded_at > last.recorded_at for one in self.asking) else last


def spoken_of(matter: Matter, group: Group, facts: Facts) -> Spoken:
    """Return what was said of the matter."""
    asked, asks = asked_by(matter, group, facts), asking(matter, group, facts)
    results = _results(matter, group, facts)
    if not matter.done_by.result:
        return Spoken(asked, asks, results, results, ())
    moving = answers_of(results, asks, facts).moving
    disposals = tuple(result for result in moving if result.facts["outcome"] != RETURNED)
    return Spoken(asked, asks, results, moving, disposals)


def _results(matter: Matter, group: Group, facts: Facts) -> Records:
    return tuple([one for one in facts.live.get("result", ()) if is_about(one, matter, group)])
