"""A copy of the log that takes another's place: read all the while, and never half."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import psycopg
import pytest

from consumers.log.copies import Connection, LogCopy
from consumers.log.copy_session import open_session
from consumers.log.copy_writer import CopyWriter, DroppedError
from consumers.log.reader import Bounds
from exchange.runtime.errors import ExchangeError
from exchange.runtime.settings import Settings
from tests.conftest import PARTS
from tests.own_database import own_database

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="makes a database of its own as the owner")
COPY = LogCopy("copied", "copier", version=2, readable=range(1, 3))
OLD = LogCopy("copied", "copier", version=1, readable=range(1, 2))
PLACE = ("letters", 0)
LIVES = {"letters": "a"}
LAYOUT = "CREATE TABLE letters (letter text PRIMARY KEY);"


def writer(copy: LogCopy = COPY, layout: str = LAYOUT) -> CopyWriter:
    """What writes the copy."""
    return CopyWriter(copy, lock=1, layout=layout, partitions={"letters": 1})


def bounds(end: int) -> Bounds:
    """A log of so many letters."""
    return Bounds({PLACE: 0}, {PLACE: end})


@dataclass
class Copied:
    """A database with a copy in it, its writer's connection, and how others read it."""

    address: str
    stack: Settings
    connection: Connection = field(init=False)

    def carry(self, made: CopyWriter, letters: str, at: int) -> None:
        """Carry letters over as a part does: rows and place in one transaction."""
        with self.connection.transaction():
            for letter in letters:
                self.connection.execute("INSERT INTO letters VALUES (%s)", (letter,))
            made.put_positions(self.connection, {PLACE: at + len(letters)})

    def whole(self, made: CopyWriter, letters: str) -> None:
        """Make the copy, from its beginning to its end."""
        at = made.begin(self.connection, LIVES, bounds(len(letters)))[PLACE]
        self.carry(made, letters[at:], at)
        assert made.mark_complete(self.connection)

    @property
    def settings(self) -> Settings:
        """How others come to it."""
        return replace(self.stack, postgres=self.address)

    def read(self) -> str:
        """What a reader finds, who will not be told half of it."""
        with open_session(self.settings, COPY) as session:
            session.require_complete()
            rows = session.connection.execute("SELECT letter FROM copied.letters ORDER BY 1").fetchall()
        return "".join(letter for (letter,) in rows)

    def schemas(self) -> set[str]:
        """The schemas of this copy that there are."""
        rows = self.connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'copied%'"
        ).fetchall()
        return {name for (name,) in rows}


@pytest.fixture
def copied(stack: Settings) -> Iterator[Copied]:
    """An old copy of three letters, whole."""
    with own_database(stack, "copies_of_a_test") as address:
        found = Copied(address, stack)
        with psycopg.connect(address, autocommit=True) as connection:
            found.connection = connection
            found.whole(writer(OLD), "abc")
            yield found


def test_a_new_layout_is_read_only_once_it_is_whole_and_the_old_until_then(copied: Copied) -> None:
    """Whoever reads is never refused, and never told less than before."""
    new = writer(layout=LAYOUT + "CREATE TABLE more ();")
    at = new.begin(copied.connection, LIVES, bounds(5))[PLACE]
    assert at == 0
    for number, letter in enumerate("abcde"):
        assert copied.read() == "abc"
        copied.carry(new, letter, number)
    assert copied.schemas() == {"copied", "copied_next"}
    assert new.mark_complete(copied.connection)
    assert copied.read() == "abcde"
    assert copied.schemas() == {"copied"}
    copied.carry(new, "f", 5)
    assert copied.read() == "abcdef"


def test_readers_are_never_refused_while_copies_take_each_others_place(copied: Copied) -> None:
    """Over and over, while five ask as fast as they can."""
    stop, found, refused = threading.Event(), set[str](), list[Exception]()

    def read() -> None:
        while not stop.is_set():
            try:
                found.add(copied.read())
            except ExchangeError as problem:
                refused.append(problem)

    readers = [threading.Thread(target=read) for _ in range(5)]
    for one in readers:
        one.start()
    try:
        for number in range(8):
            copied.connection.execute("UPDATE copied.life SET version = 1")
            new = writer(layout=LAYOUT + f"CREATE TABLE more_{number} ();")
            new.begin(copied.connection, LIVES, bounds(4))
            for at, letter in enumerate("abcd"):
                copied.carry(new, letter, at)
            while not new.mark_complete(copied.connection):
                pass
    finally:
        stop.set()
        for one in readers:
            one.join()
    assert refused == []
    assert found == {"abc", "abcd"}


