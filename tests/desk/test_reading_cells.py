"""Every role × reading action × department × bank × county, both ways, through the use cases themselves.

The tables are written from who does what in the plan and from who sees what of a case, not from the policy.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import Final, cast

import pytest

from consumers.family.progress import CaseProgress
from consumers.history.past import CasePast
from consumers.read_model.assignments import Assignment
from consumers.read_model.queue_reader import QueueQuery
from consumers.statistics.report import StatisticsFilter
from exchange.desk.actions.table import FORMS
from exchange.desk.asker import SHELL, Asker, NotAllowedError, shell
from exchange.desk.claims import CaseMatter, assign, claim, release
from exchange.desk.desk import Desk
from exchange.desk.form import fill_form
from exchange.desk.look import LookRequest, look
from exchange.desk.looks import looks, looks_for_family
from exchange.desk.other_looks import note_following, note_quarantined, note_replay
from exchange.desk.owed import OwedRequest, owed
from exchange.desk.past import look_as_of, look_back
from exchange.desk.persons import AskedPerson
from exchange.desk.progress import ProgressRequest, read_progress
from exchange.desk.queue import count, queue
from exchange.desk.search import search
from exchange.desk.statistics import read_statistics
from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import Account
from exchange.runtime.errors import ExchangeError
from exchange.runtime.settings import Settings
from tests.access_tables import TABLE
from tests.cases import applied, examined, given, next_of, record_id
from tests.conftest import PARTS
from tests.consumers.history.past_world import PastWorld
from tests.desk.made_desk import KeptAccesses, made_desk, project
from tests.people import LI_XIULAN, id_number

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="makes a database of its own as the owner")
OTHER: Final = id_number(sequence=401)
NOBODY: Final = id_number(sequence=403)
LOADED: Final = id_number(sequence=407)
"""Of whom all that is known is history: no department was told of the death."""
COUNTIES: Final = {"620502": "秦州区", "620503": "麦积区"}
BANKS: Final = ("甘肃银行", "兰州银行")
POLICE, BANKING = "police", "financial_regulation"
DEPARTMENTS: Final = ("health", POLICE, BANKING, "justice")
REASON: Final = "核对身份"
CHILDREN: Final = {"son": "2026-03-20T10:00:00+08:00", "daughter": "2026-03-20T11:00:00+08:00"}
"""Who has applied for a parent's matters, and when that was examined."""


@dataclass(frozen=True)
class Town:
    """Two people of two counties, each with an account in another bank."""

    desk: Desk
    people: Mapping[str, AskedPerson]
    """County → whose case it is."""
    past: CasePast

    @property
    def accesses(self) -> KeptAccesses:
        """What was noted."""
        return cast(KeptAccesses, self.desk.access)


@pytest.fixture(scope="module")
def town(stack: Settings) -> Iterator[Town]:
    """A read model of its own."""
    world, people = PastWorld(), {}
    for number, (county, person) in enumerate(zip(COUNTIES, (LI_XIULAN, OTHER), strict=True)):
        who = {"id_number": person, "name": ("李秀兰", "王建国")[number]}
        label = county if number else ""
        world.publish(given("hukou_cancellation", label, county=COUNTIES[county], **who))
        world.publish(given("bank_deposit", label, bank_name=BANKS[number], **who))
        world.publish(given("death_certificate", label, certificate_no=f"甘死证第{number}号", **who))
        world.publish(applied(3, 9, label=label, **who))
        people[county] = AskedPerson(person, world.case_id(person))
    loaded = {"id_number": LOADED, "name": "赵玉兰", "backfill": True}
    for record_type in ("hukou_cancellation", "death_certificate"):
        world.publish(given(record_type, "loaded", **loaded))
    with made_desk(stack, world, "cells_of_a_test") as desk:
        yield Town(desk, people, world.past)


def kept(role: str, department: str, bank: str, county: str) -> WorkPlace:
    """What an account of a role is kept within there; an applicant, some other case."""
    everything = {"department": department, "bank": bank, "county": county, "case": ""}
    return cast(WorkPlace, {name: everything[name] for name in TABLE.roles[role].within})


