"""A department's program is killed in the middle of its work, and every announcement has its effect once."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from consumers.announcements.inbox import Inbox
from exchange.runtime.errors import ExchangeError
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from tests.case_documents import announcement_document
from tests.docs.pages import DOCS, blocks
from tests.journeys.log_tools import publish_events
from tests.waiting import PATIENCE_S
from topics.catalogue import matters_topic

pytestmark = pytest.mark.leaves("forgeries")

ANNOUNCEMENTS = 150
KILLS = 3
DEPARTMENT = "market_regulation"
TOPIC = matters_topic(DEPARTMENT)
PROGRAM = blocks(DOCS / "how-to" / "department.md", "python")[1].text


@contextmanager
def working(stack: Settings) -> Iterator[subprocess.Popen[str]]:
    """The program of the how-to, at work; killed without a word at the end."""
    environment = {**os.environ, "EXCHANGE_HOME": str(stack.home), "DEPARTMENT_DATABASE": stack.postgres}
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def test_a_program_killed_again_and_again_works_on_each_announcement_exactly_once(stack: Settings) -> None:
    """Ids, place and effect are one transaction: a kill takes all three back or none."""
    rng = random.Random(20261125)
    ids = [str(uuid4()) for _ in range(ANNOUNCEMENTS)]
    with psycopg.connect(stack.postgres, autocommit=True) as database:
        for start in range(KILLS):
            announce(stack, ids[start::KILLS], rng)
            enough = len(done(database, ids)) + rng.randrange(1, ANNOUNCEMENTS // KILLS)
            work_until(stack, database, ids, enough)
        work_until(stack, database, ids, ANNOUNCEMENTS)
        assert sorted(done(database, ids)) == sorted(ids)


def announce(stack: Settings, ids: list[str], rng: random.Random) -> None:
    """Announce these, some of them twice, as happens after a crash."""
    documents = [announcement_document(one, uuid4().hex, department=DEPARTMENT) for one in ids]
    publish_events(stack, TOPIC, "announcement", [*documents, *rng.sample(documents, 10)])


def work_until(stack: Settings, database: psycopg.Connection[Any], ids: list[str], enough: int) -> None:
    """Let the program work until this many effects are there, then kill it, whatever it is doing."""
    with working(stack) as program:
        ended = wait_until(
            lambda: len(set(done(database, ids))) >= enough or program.poll() is not None, PATIENCE_S, 0.005
        )
        assert ended
        assert program.poll() is None, program.communicate()[1]


def done(database: psycopg.Connection[Any], ids: list[str]) -> list[str]:
    """Those of the ids that took effect, each as often as it did."""
    if database.execute("SELECT to_regclass('work')").fetchone() == (None,):
        return []
    found = database.execute("SELECT announcement_id FROM work WHERE announcement_id = ANY(%s)", (ids,))
    return [str(row[0]) for row in found.fetchall()]


def test_a_second_process_on_the_same_inbox_is_refused_and_takes_nothing(stack: Settings) -> None:
    """Two would race for each announcement; the database lets the place move on once."""
    announce_one(stack)
    taken: list[str] = []

    def take(_connection: object, announcement: dict[str, Any]) -> None:
        taken.append(announcement["id"])

    with (
        psycopg.connect(stack.postgres) as one,
        psycopg.connect(stack.postgres) as other,
        Inbox(stack, DEPARTMENT, one, name="race") as first,
        Inbox(stack, DEPARTMENT, other, name="race") as second,
    ):
        count = first.run(take, until_idle_s=0.5)
        with pytest.raises(ExchangeError, match="Another process"):
            second.run(take, until_idle_s=0.5)
    assert len(taken) == count > 0


def test_what_an_effect_raises_takes_its_announcement_back(stack: Settings) -> None:
    """It is the next one to come, until it has its effect; what is done elsewhere may be done again."""
    announce_one(stack)
    tries: list[str] = []

    def fail(announcement: dict[str, Any]) -> None:
        tries.append(announcement["id"])
        raise ZeroDivisionError

    def take(_connection: object, _announcement: object) -> None:
        """Do nothing here."""

    with (
        psycopg.connect(stack.postgres) as connection,
        Inbox(stack, DEPARTMENT, connection, name="failing") as inbox,
        pytest.raises(ZeroDivisionError),
    ):
        inbox.run(take, elsewhere=fail, until_idle_s=0.5)
    with (
        psycopg.connect(stack.postgres) as connection,
        Inbox(stack, DEPARTMENT, connection, name="failing") as inbox,
    ):
        count = inbox.run(take, elsewhere=lambda one: tries.append(one["id"]), until_idle_s=0.5)
    assert len(tries) == count + 1
    assert len(set(tries)) == count


def test_an_inbox_that_goes_on_after_a_failure_passes_nothing_over(stack: Settings) -> None:
    """What was read together with the announcement that failed has had no effect yet."""
    for _ in range(3):
        announce_one(stack, "0" * 32)
    taken: list[str] = []

    def fail_once(_connection: object, announcement: dict[str, Any]) -> None:
        taken.append(announcement["id"])
        if len(taken) == 1:
            raise ZeroDivisionError

    with (
        psycopg.connect(stack.postgres) as connection,
        Inbox(stack, DEPARTMENT, connection, name="going on") as inbox,
        psycopg.connect(stack.postgres) as another,
        Inbox(stack, DEPARTMENT, another, name="complete") as complete,
    ):
        with pytest.raises(ZeroDivisionError):
            inbox.run(fail_once)
        announce_one(stack, "0" * 32)
        inbox.run(fail_once, until_idle_s=0.5)
        whole: list[str] = []
        complete.run(lambda _, one: whole.append(one["id"]), until_idle_s=0.5)
    assert sorted(taken[1:]) == sorted(whole)
    assert taken[0] in whole


def test_a_connection_that_commits_by_itself_is_refused(stack: Settings) -> None:
    """The effect would be there without its id, or the id without its effect."""
    with (
        psycopg.connect(stack.postgres, autocommit=True) as connection,
        pytest.raises(ExchangeError, match="commits by itself"),
    ):
        Inbox(stack, DEPARTMENT, connection)


def announce_one(stack: Settings, case_id: str | None = None) -> None:
    """Announce something, so that there is something to take."""
    documents = [announcement_document(str(uuid4()), case_id or uuid4().hex, department=DEPARTMENT)]
    publish_events(stack, TOPIC, "announcement", documents)