def test_what_was_built_beside_goes_on_after_a_crash(copied: Copied) -> None:
    """A city's read model takes minutes: to begin anew each time would take for ever."""
    new = writer()
    new.begin(copied.connection, LIVES, bounds(5))
    copied.carry(new, "ab", 0)
    with psycopg.connect(copied.address, autocommit=True) as another:
        copied.connection.close()
        copied.connection = another
        assert new.begin(another, LIVES, bounds(5)) == {PLACE: 2}
        assert copied.read() == "abc"
        copied.carry(new, "cde", 2)
        assert new.mark_complete(another)
        assert copied.read() == "abcde"


def test_a_crash_between_taking_the_place_and_clearing_up_leaves_nothing(copied: Copied) -> None:
    """Neither the old copy, nor one that a later version had begun."""
    copied.whole(writer(), "abcde")
    copied.connection.execute("CREATE SCHEMA copied_old; CREATE SCHEMA copied_next")
    assert writer().begin(copied.connection, LIVES, bounds(5)) == {PLACE: 5}
    assert copied.schemas() == {"copied"}
    assert copied.read() == "abcde"


def test_a_reader_in_the_middle_sees_one_copy_to_its_end(copied: Copied) -> None:
    """The new one waits, and does not hold up who comes meanwhile."""
    new = writer()
    new.begin(copied.connection, LIVES, bounds(5))
    copied.carry(new, "abcde", 0)
    with open_session(copied.settings, COPY) as session:
        assert not new.mark_complete(copied.connection)
        assert copied.read() == "abc"
        assert session.connection.execute("SELECT count(*) FROM copied.letters").fetchone() == (3,)
    assert new.mark_complete(copied.connection)
    assert copied.read() == "abcde"


@pytest.mark.parametrize(
    ("statement", "end"),
    [
        ("""UPDATE copied.life SET topic_lives = '{"letters": "another"}'""", 5),
        ("UPDATE copied.life SET version = 0", 5),
        ("UPDATE copied.life SET complete = false", 5),
        ("UPDATE copied.positions SET next_offset = 6", 5),
    ],
    ids=["of another log", "of no version that is read", "never whole", "more than the log has"],
)
def test_what_is_not_to_be_believed_is_dropped_at_once(copied: Copied, statement: str, end: int) -> None:
    """Until the new one is whole, readers are told that it is being built."""
    copied.connection.execute(statement.encode())
    new = writer()
    assert new.begin(copied.connection, LIVES, bounds(end)) == {PLACE: 0}
    assert copied.schemas() == {"copied"}
    with pytest.raises(ExchangeError):
        copied.read()
    copied.carry(new, "abcde", 0)
    assert new.mark_complete(copied.connection)
    assert copied.read() == "abcde"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE copied.life SET version = 1",
        """UPDATE copied.life SET topic_lives = topic_lives || '{"key": "another"}'""",
        "DELETE FROM copied.positions",
    ],
    ids=["of a version that is read", "made with another key", "a topic is new"],
)
def test_what_is_merely_out_of_date_is_read_meanwhile(copied: Copied, statement: str) -> None:
    """It says what was true, and of the same log."""
    copied.whole(writer(), "abcde")
    copied.connection.execute(statement.encode())
    assert writer().begin(copied.connection, LIVES, bounds(5)) == {PLACE: 0}
    assert copied.schemas() == {"copied", "copied_next"}
    assert copied.read() == "abcde"


def test_a_copy_that_somebody_drops_while_it_is_built_is_begun_anew(copied: Copied) -> None:
    """Whichever of the two it was."""
    new = writer()
    new.begin(copied.connection, LIVES, bounds(5))
    new.require_there(copied.connection)
    copied.connection.execute("DROP SCHEMA copied_next CASCADE")
    with pytest.raises(DroppedError):
        new.require_there(copied.connection)
    assert new.begin(copied.connection, LIVES, bounds(5)) == {PLACE: 0}
    copied.connection.execute("DROP SCHEMA copied CASCADE")
    copied.carry(new, "abcde", 0)
    assert new.mark_complete(copied.connection)
    assert copied.read() == "abcde"
