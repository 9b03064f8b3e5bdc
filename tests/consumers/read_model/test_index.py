"""The index of receipts and announcements: what is found there is what the topics say."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import psycopg
import pytest

from consumers.announcements.index import (
    AnnouncementFilter,
    announcements_after,
    announcements_now,
    announcements_of_case,
)
from consumers.ledger import entries
from consumers.ledger.days import day_sums
from consumers.ledger.reading import ledger_decoders
from consumers.ledger.tables import LedgerTables
from consumers.log.copies import Connection
from consumers.log.offsets import Offsets
from consumers.log.projection import changes_of
from consumers.log.reader import PositionGoneError
from consumers.read_model.search_keys import SearchKeys
from consumers.read_model.tables import INDEX_CHANNEL, ReadModelTables
from consumers.receipts.index import (
    CursorUnreadableError,
    counts_of_day,
    receipts_after,
    receipts_now,
    receipts_of,
    receipts_of_day,
    receipts_of_record,
)
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from tests.cases import given, next_of
from tests.conftest import PARTS
from tests.consumers.history.past_world import PastWorld
from tests.made_log import CATALOGUE, SCHEMAS, Message
from tests.own_database import own_database
from tests.people import LI_XIULAN, id_number
from topics.catalogue import matters_topic, receipts_topic
from verification.times import SHANGHAI

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="makes a database of its own as the owner")
TABLES, LEDGER_TABLES = ReadModelTables(City(), SearchKeys(b"s" * 32)), LedgerTables(CATALOGUE)
EVENTS = {one.topic: one for one in TABLES.projections}
DECODERS = {
    topic: Decoder(one.read_by(CATALOGUE.schema_of(topic)), SCHEMAS.get).decode
    for topic, one in EVENTS.items()
}
LEDGER_DECODERS = ledger_decoders(CATALOGUE, SCHEMAS.get)
DEATH = given("death_certificate")
OTHERS = [id_number(sequence=number) for number in range(200, 212)]
START = Offsets.start(12)
INDEXED = (
    "SELECT * FROM read_model.receipts ORDER BY receipt_id",
    'SELECT * FROM read_model.announcements ORDER BY department, partition, "offset"',
    "SELECT * FROM read_model.positions ORDER BY topic, partition",
)


def read_receipt(value: bytes) -> Any:
    """As any reader of the topic does."""
    return Decoder[Any](CATALOGUE.schema_of(receipts_topic("health")), SCHEMAS.get).decode(value)


def read_announcement(value: bytes) -> Any:
    """As any reader of the topic does."""
    return Decoder[Any](CATALOGUE.schema_of(matters_topic("health")), SCHEMAS.get).decode(value)


def in_batches(messages: list[Message], most: int) -> Iterator[list[Message]]:
    """The messages in reads of so many."""
    for at in range(0, len(messages), most):
        yield messages[at : at + most]


@dataclass
class Copied:
    """A database that the projector's and the reconciler's tables are in, without the two."""

    connection: Connection
    world: PastWorld = field(default_factory=PastWorld)

    def begin(self) -> None:
        """Make the tables anew, empty, as after another version."""
        for tables in (TABLES.writer, LEDGER_TABLES.writer):
            places = [
                (topic, number) for topic, count in tables.partitions.items() for number in range(count)
            ]
            tables.make(self.connection, tables.copy.name, {}, dict.fromkeys(places, 0))

    def project(self, messages: Iterable[Any], *, complete: bool = True) -> None:
        """Carry messages over as the projector does, in one batch."""
        self.connection.execute("SET search_path TO read_model")  # as the projector's own connection has it
        mine = [one for one in messages if one.topic() in EVENTS]
        moved = {(one.topic(), one.partition()): one.offset() + 1 for one in mine}
        TABLES.write(self.connection, changes_of(mine, TABLES.projections, DECODERS), moved)
        if complete:
            TABLES.writer.mark_complete(self.connection)

    def account(self) -> None:
        """Let the ledger read all of the log."""
        self.connection.execute("SET search_path TO ledger")
        every = [one for one in (*self.world.messages, *self.world.written) if one.topic() in LEDGER_DECODERS]
        case_ids = self.world.step.case_ids
        LEDGER_TABLES.write(self.connection, entries.batch_of(every, CATALOGUE, LEDGER_DECODERS, case_ids))

    def rows(self) -> list[list[tuple[Any, ...]]]:
        """The whole index."""
        return [self.connection.execute(query.encode()).fetchall() for query in INDEXED]

    def told(self, department: str) -> list[dict[str, Any]]:
        """What the topic says."""
        topic = matters_topic(department)
        return [read_announcement(one.value() or b"") for one in self.world.written if one.topic() == topic]

    def answered(self, department: str) -> list[dict[str, Any]]:
        """What the topic says."""
        topic = receipts_topic(department)
        return [read_receipt(one.value() or b"") for one in self.world.written if one.topic() == topic]

    @cached_property
    def day(self) -> date:
        """The day on which everything happened."""
        return self.world.now.astimezone(SHANGHAI).date()


@pytest.fixture(scope="module")
def database(stack: Settings) -> Iterator[str]:
    """A database of its own, so that the exchange's own copies stay as they are."""
    with own_database(stack, "index_of_a_test") as address:
        yield address


