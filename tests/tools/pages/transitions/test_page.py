"""The page of transitions is made from the engine; here every cell is held to the rules."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from exchange.domain.matters.views import ANNOUNCED, UNDER_WAY
from exchange.domain.values import CaseState, Told
from exchange.runtime.city import City
from tests.cells import each_cell
from tests.examples import share
from tests.own_types import TRANSFER, own_city
from tests.second_city import second_city
from tools.pages.transitions.cells import TransitionCell, table_of, tables
from tools.pages.transitions.events import EVENTS
from tools.pages.transitions.history import History
from tools.pages.transitions.page import COLUMNS, LABELS, outcome_of, render

Place = tuple[str, str]
"""The key of an event, and the point of life at which it comes."""
CITY: Final = City()
HOUR: Final = timedelta(hours=1)
REVOKED: Final = "certificate revoked"
POINTS: Final = {point for points in COLUMNS.values() for point in points}
ROWS: Final = {event: said.en.removeprefix("… and ") for event, said in LABELS.table("events").items()}
NOTHING: Final = LABELS["nothing"].both("en", " ")
Rule = Callable[[TransitionCell], bool]

TAKEN_BACK: Final = {"SUSPENDED", "RECOVERY"}


OPENED: Final = {one.matter for one in CITY.policy.matters if one.opened_by_application}


def goes_on_only_with_a_death(cell: TransitionCell) -> bool:
    """Nobody works on the matter of somebody who is not known to be dead, but for what proves the death."""
    assert cell.after.case
    if cell.now.state == "APPLIED" and cell.now.matter in OPENED:
        return True
    return bool(cell.after.case.facts.death_proofs) or cell.now.state not in UNDER_WAY


def stays_completed(cell: TransitionCell) -> bool:
    """What is done is undone only by those who did it: their record falls, or they say otherwise."""
    if cell.was.state != "COMPLETED" or cell.now.state == "COMPLETED":
        return True
    final = {record.record_id for record in cell.was.final}
    return bool(final - _words(cell.after) or _words(cell.after) - _words(cell.before))


def withdraws_what_it_told(cell: TransitionCell) -> bool:
    """Whoever was told of something that no longer stands hears that it was taken back."""
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
    """Whoever was told that something is taken back has to say that it was heard."""
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
    for table in (table_of(number, CITY) for number in share(tuple(CITY.policy.by_number))):
        for (event, point), cell in table.cells.items():
            if not rule(cell):
                found[event].add(point)
    return dict(found)


@each_cell("rule", RULES, ids=lambda rule: str(rule.__name__))
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


@pytest.mark.complete
def test_the_page_tells_of_every_cell_what_comes_of_it() -> None:
    """A matter that does otherwise than most is named; all others do what their row says."""
    page = render()
    for table in tables(CITY):
        for (event, point), cell in table.cells.items():
            if event in ROWS and point in POINTS and not is_usual(table.matter, event, point):
                named = outcome_of(cell, point) or NOTHING
                lines = [one for one in page.splitlines() if is_of(one, ROWS[event], table.matter, named)]
                assert any(f"`{point.split()[0]}`" in one.rpartition(" from ")[2] for one in lines)


def is_usual(matter: int, event: str, point: str) -> bool:
    """Whether most matters do what this one does."""
    outcomes = {
        table.matter: outcome_of(table.cells[event, point], point)
        for table in tables(CITY)
        if (event, point) in table.cells
    }
    return list(outcomes.values()).count(outcomes[matter]) * 2 > len(outcomes)


def is_of(line: str, row: str, matter: int, outcome: str) -> bool:
    """Whether a line of exceptions tells this of this matter."""
    found = re.fullmatch(rf"- {re.escape(row)}, matter ([0-9, ]+): {re.escape(outcome)} from .*", line)
    return found is not None and str(matter) in found[1].split(", ")


@pytest.mark.complete
def test_every_row_is_an_event_and_every_point_of_life_has_its_column() -> None:
    """No row is empty because its event has another name by now, and nothing that happens has no place."""
    assert set(ROWS) <= {event.key for event in EVENTS}
    apart = {"NOT_APPLICABLE by record", "NOT_APPLICABLE decided"}
    assert {point for table in tables(CITY) for point in table.points} == POINTS | apart


@pytest.mark.complete
def test_a_city_reads_of_its_own_matters_and_of_no_other(tmp_path: Path) -> None:
    """A matter that it has added has a life of its own, of a vehicle; one that it took out is not there."""
    more, fewer = own_city(tmp_path / "more"), second_city(tmp_path / "fewer")
    assert {"WAITING for data", "READY", "COMPLETED", "RECOVERY"} <= {*table_of(TRANSFER, more).points}
    assert [TRANSFER in numbers_on(render(city)) for city in (more, fewer)] == [True, False]
    assert {table.matter for table in tables(fewer)} == set(fewer.policy.by_number)


def numbers_on(page: str) -> set[int]:
    """The matters that the page names."""
    return {int(one) for found in re.findall(r", matter ([0-9, ]+): ", page) for one in found.split(", ")}


@pytest.mark.complete
def test_the_page_can_be_read() -> None:
    """One screen of rows, and what a revoked certificate does stands in one of them."""
    page = render()
    assert page.count("\n") <= 60
    (row,) = (line for line in page.splitlines() if line.startswith("| the death certificate is revoked "))
    cells = [cell.strip() for cell in row.split("|")[2:-1]]
    assert cells[:5] == ["", "**`SUSPENDED` 已中止**", "**`RECOVERY` 须追回**", "", ""]
    assert cells[5] == "acknowledge the announcement 签收通知, recover what was paid or issued 追回"
    assert "matter 1: **`SUSPENDED` 已中止** from `COMPLETED`" in page


def cell_of(event: str, point: str, matter: int = 4) -> TransitionCell:
    """One cell of a matter's table."""
    return table_of(matter, CITY).cells[event, point]


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
