"""As many access records as requests, naming exactly who is shown; where none can be written, nothing is."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from avro_schemas.catalogue import schema
from consumers.printed_form.application_choice import NoSuchApplicationError
from consumers.read_model.queue_reader import QueueQuery
from exchange.desk.access_records import distinct
from exchange.desk.access_writer import AccessWriter
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.asker import SHELL, Asker
from exchange.desk.case_document import NoSuchCaseError
from exchange.desk.desk import Desk
from exchange.desk.drawing import NothingToDoError, SubjectUnclearError, draw
from exchange.desk.form import fill_form
from exchange.desk.look import LookRequest, look
from exchange.desk.looks import looks, looks_for_family
from exchange.desk.materials import list_materials
from exchange.desk.notice import make_notice
from exchange.desk.opened import open_case
from exchange.desk.owed import OwedRequest, owed
from exchange.desk.persons import AskedPerson
from exchange.desk.progress import ProgressRequest, read_progress
from exchange.desk.queue import queue
from exchange.desk.search import search
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings, load_settings
from producers.codec import Codec
from tests.cases import applied, given
from tests.conftest import PARTS
from tests.consumers.history.past_world import PastWorld
from tests.desk.made_desk import made_desk
from tests.journeys.log_tools import Reader, ends
from tests.nowhere import NO_BROKERS
from tests.people import id_number
from topics.catalogue import ACCESS

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="makes a database of its own as the owner")
NUMBERS: Final = [id_number(sequence=at) for at in range(501, 509)]
NAMES: Final = ("李秀兰", "王建国", "买买提·艾力", "赵春梅", "钱冬生", "孙玉兰", "周建军", "吴桂英")
SEED: Final = 20261130
Served = tuple[str, ...]
"""Whom an answer showed; or who was asked for, and is not there."""
Request = Callable[[Desk, Asker, AskedPerson], Served]


@pytest.fixture(scope="module")
def people() -> PastWorld:
    """Eight people, of some of whom a bank knows, and half of whose families have applied."""
    world = PastWorld()
    for at, (number, name) in enumerate(zip(NUMBERS, NAMES, strict=True)):
        who: dict[str, Any] = {"id_number": number, "name": name}
        world.publish(given("death_certificate", str(at), **who))
        if at % 2:
            world.publish(given("bank_deposit", str(at), bank_name="甘肃银行", **who))
            world.publish(applied(3, 9, 10, label=str(at), banks=[{"bank_name": "甘肃银行"}], **who))
    return world


@pytest.fixture(scope="module")
def desk(stack: Settings, people: PastWorld) -> Iterator[Desk]:
    """A desk whose access records go to the running exchange's own topic."""
    with made_desk(stack, people, "requests_of_a_test") as made, Registry(stack.registry) as registry:
        codec = Codec(stack.city.catalogue, registry)
        yield replace(made, codec=codec, access=AccessWriter(stack.kafka, codec.encode))


def persons(desk: Desk) -> list[AskedPerson]:
    """Everybody, and somebody of whom nothing is known."""
    return [AskedPerson(one, desk.case_ids.of_key(one)) for one in (*NUMBERS, id_number(sequence=599))]


