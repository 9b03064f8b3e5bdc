"""Queues, searches and matters in hand: every row once and in order, and one holder of each matter."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from threading import Barrier
from typing import Any

import psycopg
import pytest

from consumers.log.connection_pool import connection_pool
from consumers.log.copies import READ_MODEL, Connection
from consumers.log.copy_session import OurDatabase
from consumers.log.projection import changes_of
from consumers.read_model.assignments import LAYOUT, Assignments
from consumers.read_model.matter_counts import FORGET_NONE
from consumers.read_model.queue_reader import RECALLED, QueueCursor, QueueQuery, QueueReader, QueueRow
from consumers.read_model.search_keys import SearchKeys
from consumers.read_model.search_reader import SearchReader
from consumers.read_model.tables import ReadModelTables
from exchange.domain.grants import REMINDERS
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from tests.cases import applied, given, next_of, resulted
from tests.conftest import PARTS
from tests.consumers.history.past_world import PastWorld
from tests.made_log import CATALOGUE, SCHEMAS, Message
from tests.own_database import own_database
from tests.people import LI_XIULAN, id_number
from topics.catalogue import CASES, TASKS

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="makes a database of its own as the owner")
KEYS, OTHER_KEYS = SearchKeys(b"s" * 32), SearchKeys(b"t" * 32)
TABLES = ReadModelTables(City(), KEYS)
CALENDAR = City().policy.working_days
PAPERS = [{"kind": kind, "original_sighted": True} for kind in range(1, 10)]
OTHERS = [id_number(sequence=number) for number in range(300, 316)]
MOVED = id_number(sequence=316)
COUNTIES = ("秦州区", "麦积区", None)
BANKS = ("甘肃银行", "兰州银行")
STATES = ("NOT_APPLICABLE", "WAITING", "READY", "APPLIED", "ACCEPTED", "COMPLETED", "SUSPENDED")
POLICE, HUMAN = "police", "human_resources"
DAY = date(2026, 7, 6)
DECODERS = {
    topic.name: Decoder[Any](CATALOGUE.schema_of(topic.name), SCHEMAS.get).decode
    for topic in CATALOGUE.topics
    if topic.name in {CASES, TASKS} or topic.kind == "matters"
}
MOST = 1000
"""The town has fewer matters."""


@pytest.fixture
def database(stack: Settings) -> Iterator[str]:
    """An empty one."""
    with own_database(stack, "queue_rows_of_a_test") as address:
        yield address


@dataclass(frozen=True)
class Town:
    """A small town's cases in a read model of their own, and the documents that they were made of."""

    world: PastWorld
    pool: OurDatabase

    @property
    def queues(self) -> QueueReader:
        """As the desk has them."""
        return QueueReader(self.pool, CALENDAR)

    @cached_property
    def rows(self) -> list[QueueRow]:
        """Every matter of the town."""
        departments = sorted({m["department"] for c in self.world.cases.values() for m in c["matters"]})
        return list(self.queues.page(QueueQuery(departments, STATES), None, 10_000, DAY).rows)

    @cached_property
    def told(self) -> set[tuple[Any, ...]]:
        """Of what the departments were told, and in which counties, as their topics say it."""
        said = [
            (one.topic().removeprefix("matters."), DECODERS[one.topic()](one.value() or b""))
            for one in self.world.written
            if one.topic().startswith("matters.")
        ]
        return {
            (department, one["case_id"], one["matter"], one["instance"], one["county"])
            for department, one in said
            if one["transition"] not in REMINDERS
        }


@pytest.fixture(scope="module")
def town(stack: Settings) -> Iterator[Town]:
    """Deaths, applications, a result, and a death that was taken back."""
    world = PastWorld()
    for number, person in enumerate(OTHERS):
        county, name = COUNTIES[number % 3], "王建国" if number % 2 else "买买提·艾力"
        who = {"id_number": person, "name": name}
        world.publish(given("death_certificate", str(number), **who))
        world.publish(given("hukou_cancellation", str(number), county=county, **who))
        world.publish(given("social_insurance", str(number), **who))
        world.publish(given("bank_deposit", str(number), bank_name=BANKS[number % 2], **who))
        if number % 2:
            asked = applied(3, 4, 5, 9, label=str(number), channel="WINDOW", materials=PAPERS, **who)
            world.publish(asked)
            world.tick(world.now + timedelta(days=1))
    death = given("death_certificate")
    world.publish(death)
    world.publish(given("social_insurance"))
    world.publish(applied(4, 5, materials=PAPERS))
    world.publish(resulted(4, "ACCEPTED"))
    world.publish(next_of(death, "REVOKED", "revoked"))
    move_after_what_was_told(world)
    with own_database(stack, "queue_of_a_test") as address:
        with psycopg.connect(address, autocommit=True) as connection:
            fill(connection, world)
        with connection_pool(replace(stack, postgres=address)) as pool:
            yield Town(world, pool)