def tried(town: Town, use: Callable[[], object]) -> str:
    """What comes of asking: `shown`, `nothing` or `refused`; who is refused leaves no record of a look."""
    before = len(town.accesses.noted)
    try:
        found = use()
    except NotAllowedError:
        assert len(town.accesses.noted) == before, "a refusal shows nobody"
        return "refused"
    return "shown" if found else "nothing"


# What is asked, and by whom it may be. What is made of all that was said is for those who see the whole.
HANDLERS: Final = {"department_handler", "supervisor", "county"}
WHOLE: Final = {"window_clerk", "auditor", SHELL}
Use = Callable[[Town, Asker, AskedPerson], object]
USES: Final[dict[str, tuple[set[str], Use]]] = {
    "look": (
        HANDLERS | {"bank_clerk"} | WHOLE,
        lambda town, asker, one: look(town.desk, asker, one, LookRequest()),
    ),
    "unmask": (
        HANDLERS | {"window_clerk", SHELL},
        lambda town, asker, one: look(town.desk, asker, one, LookRequest(unmask=True, reason=REASON)),
    ),
    "form": (
        {"window_clerk", SHELL},
        lambda town, asker, one: fill_form(town.desk, asker, one, "", REASON),
    ),
    "search": (
        HANDLERS | WHOLE,
        lambda town, asker, one: search(town.desk, asker, one.asked),
    ),
}


def sees(role: str, department: str, bank: str, county: str, of: str) -> bool:
    """Say whether somebody of a role is shown a person: one's own county's, one's own bank's."""
    if role in WHOLE:
        return True
    number = list(COUNTIES).index(of)
    if role == "bank_clerk":
        return department == BANKING and BANKS[number] == bank
    return role != "county" or county == of


@pytest.mark.parametrize("name", USES)
def test_each_role_is_shown_its_own_people_and_no_others(town: Town, name: str) -> None:
    """Both ways, and counted: as many cells are refused or shown as the table says, none is left out."""
    may, use = USES[name]
    outcomes = {"shown": 0, "nothing": 0, "refused": 0}
    for role, department, bank, county, of in product(TABLE.roles, DEPARTMENTS, BANKS, COUNTIES, COUNTIES):
        asker = Asker("zhang", role, kept(role, department, bank, county), "api")
        wanted = "refused" if role not in may else "nothing"
        if role in may and sees(role, department, bank, county, of):
            wanted = "shown"
        got = tried(town, lambda asker=asker, of=of: use(town, asker, town.people[of]))  # type: ignore[misc]
        assert got == wanted, (role, department, bank, county, of)
        if got == "shown":
            assert town.accesses.shown() == [town.people[of].case_id]
        outcomes[got] += 1
    assert sum(outcomes.values()) == len(TABLE.roles) * len(DEPARTMENTS) * len(BANKS) * 2 * 2
    assert min(outcomes["shown"], outcomes["refused"]) > 0, outcomes


def askers(county: str = "620502") -> Iterator[tuple[str, str, str, Asker]]:
    """Somebody of every role, in every department and bank, of one county."""
    for role, department, bank in product(TABLE.roles, DEPARTMENTS, BANKS):
        yield role, department, bank, Asker("zhang", role, kept(role, department, bank, county), "api")


def test_queues_hold_the_own_matters_and_name_whom_they_show(town: Town) -> None:
    """Of the own department, bank and county; names whole for the department itself and for the window."""
    may = HANDLERS | {"bank_clerk", "window_clerk", SHELL}
    seen = {"refused": 0, "lines": 0}
    for role, department, bank, asker in askers():
        if role not in may:
            with pytest.raises(NotAllowedError):
                queue(town.desk, asker, QueueQuery(()))
            with pytest.raises(NotAllowedError):
                count(town.desk, asker, QueueQuery(()))
            seen["refused"] += 1
            continue
        lines = queue(town.desk, asker, QueueQuery(())).lines
        assert {*town.accesses.shown()} == {line.case_id for line in lines}
        assert sum(count(town.desk, asker, QueueQuery(())).by_state.values()) == len(lines)
        if role not in {"window_clerk", SHELL}:
            assert {line.department for line in lines} <= {department}
        if role == "bank_clerk":
            assert {line.instance for line in lines} == ({bank} if department == BANKING else set())
        if role == "county":
            assert {line.county for line in lines} <= {"秦州区"}
        assert not any("*" in (line.name or "") for line in lines)
        seen["lines"] += len(lines)
    assert seen["refused"] == (len(TABLE.roles) - len(may)) * len(DEPARTMENTS) * len(BANKS)
    assert seen["lines"] > 0


