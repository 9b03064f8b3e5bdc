"""The page of transitions is made from the engine; here each of its cells is held to the rules."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Final

import pytest

from exchange.domain.matters.views import ANNOUNCED, UNDER_WAY
from exchange.domain.values import CaseState, Told
from tools.pages.transitions.cells import TransitionCell, tables
from tools.pages.transitions.history import History
from tools.pages.transitions.page import BLOCKS, families, render
from tools.pages.transitions.rows import rows_of
from tools.pages.transitions.words import cell_text

pytestmark = pytest.mark.xdist_group("cells")  # made once for both modules, in seconds

Place = tuple[str, str]
"""The key of an event, and the point of life at which it comes."""
HOUR: Final = timedelta(hours=1)
REVOKED: Final = "certificate revoked"
Rule = Callable[[TransitionCell], bool]

TAKEN_BACK: Final = {"SUSPENDED", "RECOVERY"}


def goes_on_only_with_a_death(cell: TransitionCell) -> bool:
    """Nobody works on the matter of somebody who is not known to be dead."""
    assert cell.after.case
    return bool(cell.after.case.facts.death_proofs) or cell.now.state not in UNDER_WAY


def stays_completed(cell: TransitionCell) -> bool:
    """What is done is undone only by those who did it: their record falls, or they say otherwise."""
    if cell.was.state != "COMPLETED" or cell.now.state == "COMPLETED":
        return True
    final = {record.record_id for record in cell.was.final}
    return bool(final - _words(cell.after) or _words(cell.after) - _words(cell.before))


def withdraws_what_it_told(cell: TransitionCell) -> bool:
    """Whoever was told of what stands no longer hears that it was taken back."""
    stands = cell.now.department if cell.now.state in ANNOUNCED else None
    return all(one.transition == "SUSPENDED" or one.department == stands for one in _told(cell))


def suspends_what_it_told(cell: TransitionCell) -> bool:
    """What a department had on its desk is suspended, and does not look as if nobody had ever begun it."""
    return not _told(cell) or cell.now.state != "WAITING"


def never_says_an_id_twice(cell: TransitionCell) -> bool:
    """A reader drops what it knows: what stands again must not look like what stood before."""
    ids = [one.id for one in (*cell.before.heard, *cell.before.announcements, *cell.announcements)]
    return len(ids) == len(set(ids))


def tells_nothing_twice(cell: TransitionCell) -> bool:
    """A department is told once for each set of proofs, unless it was told something else in between."""
    last = {one.department: one for one in (*cell.before.heard, *cell.before.announcements)}
    for one in cell.announcements:
        before = last.get(one.department)
        if before and (before.transition, before.proofs) == (one.transition, one.proofs):
            return False
        last[one.department] = one
    return True


def wants_every_withdrawal_acknowledged(cell: TransitionCell) -> bool:
    """Who was told that something is taken back has to say that it was heard."""
    owed = {task.subject for task in _state(cell).tasks if task.kind == "ACKNOWLEDGE"}
    return all(one.id in owed for one in cell.announcements if one.transition in TAKEN_BACK)


def owes_a_recovery_while_there_is_one(cell: TransitionCell) -> bool:
    """What was paid out on a death that was none is on somebody's list, and on nobody's else."""
    return cell.now.recovery == any(task.kind == "RECOVER" for task in _state(cell).tasks)


def marks_corrections_alone(cell: TransitionCell) -> bool:
    """What was revoked and issued anew within the hour is no second death, and says so; nothing else does."""
    told = {one.department for one in (*cell.before.heard, *cell.before.announcements)}
    anew = set(_issued_anew(cell))
    for one in cell.announcements:
        forward = one.transition not in TAKEN_BACK
        if one.correction != (forward and one.department in told and bool(anew & set(one.proofs))):
            return False
        told.add(one.department)
    return True


RULES: Final[tuple[Rule, ...]] = (
    goes_on_only_with_a_death,
    stays_completed,
    withdraws_what_it_told,
    suspends_what_it_told,
    never_says_an_id_twice,
    tells_nothing_twice,
    wants_every_withdrawal_acknowledged,
    owes_a_recovery_while_there_is_one,
    marks_corrections_alone,
)


def broken(rule: Rule) -> dict[str, set[str]]:
    """Where a rule is not kept: event → points of life."""
    found = defaultdict(set)
    for table in tables():
        for (event, point), cell in table.cells.items():
            if not rule(cell):
                found[event].add(point)
    return dict(found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_a_rule_holds_in_every_cell(rule: Rule) -> None:
    """What a department is promised holds for every matter, wherever it stands and whatever happens."""
    assert broken(rule) == {}


def spoilt() -> Iterator[tuple[Rule, TransitionCell]]:
    """For each rule a cell that breaks it, made of one that does not."""
    ready, revoked = cell_of("certificate amended: another cause", "READY"), cell_of(REVOKED, "READY")
    done, anew = cell_of(REVOKED, "COMPLETED"), cell_of(f"{REVOKED} and issued anew within the hour", "READY")
    waiting = cell_of("held by a handler", "WAITING for data").after
    assert ready.after.case
    (news,) = ready.announcements
    no_proof = replace(ready.after.case, facts=replace(ready.after.case.facts, death_proofs=()))
    yield goes_on_only_with_a_death, replace(ready, after=replace(ready.after, case=no_proof))
    assert done.after.case
    undone = replace(done.after.case, matters=(replace(done.now, state="READY"),))
    yield stays_completed, replace(done, after=replace(done.after, case=undone))
    yield withdraws_what_it_told, replace(revoked, after=replace(revoked.after, cases=revoked.before.cases))
    yield suspends_what_it_told, replace(revoked, after=replace(revoked.after, case=waiting.case))
    yield never_says_an_id_twice, replace(ready, announcements=(news, news))
    yield tells_nothing_twice, replace(ready, announcements=(news, replace(news, id="another")))
    for rule in (wants_every_withdrawal_acknowledged, owes_a_recovery_while_there_is_one):
        forgotten = {key: replace(state, tasks=()) for key, state in done.after.cases.items()}
        yield rule, replace(done, after=replace(done.after, cases=forgotten))
    unmarked = tuple(replace(one, correction=False) for one in anew.announcements)
    yield marks_corrections_alone, replace(anew, announcements=unmarked)


def test_each_rule_finds_a_cell_that_breaks_it() -> None:
    """A check that cannot fail is none."""
    cells = dict(spoilt())
    assert set(cells) == set(RULES)
    assert [rule.__name__ for rule, cell in cells.items() if rule(cell)] == []


def test_every_cell_is_on_the_page_in_a_row_of_its_matter() -> None:
    """Matters stand in one row only where they do the same."""
    for table in tables():
        family = next(tables for _, tables in families() if table in tables)
        for points in BLOCKS:
            rows = {
                (e.key, n): row.texts
                for row in rows_of(family, points)
                for e in row.events
                for n in row.matters
            }
            for (event, point), cell in table.cells.items():
                if point in points and cell_text(cell):
                    assert rows[event, table.matter][points.index(point)] == cell_text(cell)


def test_the_page_has_every_matter_at_every_point_and_can_be_read() -> None:
    """All twelve are there, each from waiting to the end, and nobody has to scroll for an hour."""
    page = render()
    assert sorted(table.matter for _, family in families() for table in family) == list(range(1, 13))
    assert {point for table in tables() for point in table.points} == {p for block in BLOCKS for p in block}
    assert all(point in page for block in BLOCKS for point in block)
    assert page.count("\n") <= 250


def cell_of(event: str, point: str, matter: int = 4) -> TransitionCell:
    """One cell of a matter's table."""
    return tables()[matter - 1].cells[event, point]


def _told(cell: TransitionCell) -> tuple[Told, ...]:
    return _state(cell).told


def _state(cell: TransitionCell) -> CaseState:
    return cell.after.cases[cell.after.person]


def _words(history: History) -> set[str]:
    """What says that the matter is done, or how far it is."""
    assert history.case
    (matter,) = history.policy.matters
    return {
        record.record_id
        for name in matter.done_by.record or ("result",)
        for record in history.case.facts.live.get(name, ())
    }


def _issued_anew(cell: TransitionCell) -> Iterator[str]:
    """The records that came within the hour after one of their kind was revoked."""
    for entry, former in product(_state(cell).taken, repeat=2):
        same = (entry.record.type, entry.record.department) == (former.record.type, former.record.department)
        gap = datetime.fromisoformat(entry.taken_at) - datetime.fromisoformat(former.taken_at)
        if same and former.record.action == "REVOKED" and timedelta(0) < gap <= HOUR:
            yield entry.record.record_id