def move_after_what_was_told(world: PastWorld) -> None:
    """Let a person move to a county that is told nothing: the death has been taken back before."""
    who = {"id_number": MOVED, "name": "王建国"}
    death, hukou = given("death_certificate", "moved", **who), given("hukou_cancellation", "moved", **who)
    world.publish(death)
    world.publish((hukou[0], {**hukou[1], "county": COUNTIES[1]}))
    world.publish(given("social_insurance", "moved", **who))
    world.publish(next_of(death, "REVOKED", "moved and revoked"))
    world.publish(next_of(hukou, "AMENDED", "moved again", county=COUNTIES[0]))


def fill(connection: Connection, world: PastWorld, tables: ReadModelTables = TABLES) -> None:
    """Make the read model of what the world has published."""
    connection.execute(LAYOUT)
    tables.writer.make(connection, READ_MODEL.name, tables.writer.made_with, {})
    carry(connection, world.written, tables)
    tables.writer.mark_complete(connection)


def carry(connection: Connection, messages: Iterable[Message], tables: ReadModelTables = TABLES) -> None:
    """Write what messages of the queue's topics change, in one batch."""
    mine = [one for one in messages if one.topic() in DECODERS]
    tables.write(connection, changes_of(mine, tables.projections, DECODERS), {})


def every(town: Town, query: QueueQuery, limit: int) -> list[QueueRow]:
    """All rows, in as many pages as the limit makes."""
    found, cursor = [], None
    while True:
        page = town.queues.page(query, cursor, limit, DAY)
        assert len(page.rows) <= limit
        found += page.rows
        assert len(found) <= MOST, "a page begins where the one before it began"
        if page.next is None:
            return found
        cursor = page.next


def place(row: QueueRow) -> tuple[Any, ...]:
    """The order of a queue, said once more."""
    since = row.since.timestamp() if row.since else float("-inf")
    return (row.due or date.max, since, row.case_id, row.matter, row.instance or "")


QUERIES = {
    "a department's": QueueQuery((HUMAN,)),
    "everybody's": QueueQuery((HUMAN, POLICE, "financial_regulation"), STATES),
    "in one state": QueueQuery((HUMAN, POLICE), ("APPLIED",)),
    "a county's": QueueQuery((HUMAN, POLICE), STATES, county=COUNTIES[0]),
    "a bank's": QueueQuery(("financial_regulation",), STATES, instance=BANKS[0]),
    "due": QueueQuery((HUMAN, POLICE), due_by=date(2026, 8, 1)),
    "unassigned": QueueQuery((HUMAN, POLICE), unassigned=True),
    "recalled": QueueQuery((HUMAN,), STATES, owing=RECALLED),
    "told": QueueQuery((HUMAN, POLICE), STATES, told=True),
    "a county's told": QueueQuery((HUMAN, POLICE), STATES, county=COUNTIES[0], told=True),
    "a bank's told": QueueQuery(("financial_regulation",), STATES, instance=BANKS[0], told=True),
    "told and unassigned": QueueQuery((HUMAN, POLICE), STATES, told=True, unassigned=True),
}


def wanted(town: Town, query: QueueQuery, row: QueueRow) -> bool:
    """Whether a row is one that is asked for, said once more."""
    key = (row.department, row.case_id, row.matter, row.instance)
    counties = {told[-1] for told in town.told if told[:-1] == key}
    return (
        row.department in query.departments
        and row.state in query.states
        and query.county in {None, row.county}
        and query.instance in {None, row.instance}
        and (query.due_by is None or (row.due is not None and row.due <= query.due_by))
        and (not query.owing or bool(set(query.owing) & set(row.owed)))
        and (not query.told or query.county in counties or (query.county is None and bool(counties)))
    )


@pytest.mark.parametrize("limit", [1, 3, 1000])
@pytest.mark.parametrize("name", QUERIES)
def test_pages_hold_every_row_once_and_in_order(town: Town, name: str, limit: int) -> None:
    """Whoever asks for a few at a time sees what another sees at once, and nothing that is not theirs."""
    found = every(town, QUERIES[name], limit)
    agree = sorted((row for row in town.rows if wanted(town, QUERIES[name], row)), key=place)
    assert found == agree
    assert 0 < len(agree) < len(town.rows)