def test_a_matter_of_which_a_department_was_not_told_is_in_no_queue_of_it(town: Town) -> None:
    """As the case itself says nothing to it; whoever sees the case whole has it in the list."""
    case_id = town.desk.case_ids.of_key(LOADED)
    handler = Asker("zhang", "department_handler", {"department": "justice"}, "api")
    for asker, sees_it in ((handler, False), (Asker("li", "window_clerk", {}, "api"), True)):
        lines = queue(town.desk, asker, QueueQuery(("justice",))).lines
        assert (case_id in {line.case_id for line in lines}) is sees_it
        assert bool(look(town.desk, asker, AskedPerson(LOADED, case_id), LookRequest())) is sees_it
        assert sum(count(town.desk, asker, QueueQuery(("justice",))).by_state.values()) == len(lines)
    county = replace(handler, role="county", kept_within={"department": "justice", "county": "620502"})
    own = queue(town.desk, county, QueueQuery(())).lines
    assert {line.case_id for line in own} == {town.people["620502"].case_id}


def test_a_case_is_found_by_the_number_of_the_death_certificate(town: Town) -> None:
    """By whoever is shown the case: the number stands in what civil affairs was told."""
    for number, person in enumerate(town.people.values()):
        for role in ("department_handler", "window_clerk"):
            asker = Asker("zhang", role, kept(role, "civil_affairs", "", ""), "api")
            found = search(town.desk, asker, f"甘死证 第{number}号")
            assert [one.case_id for one in found] == [person.case_id]
    assert search(town.desk, shell("li"), "甘死证第7号") == ()


def test_another_departments_queue_is_refused(town: Town) -> None:
    """Asked for by name; the own one is shown."""
    handler = Asker("zhang", "department_handler", {"department": "justice"}, "api")
    assert queue(town.desk, handler, QueueQuery(("justice",))).lines
    assert owed(town.desk, handler, OwedRequest(owed_by="justice")) is not None
    with pytest.raises(NotAllowedError):
        queue(town.desk, handler, QueueQuery((POLICE,)))
    with pytest.raises(NotAllowedError):
        owed(town.desk, handler, OwedRequest(owed_by=POLICE))


def test_progress_is_told_to_families_and_the_hotline_each_as_its_own_audience(town: Town) -> None:
    """The hotline never hears what the applicant does; a code opens its own case alone."""
    one, other = town.people.values()
    family = town.desk.settings.city.family
    audiences = {name: family.audience(name) for name in ("applicant", "12345")}
    may = {("hotline", "12345"), ("portal", "applicant"), ("applicant", "applicant")}
    may |= {("window_clerk", "applicant")}
    may |= {(SHELL, name) for name in audiences}
    for role, (name, audience) in product(TABLE.roles, audiences.items()):
        assert audience is not None
        within = {**kept(role, POLICE, BANKS[0], "620502")}
        own = applied(3, 9)[1]["record_id"] if role == "applicant" else ""
        asker = Asker("a", role, {**within, "case": one.case_id} if "case" in within else within, "api", own)  # type: ignore[typeddict-item]
        request = ProgressRequest(audience)
        got = tried(town, lambda asker=asker, request=request: read_progress(town.desk, asker, one, request))  # type: ignore[misc]
        assert got == ("shown" if (role, name) in may else "refused"), (role, name)
        if role == "applicant" and got == "shown":
            with pytest.raises(NotAllowedError):
                read_progress(town.desk, asker, other, request)