def looked(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """Look at a case, with numbers in full where that is allowed."""
    unmask = asker.role not in {"auditor", "bank_clerk"}
    seen = look(desk, asker, person, LookRequest(unmask=unmask, reason="核对" if unmask else ""))
    return (seen.case["case_id"] if seen else person.case_id,)


def searched(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """Search by a number or a name."""
    text = person.asked if person.asked not in NUMBERS else NAMES[NUMBERS.index(person.asked)]
    return tuple(one.case_id for one in search(desk, asker, text))


def queued(desk: Desk, asker: Asker, _person: AskedPerson) -> Served:
    """Read a page of the queue."""
    return distinct(line.case_id for line in queue(desk, asker, QueueQuery(()), limit=7).lines)


def progressed(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """Ask how it stands."""
    audience = desk.settings.city.family.audience("12345")
    assert audience is not None
    read_progress(desk, asker, person, ProgressRequest(audience))
    return (person.case_id,)


def watched(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """Ask who looked, or what of that a family is told."""
    (looks_for_family if asker.role == "portal" else looks)(desk, asker, person)
    return (person.case_id,)


def owing(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """Ask by a number what is owed."""
    owed(desk, asker, OwedRequest(person=person))
    return (person.case_id,)


def opened(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """Open a case with what there is to do in it, and the form of the first thing."""
    found = open_case(desk, asker, person, LookRequest(), ("result",))
    return (found.seen.case["case_id"] if found else person.case_id,)


def drawn(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """Draw a form, whether there is that to do or not."""
    with suppress(NothingToDoError, SubjectUnclearError):
        draw(desk, asker, DRAWN.get(asker.role, "result"), person.case_id, FormSubject())
    return (person.case_id,)


def printed(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """Print the form of annex 1."""
    fill_form(desk, asker, person, "", "打印")
    return (person.case_id,)


def noticed(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """Ask what is to be put right."""
    with suppress(NoSuchApplicationError, NoSuchCaseError):
        make_notice(desk, asker, person, "", "")
    return (person.case_id,)


def listed(desk: Desk, asker: Asker, person: AskedPerson) -> Served:
    """List the files that one may read."""
    list_materials(desk, asker, person, "")
    return (person.case_id,)


DRAWN: Final = {"window_clerk": "examine", "hotline": "enquire", "portal": "apply"}
"""Role → a form that it draws; the others say how a matter ended."""
POLICE, JUSTICE = ({"department": name} for name in ("police", "justice"))
BANK: Final = {"department": "financial_regulation", "bank": "甘肃银行"}
MIX: Final[tuple[tuple[str, Any, Request], ...]] = (
    ("department_handler", POLICE, looked),
    ("department_handler", JUSTICE, searched),
    ("department_handler", POLICE, queued),
    ("supervisor", JUSTICE, watched),
    ("supervisor", POLICE, owing),
    ("bank_clerk", BANK, looked),
    ("bank_clerk", BANK, queued),
    ("window_clerk", {}, looked),
    ("window_clerk", {}, searched),
    ("window_clerk", {}, queued),
    ("auditor", {}, looked),
    ("auditor", {}, watched),
    ("hotline", {}, progressed),
    ("portal", {}, watched),
    (SHELL, {}, owing),
    ("supervisor", JUSTICE, opened),
    ("bank_clerk", BANK, drawn),
    ("hotline", {}, drawn),
    ("portal", {}, drawn),
    ("window_clerk", {}, drawn),
    ("window_clerk", {}, printed),
    ("auditor", {}, noticed),
    ("department_handler", POLICE, listed),
)


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_as_many_access_records_as_requests_naming_exactly_the_people_shown(
    stack: Settings, desk: Desk, count: int
) -> None:
    """Of all roles mixed, four at a time; and no number of anybody in a value, a key, a header or a log."""
    drawn, everybody = Random(SEED), persons(desk)
    asked = [(drawn.choice(MIX), drawn.choice(everybody)) for _ in range(count)]
    before = ends(stack, [ACCESS])

    def serve(number: int) -> tuple[str, Served]:
        (role, within, use), person = asked[number]
        actor = f"{role}-{number}"
        return actor, use(desk, Asker(actor, role, within, "api"), person)

    with ThreadPoolExecutor(4) as threads:
        served = dict(threads.map(serve, range(count)))
    reader = Reader(stack, before, before)
    raw = list(reader.to_end())
    reader.close()
    with Registry(stack.registry) as registry:
        decode = Decoder[Any](schema("access"), registry.schema_by_id).decode
        records = [decode(message.value()) for message in raw]
    mine = [one for one in records if one["actor"] in served]
    assert Counter(one["actor"] for one in mine) == Counter(list(served))
    for one in mine:
        named = [one["case_id"]] if one["case_id"] else one["case_ids"]
        assert sorted(named) == sorted(served[one["actor"]]), one["actor"]
    assert sum(map(len, served.values())) > count
    said = b"".join(b"%b%b%b" % (m.key(), m.value(), str(m.headers()).encode()) for m in raw)
    logs = b"".join(path.read_bytes() for path in Path(Home(stack.home).logs).glob("*.log"))
    assert not [one for one in (*NUMBERS, *NAMES) if one.encode() in said or one.encode() in logs]


@pytest.mark.parametrize("closed", ["refused", "away"])
def test_with_the_access_topic_closed_none_is_served(stack: Settings, desk: Desk, closed: str) -> None:
    """The brokers refuse the record to whoever may not write it, or cannot be reached."""
    notifier = load_settings(stack.home, "notifier").kafka
    kafka = notifier if closed == "refused" else NO_BROKERS
    shut = replace(desk, access=AccessWriter(kafka, desk.codec.encode))
    before = ends(stack, [ACCESS])
    # Where they are away, each request waits for them.
    uses, asked = (MIX, persons(desk)[-2:]) if closed == "refused" else (MIX[:1], persons(desk)[-1:])
    for role, within, use in uses:
        for person in asked:
            with pytest.raises(ExchangeError, match="could not be recorded"):
                use(shut, Asker("zhang", role, within, "api"), person)
    assert ends(stack, [ACCESS]) == before