@pytest.mark.parametrize("name", QUERIES)
def test_counts_are_those_of_all_pages(town: Town, name: str) -> None:
    """What is shown above a queue is what is in it."""
    found = every(town, QUERIES[name], 1000)
    day = found[0].due or DAY
    counts = town.queues.counts(QUERIES[name], day)
    assert counts.by_state == Counter(row.state for row in found)
    assert counts.due_today == sum(row.due == day for row in found)
    assert counts.late == sum(row.due is not None and row.due < day for row in found)


KEPT = "SELECT counts::text FROM read_model.matter_counts AS counts WHERE number <> 0"
COUNTED = """
SELECT counts::text FROM (
    SELECT department, state, told, told_there, handled_in, instance, due, count(*)
    FROM read_model.matter_facts GROUP BY 1, 2, 3, 4, 5, 6, 7
) AS counts
"""
FACTS = "SELECT facts::text FROM read_model.matter_facts AS facts"


@pytest.mark.parametrize("order", [CASES, TASKS, "matters"])
@pytest.mark.parametrize("most", [1, 7, 1000])
def test_rows_and_counts_are_the_same_however_the_log_is_read(
    town: Town, database: str, order: str, most: int
) -> None:
    """Whichever topic is ahead of the others, and however much comes at once."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(LAYOUT)
        TABLES.writer.make(connection, READ_MODEL.name, TABLES.writer.made_with, {})
        first = sorted(town.world.written, key=lambda one: not one.topic().startswith(order))
        for at in range(0, len(first), most):
            carry(connection, first[at : at + most])
        assert set(connection.execute(KEPT)) == set(connection.execute(COUNTED))
        with town.pool.connection() as whole:
            assert set(connection.execute(FACTS)) == set(whole.execute(FACTS))
        connection.execute("SET search_path TO public")  # as somebody else's connection has it
        connection.execute("DELETE FROM read_model.cases")
        assert connection.execute(KEPT).fetchall() == []
        connection.execute("SET search_path TO read_model")
        connection.execute(FORGET_NONE)
        assert connection.execute("SELECT FROM read_model.matter_counts").fetchall() == []


@pytest.mark.parametrize("name", QUERIES)
def test_queues_of_the_layout_of_before_are_the_same(town: Town, name: str) -> None:
    """It is read until the new one is whole, though its rows say nothing of what was told."""
    before = every(town, QUERIES[name], 10), town.queues.counts(QUERIES[name], DAY)
    later = [("matter_facts", "told"), ("matter_facts", "told_there"), ("matter_counts", "number")]
    with layout_of_before(town, 11, *later):
        assert (every(town, QUERIES[name], 10), town.queues.counts(QUERIES[name], DAY)) == before


def test_a_row_is_what_the_case_says_and_has_the_case_beside_it(town: Town) -> None:
    """So who shows it asks nothing more; and nobody is named in it."""
    read = Decoder[Any](CATALOGUE.schema_of(CASES), SCHEMAS.get).decode
    for row in town.rows:
        case = read(row.document)
        assert case["case_id"] == row.case_id
        (matter,) = (m for m in case["matters"] if (m["matter"], m["instance"]) == (row.matter, row.instance))
        assert (row.department, row.state, row.due) == (matter["department"], matter["state"], matter["due"])
        assert not {*OTHERS, LI_XIULAN} & set(str(replace(row, document=b"")).split("'"))
    assert len(town.rows) == sum(len(case["matters"]) for case in town.world.cases.values())


def test_the_days_left_are_working_days_of_the_policys_calendar(town: Town) -> None:
    """None on the last day itself, less than none after it; and what is left where the limit stands still."""
    (row, *_) = (one for one in town.rows if one.due)
    assert row.due is not None

    def left(day: date) -> int | None:
        page = town.queues.page(QueueQuery((row.department,)), None, 1000, day)
        (again,) = (one for one in page.rows if (one.case_id, one.matter) == (row.case_id, row.matter))
        return again.working_days_left

    before, after = CALENDAR.before(row.due, 3), CALENDAR.from_on(row.due + timedelta(days=1), 2)
    assert before is not None
    assert after is not None
    assert (left(before), left(row.due), left(after)) == (3, 0, -2)
    assert left(date(2099, 1, 1)) is None


def test_who_has_to_sign_for_what_was_taken_back_sees_it(town: Town) -> None:
    """The death was no death: what was begun is recalled until somebody has signed for it."""
    found = every(town, QUERIES["recalled"], 1000)
    back = {town.world.case_id(one) for one in (LI_XIULAN, MOVED)}
    assert {(row.case_id, row.state) for row in found} == {(one, "SUSPENDED") for one in back}
    assert all("ACKNOWLEDGE" in row.owed for row in found)


@pytest.mark.parametrize("number", range(3))
def test_of_fifty_who_claim_a_matter_at_once_one_has_it(town: Town, number: int) -> None:
    """And the others are told who."""
    row, hands = town.rows[number], Assignments(town.pool)
    together = Barrier(50)

    def claim(who: int) -> str:
        together.wait()
        return hands.claim(row.case_id, row.matter, row.instance, f"clerk {who}").assignee

    with ThreadPoolExecutor(50) as people:
        told = list(people.map(claim, range(50)))
    (winner,) = set(told)
    assert told[int(winner.removeprefix("clerk "))] == winner
    assert hands.claim(row.case_id, row.matter, row.instance, winner).assignee == winner
    assert hands.release(row.case_id, row.matter, row.instance, winner)


def test_a_matter_in_hand_is_found_by_who_has_it_until_it_is_put_back(town: Town) -> None:
    """A supervisor gives it to another; who no longer has it does not put it back."""
    hands, mine = Assignments(town.pool), QueueQuery((HUMAN,), STATES, assignee="zhang")
    row, other = [one for one in town.rows if one.department == HUMAN][:2]
    key = (row.case_id, row.matter, row.instance)
    assert hands.claim(*key, "zhang").assignee == "zhang"
    assert [(one.case_id, one.matter, one.assignee) for one in every(town, mine, 1)] == [(*key[:2], "zhang")]
    free = replace(mine, assignee=None, unassigned=True)
    assert (other.case_id, other.matter) in {(one.case_id, one.matter) for one in every(town, free, 100)}
    assert key not in {(one.case_id, one.matter, one.instance) for one in every(town, free, 100)}
    assert hands.assign(*key, "li").assignee == "li"
    assert not hands.release(*key, "zhang")
    assert every(town, mine, 100) == []
    assert hands.release(*key, "li")
    assert key in {(one.case_id, one.matter, one.instance) for one in every(town, free, 100)}


def test_cases_are_found_by_what_is_said_of_them(town: Town) -> None:
    """The last changed first, and no more than asked for."""
    search = SearchReader(town.pool, KEYS)
    assert search.find("number", OTHERS[0]) == (town.world.case_id(OTHERS[0]),)
    of_name = search.find("name", "买买提 艾力")
    assert set(of_name) == {town.world.case_id(one) for one in OTHERS[::2]}
    assert search.find("name", "买买提 艾力", limit=3) == of_name[:3]
    assert search.find("name", "王建国") != of_name
    assert search.find("name", "没有这个人") == ()
    assert search.find("number", LI_XIULAN) == (town.world.case_id(LI_XIULAN),)


@contextmanager
def layout_of_before(town: Town, version: int, *renamed: tuple[str, str]) -> Iterator[None]:
    """Let the read model be of an earlier layout, without these columns of these tables, in the block."""

    def change(version: int, rename: str) -> None:
        with town.pool.connection() as connection:
            connection.execute("UPDATE read_model.life SET version = %s", (version,))
            for table, column in renamed:
                connection.execute(rename.format(table=table, column=column).encode())

    change(version, "ALTER TABLE read_model.{table} RENAME {column} TO {column}_later")
    try:
        yield
    finally:
        change(READ_MODEL.version, "ALTER TABLE read_model.{table} RENAME {column}_later TO {column}")


def test_while_the_layout_of_before_is_searched_nobody_is_refused(town: Town) -> None:
    """It has no number of a certificate; all else is found as before."""
    with layout_of_before(town, 10, ("announcements", "found_by")):
        assert SearchReader(town.pool, KEYS).find("name", "王建国")


def test_with_another_key_nobody_is_told_that_there_is_no_such_case(town: Town) -> None:
    """Until the read model is made with the new one, the answer would be wrong."""
    with pytest.raises(ExchangeError):
        SearchReader(town.pool, OTHER_KEYS).find("number", OTHERS[0])


def test_what_is_in_hand_outlives_the_read_model(stack: Settings, town: Town) -> None:
    """It follows from no topic: a rebuild could not bring it back."""
    row = town.rows[-1]
    hands, key = Assignments(town.pool), (row.case_id, row.matter, row.instance)
    hands.claim(*key, "zhang")
    with town.pool.connection() as connection:
        connection.autocommit = True
        fill(connection, town.world)
    assert hands.claim(*key, "li").assignee == "zhang"
    assert hands.release(*key, "zhang")


def test_a_place_may_be_any_rows(town: Town) -> None:
    """Also one that is no longer there: what came after it goes on."""
    query = QUERIES["a department's"]
    found = every(town, query, 1000)
    last = found[2]
    gone = QueueCursor(last.due, last.since, last.case_id, last.matter, "a bank that is no more")
    assert list(town.queues.page(query, gone, 1000, DAY).rows) == found[3:]