@pytest.fixture(scope="module", params=[False, True], ids=["as it was", "number corrected since"])
def family(stack: Settings, request: pytest.FixtureRequest) -> Iterator[tuple[Desk, AskedPerson, str]]:
    """Son and daughter have applied, and each has a code of this case; and the case in which that now is."""
    said = [given("death_certificate"), *(applied(3, 9, label=who) for who in CHILDREN)]
    world, now = PastWorld(), OTHER if request.param else LI_XIULAN
    world.publish(*said)
    if request.param:
        said = [next_of(one, "AMENDED", f"{one[1]['record_id']} 2", id_number=now) for one in said]
        world.publish(*said)
    for application, (who, at) in zip(said[1:], CHILDREN.items(), strict=True):
        world.publish(examined(application, label=who, id_number=now, recorded_at=at))
    with made_desk(stack, world, "families_of_a_test") as desk:
        yield desk, AskedPerson(LI_XIULAN, world.case_id(LI_XIULAN)), world.case_id(now)


def code_of(who: str, case_id: str) -> Asker:
    """Whoever comes with a child's code of a case."""
    return Asker(who, "applicant", {"case": case_id}, "api", record_id("application", who))


def of_family(desk: Desk, asker: Asker, person: AskedPerson, application: str = "") -> CaseProgress:
    """What an applicant is told."""
    audience = desk.settings.city.family.audience("applicant")
    assert audience is not None
    found = read_progress(desk, asker, person, ProgressRequest(audience, application))
    assert found is not None
    return found


@pytest.mark.parametrize("who", CHILDREN)
def test_a_code_opens_its_own_application_and_no_other_of_the_case(
    family: tuple[Desk, AskedPerson, str], who: str
) -> None:
    """Also after the case has gone to another number and the application with it; each access is noted."""
    desk, person, now = family
    own, noted = record_id("application", who), cast(KeptAccesses, desk.access)
    others = [record_id("application", other) for other in CHILDREN if other != who]
    for application in ("", own, own[:8]):
        found = of_family(desk, code_of(who, person.case_id), person, application)
        assert found["case_id"] == now
        assert found["examined_at"] == datetime.fromisoformat(CHILDREN[who])
        assert noted.shown() == [now]
    for application in (*others, others[0][:8], "none begins so"):
        before = len(noted.noted)
        with pytest.raises(NotAllowedError) as refused:
            of_family(desk, code_of(who, person.case_id), person, application)
        assert not any(one in str(refused.value) for one in (own, *others))
        assert len(noted.noted) == before + 1


def test_a_code_of_no_application_of_the_case_opens_nothing(family: tuple[Desk, AskedPerson, str]) -> None:
    """Nor does one of another case, or the number to which the case went."""
    desk, person, now = family
    for asker in (code_of("nobody", person.case_id), code_of("son", "0" * 32)):
        with pytest.raises(NotAllowedError):
            of_family(desk, asker, person)
    with pytest.raises(NotAllowedError):
        of_family(desk, code_of("son", "0" * 32), AskedPerson(now, now))
    assert of_family(desk, code_of("son", person.case_id), person)


def test_numbers_without_persons_are_for_those_who_lead(town: Town) -> None:
    """A supervisor's are of the own department."""
    may = {"supervisor", "leader", "auditor", SHELL}
    for role, department, _, asker in askers():
        asked = StatisticsFilter(department=department)
        got = tried(town, lambda asker=asker, asked=asked: read_statistics(town.desk, asker, asked))  # type: ignore[misc]
        assert got == ("shown" if role in may else "refused"), role
        if role == "supervisor":
            with pytest.raises(NotAllowedError):
                read_statistics(town.desk, asker, StatisticsFilter())