@pytest.fixture
def copied(database: str) -> Iterator[Copied]:
    """A small city's day: a death with what follows, a correction, a repetition and others' deaths."""
    with psycopg.connect(database, autocommit=True) as connection:
        found = Copied(connection)
        found.begin()
        world = found.world
        world.publish(DEATH)
        world.publish(given("social_insurance"))
        world.publish(given("provident_fund"))
        world.publish(next_of(DEATH, "REVOKED", "revoked"))
        world.publish(DEATH)
        for number, other in enumerate(OTHERS):
            world.publish(given("death_certificate", str(number), id_number=other))
            world.publish(given("social_insurance", str(number), id_number=other))
        world.take(world.log.message(given("hukou_cancellation"), key=OTHERS[0]))  # another's key: rejected
        for number, other in enumerate(OTHERS[1:]):  # many in one moment
            death = given("death_certificate", f"at once {number}", id_number=other)
            world.take(world.log.message(death, key=OTHERS[0], at_ms=world._now_ms))
        world.take(world.log.append("records.cremation", 5, b"x", b"no framing", world._now_ms))
        yield found


def every(copied: Copied, department: str, limit: int, only: AnnouncementFilter) -> list[dict[str, Any]]:
    """All announcements, in as many steps as the limit makes; the last place reached must be now."""
    found, offsets = [], START
    while (
        step := announcements_after(copied.connection, department, offsets, limit, read_announcement, only)
    ).documents:
        assert len(step.documents) <= limit
        assert not offsets.is_beyond(step.reached)
        found += [one.document for one in step.documents]
        offsets = step.reached
    assert step.reached == announcements_now(copied.connection, department)
    return found


@pytest.mark.parametrize("limit", [1, 2, 7, 1000])
def test_every_announcement_is_given_once_and_those_of_a_case_in_order(copied: Copied, limit: int) -> None:
    """A department that asks for a few at a time is told the same as one that asks for all."""
    copied.project(copied.world.written)
    for department in ("police", "human_resources", "civil_affairs"):
        found = every(copied, department, limit, AnnouncementFilter())
        told = copied.told(department)
        assert Counter(one["id"] for one in found) == Counter(one["id"] for one in told)
        for case_id in {one["case_id"] for one in told}:
            assert [o for o in found if o["case_id"] == case_id] == [
                o for o in told if o["case_id"] == case_id
            ]


@pytest.mark.parametrize("limit", [1, 1000])
@pytest.mark.parametrize(
    "only",
    [
        AnnouncementFilter(transition="SUSPENDED"),
        AnnouncementFilter(matter=3),
        AnnouncementFilter(matter=3, transition="READY"),
        AnnouncementFilter(instance="no such bank"),
        AnnouncementFilter(county="no such county"),
    ],
)
def test_what_a_filter_leaves_out_is_passed_and_nothing_else(
    copied: Copied, only: AnnouncementFilter, limit: int
) -> None:
    """Else a bank would ask for the same thousands again and again, or would miss its own."""
    copied.project(copied.world.written)
    left_out = 0
    wanted = {name: getattr(only, name) for name in only.__slots__ if getattr(only, name) is not None}
    for department in ("police", "human_resources"):
        told = copied.told(department)
        agree = [one["id"] for one in told if all(one[name] == value for name, value in wanted.items())]
        assert Counter(one["id"] for one in every(copied, department, limit, only)) == Counter(agree)
        left_out += len(told) - len(agree)
    assert left_out > 0