def test_who_looked_is_told_to_those_who_watch_over_it(town: Town) -> None:
    """A supervisor hears of the own people; the family of no name, reason, field, hour or auditor."""
    person = town.people["620502"]
    handlers = [
        Asker(f"{name}-1", "department_handler", {"department": name}, "api") for name in (POLICE, "justice")
    ]
    for asker in (*handlers, Asker("audit-1", "auditor", {}, "console")):
        look(town.desk, asker, person, LookRequest(unmask=asker.role != "auditor", reason=f"编号 {OTHER}"))
    project(town.desk, town.accesses.noted[-3:])
    for role, department, _, asker in askers():
        if role not in {"supervisor", "auditor", SHELL}:
            with pytest.raises(NotAllowedError):
                looks(town.desk, asker, person)
            continue
        found = looks(town.desk, asker, person)
        assert found is not None
        names = {one.actor for one in found}
        everybody = {"police-1", "justice-1", "audit-1"}
        assert names == (everybody if role != "supervisor" else {f"{department}-1"} & everybody)
        assert OTHER not in str(found)
    told = looks_for_family(town.desk, Asker("a", "auditor", {}, "api"), person)
    assert told is not None
    assert {(one.role, one.department) for one in told} == {
        ("department_handler", POLICE),
        ("department_handler", "justice"),
    }
    assert not any(word in str(told) for word in ("police-1", "编号", "audit", "deceased", ":"))


def test_a_family_is_told_who_looked_at_its_own_case_and_at_no_other(town: Town) -> None:
    """By the code on the receipt too; whoever shows it its page may show it that as well."""
    one, other = town.people.values()
    may = {"applicant", "portal", "window_clerk", "auditor", SHELL}
    for role in TABLE.roles:
        within = kept(role, POLICE, BANKS[0], "620502")
        if "case" in within:
            within = {**within, "case": one.case_id}
        asker = Asker("a", role, within, "console")
        if role not in may:
            with pytest.raises(NotAllowedError):
                looks_for_family(town.desk, asker, one)
            continue
        assert looks_for_family(town.desk, asker, one) is not None, role
        if role == "applicant":
            with pytest.raises(NotAllowedError):
                looks_for_family(town.desk, asker, other)


def of_police(name: str) -> Account:
    """Whoever is named is a handler of the police."""
    return Account(name, "department_handler", {"department": POLICE}, "", None, datetime.now(UTC))


def give(desk: Desk, asker: Asker, matter: CaseMatter, to: str) -> Assignment:
    """Assign a matter to somebody of the police."""
    return assign(desk, of_police, asker, matter, to)


def test_a_matter_is_taken_in_hand_by_those_who_see_it(town: Town) -> None:
    """One holder of each; a supervisor gives it to another; who is shown nothing of it takes nothing."""
    one = town.people["620502"].case_id
    hukou, will = CaseMatter(one, 3, None), CaseMatter(one, 9, None)
    zhang, wang = (
        Asker(name, "department_handler", {"department": POLICE}, "api") for name in ("zhang", "wang")
    )
    assert claim(town.desk, zhang, hukou).assignee == claim(town.desk, wang, hukou).assignee == "zhang"
    assert (release(town.desk, wang, hukou), release(town.desk, zhang, hukou)) == (False, True)
    with pytest.raises(NotAllowedError):
        claim(town.desk, zhang, will)
    with pytest.raises(NotAllowedError):
        give(town.desk, zhang, hukou, "wang")
    head = Asker("li", "supervisor", {"department": POLICE}, "api")
    assert give(town.desk, head, hukou, "wang").assignee == "wang"
    with pytest.raises(NotAllowedError):
        give(town.desk, head, will, "wang")


def test_each_role_has_matters_in_hand_as_the_table_says(town: Town) -> None:
    """Claimed and released by whoever has a queue and sees the matter, assigned by supervisors."""
    one = town.people["620502"].case_id
    hukou = CaseMatter(one, 3, None)
    place = {"department": POLICE, "county": "620502", "bank": BANKS[0], "case": one}
    allowed = []
    give(town.desk, shell("home"), hukou, "home")
    assert release(town.desk, shell("home"), hukou)
    for role, rule in TABLE.roles.items():
        asker = Asker(role, role, {limit: place[limit] for limit in rule.within}, "api")
        for act, action in ((claim, "queue"), (partial(give, to=role), "assign"), (release, "queue")):
            # No bank is told of a registration.
            if action in rule.may and role != "bank_clerk":
                assert act(town.desk, asker, hukou)
                allowed.append((role, action))
            else:
                with pytest.raises(NotAllowedError):
                    act(town.desk, asker, hukou)
    assert len(allowed) == 12