def test_all_that_a_department_was_told_of_a_case_is_found(copied: Copied) -> None:
    """And nothing that another department was told of it."""
    copied.project(copied.world.written)
    told = copied.told("human_resources")[0]
    of_case = announcements_of_case(copied.connection, "human_resources", told["case_id"], read_announcement)
    assert [one.document for one in of_case] == [
        one for one in copied.told("human_resources") if one["case_id"] == told["case_id"]
    ]


def test_what_comes_after_offsets_goes_on_where_it_was_cut_off(copied: Copied) -> None:
    """Whatever was read before, the rest is neither doubled nor lost, though it came in several batches."""
    found, offsets = [], START
    for batch in in_batches(copied.world.written, 7):
        copied.project(batch)
        step = receipts_after(copied.connection, "health", offsets, 1000, read_receipt)
        found += [one.document["receipt_id"] for one in step.documents]
        offsets = step.reached
    assert Counter(found) == Counter(one["receipt_id"] for one in copied.answered("health"))
    assert offsets == receipts_now(copied.connection, "health")


def test_offsets_beyond_the_end_are_of_a_topic_that_was_made_anew(copied: Copied) -> None:
    """To go on from there would pass over whatever the new topic holds."""
    copied.project(copied.world.written)
    now = receipts_now(copied.connection, "health")
    assert receipts_after(copied.connection, "health", now, 10, read_receipt).documents == ()
    for offsets in (now.passed(3, now.next[3]), Offsets.start(13), Offsets.start(11)):
        with pytest.raises(PositionGoneError):
            receipts_after(copied.connection, "health", offsets, 10, read_receipt)


def test_while_the_index_is_built_nobody_is_told_that_offsets_are_gone(copied: Copied) -> None:
    """It has not come there yet; what it has can be read."""
    copied.project(copied.world.written)
    now = receipts_now(copied.connection, "health")
    copied.begin()
    copied.project(copied.world.written[:20], complete=False)
    with pytest.raises(ExchangeError):
        receipts_after(copied.connection, "health", now, 10, read_receipt)
    with pytest.raises(ExchangeError):
        receipts_now(copied.connection, "health")
    assert receipts_after(copied.connection, "health", START, 1000, read_receipt).documents


def test_the_index_built_anew_is_the_one_that_was_kept(copied: Copied) -> None:
    """Whatever batches the messages came in, also those that a crash had carried over twice."""
    for batch in in_batches(copied.world.written, 5):
        copied.project(batch)
    kept = copied.rows()
    assert all(kept)
    for batch in in_batches(copied.world.written, 11):
        copied.project(batch)
    again = copied.rows()
    copied.begin()
    copied.project(copied.world.written)
    assert copied.rows() == again == kept


def test_all_receipts_of_a_record_are_given_the_oldest_first(copied: Copied) -> None:
    """Published twice, it was answered twice."""
    copied.project(copied.world.written)
    record_id = DEATH[1]["record_id"]
    found = receipts_of_record(copied.connection, "health", record_id, read_receipt)
    assert [one["status"] for one in found] == ["ACCEPTED", "DUPLICATE"]
    assert list(found) == [one for one in copied.answered("health") if one["record_id"] == record_id]
    assert receipts_of_record(copied.connection, "police", record_id, read_receipt) == ()
    ids = [one["receipt_id"] for one in found]
    assert receipts_of(copied.connection, "health", [*ids, "none"], read_receipt) == dict(
        zip(ids, found, strict=True)
    )


def test_a_receipt_given_again_replaces_the_earlier_one_at_its_later_place(copied: Copied) -> None:
    """A record that is delivered again is answered again: the last answer holds, and is heard of."""
    copied.project(copied.world.written)
    first = next(one for one in copied.world.written if one.topic() == receipts_topic("health"))
    now = receipts_now(copied.connection, "health")
    changed = {**read_receipt(first.value() or b""), "status": "REJECTED"}
    value = copied.world.log.wire.encoders[first.topic()](changed)
    again = copied.world.log.append(
        first.topic(), first.partition(), first.key(), value, copied.world._now_ms
    )
    copied.project([again])
    step = receipts_after(copied.connection, "health", now, 10, read_receipt)
    assert [(one.partition, one.offset, one.document) for one in step.documents] == [
        (again.partition(), again.offset(), changed)
    ]
    every_one = receipts_after(copied.connection, "health", START, 1000, read_receipt).documents
    assert [
        one.document["status"] for one in every_one if one.document["receipt_id"] == changed["receipt_id"]
    ] == ["REJECTED"]


def test_offsets_also_pass_what_is_no_message(copied: Copied) -> None:
    """Transactions leave marks in the log: a reader that waits for the end would wait for ever."""
    copied.project(copied.world.written)
    now = receipts_now(copied.connection, "health")
    topic = receipts_topic("health")
    TABLES.write(copied.connection, {}, {(topic, number): at + 1 for number, at in enumerate(now.next)})
    step = receipts_after(copied.connection, "health", now, 10, read_receipt)
    assert (step.documents, step.reached.next) == ((), tuple(at + 1 for at in now.next))


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_a_days_pages_hold_every_receipt_once(copied: Copied, limit: int) -> None:
    """In the order in which the log took the records."""
    copied.project(copied.world.written)
    found, cursor = [], None
    while True:
        page = receipts_of_day(copied.connection, "health", copied.day, limit, read_receipt, cursor=cursor)
        found += page.receipts
        cursor = page.next_cursor
        if cursor is None:
            break
    told = copied.answered("health")
    assert found == sorted(told, key=lambda one: (one["taken_at"], one["receipt_id"]))
    assert {one["status"] for one in found} >= {"ACCEPTED", "DUPLICATE"}
    only = receipts_of_day(copied.connection, "health", copied.day, 1000, read_receipt, status="DUPLICATE")
    assert list(only.receipts) == [one for one in found if one["status"] == "DUPLICATE"]
    for other in (copied.day - timedelta(days=1), copied.day + timedelta(days=1)):
        assert receipts_of_day(copied.connection, "health", other, 10, read_receipt).receipts == ()


@pytest.mark.parametrize(
    "cursor", ["", "x", "1", ".x", "1.", "-1.x", "9" * 19 + ".x", "1.\0", "9" * 18 + ".x"]
)
def test_a_cursor_that_no_page_has_given_is_refused(copied: Copied, cursor: str) -> None:
    """Else a mistyped one would show an empty day."""
    with pytest.raises(CursorUnreadableError):
        receipts_of_day(copied.connection, "health", copied.day, 10, read_receipt, cursor=cursor)


def test_a_days_counts_are_what_the_log_took(copied: Copied) -> None:
    """Answered or not: what was sent is accounted for, as in `exchange reconcile`."""
    answered, pending = copied.world.written[:-30], 0
    copied.project(answered)
    copied.account()
    sums = {
        one.department: one
        for one in day_sums(
            copied.connection, copied.day, datetime.now(UTC) + timedelta(days=3650), (), CATALOGUE
        )
    }
    for department in CATALOGUE.publishers:
        counts = counts_of_day(copied.connection, department, copied.day)
        told = Counter(
            read_receipt(one.value() or b"")["status"]
            for one in answered
            if one.topic() == receipts_topic(department)
        )
        assert counts.total == sums[department].sent + sums[department].turned_away
        assert counts.undecodable == sums[department].undecodable
        assert {status: n for status, n in counts.by_status.items() if n and status != "PENDING"} == told
        pending += counts.by_status["PENDING"]
    assert pending > 0
    copied.project(copied.world.written)
    assert all(
        counts_of_day(copied.connection, one, copied.day).by_status["PENDING"] == 0
        for one in CATALOGUE.publishers
    )


def test_who_listens_is_told_which_topics_have_something_new(copied: Copied, database: str) -> None:
    """Once for each batch, when it can be read; of what is no receipt and no announcement, nothing."""
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute(f"LISTEN {INDEX_CHANNEL}".encode())
        mine: list[Message] = [
            one for one in copied.world.written if one.topic().split(".")[0] in {"receipts", "matters"}
        ]
        rest = [one for one in copied.world.written if one not in mine]
        copied.project(rest)
        copied.project(mine)
        topics = {one.topic() for one in mine}
        heard = [one.payload for one in listener.notifies(timeout=30, stop_after=len(topics))]
        assert Counter(heard) == Counter(topics)


def test_the_key_of_a_record_says_where_it_is_filed_though_it_was_refused(copied: Copied) -> None:
    """So a person's history has what was refused, too, and nobody looks through the whole log for it."""
    copied.account()
    rows = copied.connection.execute("SELECT filed_under, outcome FROM ledger.records").fetchall()
    assert (copied.world.case_id(OTHERS[0]), "REJECTED") in rows
    assert (copied.world.case_id("x"), "UNDECODABLE") in rows
    assert all(filed_under is not None for filed_under, _ in rows)
    assert copied.world.case_id(LI_XIULAN) in {filed_under for filed_under, _ in rows}