def test_the_past_and_the_log_are_for_those_who_see_the_whole(town: Town) -> None:
    """What other departments said is in them."""
    person, moment = (
        town.people["620502"],
        town.past.history(LI_XIULAN, town.people["620502"].case_id, None)[-1].at,
    )  # type: ignore[arg-type]
    ways: list[tuple[set[str], Callable[[Asker], object]]] = [
        (WHOLE, lambda asker: look_as_of(town.desk, town.past, asker, person, moment, LookRequest())),
        (WHOLE, lambda asker: look_back(town.desk, town.past, asker, person, LookRequest())),
        ({"auditor", SHELL}, lambda asker: note_replay(town.desk, asker) or "noted"),
        (
            {"auditor", "operator", SHELL},
            lambda asker: note_quarantined(town.desk, asker, POLICE, "", unmasked=False) or "noted",
        ),
        (
            {SHELL, "department_system"},
            lambda asker: note_following(town.desk, asker, POLICE, "", unmasked=True) or "noted",
        ),
    ]
    for may, use in ways:
        for role, department, _, asker in askers():
            mine = role != "department_system" or department == POLICE
            got = tried(town, lambda asker=asker, use=use: use(asker))  # type: ignore[misc]
            assert got == ("shown" if role in may and mine else "refused"), (role, department)


@pytest.mark.parametrize("name", USES)
def test_where_the_access_cannot_be_noted_nothing_is_shown(town: Town, name: str) -> None:
    """No record, no view: also of somebody who is not there."""
    clerk = Asker("zhang", SHELL, {}, "command")
    town.accesses.closed = True
    try:
        for person in (*town.people.values(), AskedPerson(NOBODY, "0" * 32)):
            with pytest.raises(ExchangeError):
                USES[name][1](town, clerk, person)
    finally:
        town.accesses.closed = False
    assert USES[name][1](town, clerk, town.people["620502"])


def test_what_a_search_is_for_stands_in_no_record(town: Town) -> None:
    """Found by the number in 18 and in 15 digits, the name, the applicant's number and the case id."""
    clerk = Asker("zhang", "window_clerk", {}, "api")
    person = town.people["620502"]
    applicant = id_number(sequence=71)
    old = f"{LI_XIULAN[:6]}{LI_XIULAN[8:17]}"
    for text in (LI_XIULAN, old, "李秀兰", applicant, person.case_id):
        found = search(town.desk, clerk, f" {text} ")
        assert person.case_id in {one.case_id for one in found}, text
        assert {*town.accesses.shown()} == {one.case_id for one in found}
        noted = str(town.accesses.noted[-1])
        assert text == person.case_id or text not in noted
        assert LI_XIULAN not in noted
    assert search(town.desk, clerk, NOBODY) == ()


# Actions of machines, at the gateway; and what only whoever may read the home does, by commands.
ELSEWHERE: Final = {
    "publish",
    "read_receipts",
    "read_schemas",
    "retry",
    "manage_accounts",
}
DESK: Final = Path(__file__).parents[2] / "exchange" / "desk"


_ACTION_WITHIN: Final = {"require": 2, "_require": 3, "_current": 3, "_noted": 4, "Access": 2}
"""Function → its action is among so many arguments."""


def actions_of_the_desk() -> dict[str, str]:
    """Constant or literal → action, of all that the desk asks the table for or notes."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(DESK.rglob("*.py"))]
    named = {
        node.target.id: node.value.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
    found: dict[str, str] = {}
    for call in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for argument in call.args[: _ACTION_WITHIN.get(name, 0)]:
            if isinstance(argument, ast.Constant):
                found[str(argument.value)] = str(argument.value)
            elif isinstance(argument, ast.Name) and argument.id in named:
                found[argument.id] = named[argument.id]
    return found


def test_every_action_of_the_desk_is_in_the_table_and_the_other_way_round() -> None:
    """An action without a cell fails the build; so does a cell that nothing asks for."""
    known = {action for line in TABLE.actions for action in line}
    used = {*actions_of_the_desk().values(), *FORMS}
    assert used <= known
    assert known - used == ELSEWHERE
