"""A department's program with the client, over HTTP or Kafka: the same is done, and answered the same."""

import json
import re
import shutil
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Final, Literal

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding as Form
from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat, PublicFormat

from exchange.runtime.settings import Settings
from life_events_client import (
    Announcement,
    Brokers,
    Client,
    ClientError,
    NotAllowed,
    Outbox,
    PlainRecord,
    Receipt,
    RecordRefused,
)
from life_events_client.records import Cremation
from tests.docs.pages import DOCS, blocks
from tests.journeys.installation import Installation
from tests.journeys.log_tools import Encoding, messages_in, produce
from tests.people import id_number
from tests.waiting import PATIENCE_S, wait_for

Kind = Literal["http", "kafka"]
KINDS: Final[tuple[Kind, ...]] = ("http", "kafka")
over_both_ways = pytest.mark.parametrize("kind", KINDS)
BORN: Final = date(1937, 2, 1)
RIGHT: Final = id_number("620502", BORN)
WRONG_NUMBER: Final = f"{RIGHT[:-1]}{'0' if RIGHT[-1] == '1' else '1'}"


@dataclass(frozen=True)
class Department:
    """What the operator gives civil affairs, and where its program keeps things."""

    url: str
    servers: str
    client_id: str
    secret: str
    password: str
    key: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What its programs are told."""
        return {
            "EXCHANGE_URL": self.url,
            "EXCHANGE_BROKERS": self.servers,
            "EXCHANGE_CLIENT_ID": self.client_id,
            "EXCHANGE_SECRET": self.secret,
            "EXCHANGE_KAFKA_PASSWORD": self.password,
        }

    def opens(self, kind: Kind, **more: Any) -> Client:
        """A client over one of the ways; both keep things in the same file."""
        brokers = Brokers(self.servers, self.password) if kind == "kafka" else None
        given = {"client_secret": self.secret, "brokers": brokers, "store": self.folder / "store", **more}
        return Client(self.url, self.client_id, **given)


@pytest.fixture(scope="module")
def department(
    stack: Settings, exchange: Callable[..., CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Department:
    """Civil affairs, which has made a key of its own."""
    folder, home = tmp_path_factory.mktemp("department"), ("--json", "--home", str(stack.home))
    own = ed25519.Ed25519PrivateKey.generate()
    (folder / "key.pem").write_bytes(own.private_bytes(Form.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = folder / "public.pem"
    public.write_bytes(own.public_key().public_bytes(Form.PEM, PublicFormat.SubjectPublicKeyInfo))
    status = json.loads(exchange("status", *home).stdout)
    asked = ("credentials", "create", "civil_affairs", "--public-key", str(public))
    given = json.loads(exchange(*asked, *home).stdout)
    told = Department(
        status["gateway"],
        status["kafka"],
        given["client_id"],
        given["client_secret"],
        given["kafka_password"],
        folder / "key.pem",
        folder,
    )
    with told.opens("http") as client:
        wait_for("the gateway to hear of the credential", lambda: is_known(client))
    return told


def is_known(client: Client) -> bool:
    """Whether the credential works."""
    try:
        client.receipts_of("0f8fad5b-d9cb-469f-a165-70867728950e")
    except ClientError:
        return False
    return True


def cremation(kind: Kind, number: int, **changes: Any) -> Cremation:
    """A record of another person for each number."""
    born = BORN + timedelta(number)
    fields: dict[str, Any] = {
        "name": "李秀兰",
        "id_number": id_number("620502", born, 42 if kind == "http" else 44),
        "death_time": date(2025, 9, 1),
        "cremation_time": date(2025, 9, 3),
        "cremation_place": "天水市殡仪馆",
    }
    return Cremation(**{**fields, **changes})


@over_both_ways
def test_one_record_has_its_receipt_and_sent_again_is_a_duplicate(department: Department, kind: Kind) -> None:
    mine = cremation(kind, 0)
    with department.opens(kind) as client:
        first, second = (client.publish(mine, wait=60) for _ in range(2))
        pending = client.publish(cremation(kind, 1))
        assert isinstance(first, Receipt)
        assert isinstance(second, Receipt)
        assert [first.status, second.status] == ["ACCEPTED", "DUPLICATE"]
        assert (first.type, first.record_id, len(first.case_id or "")) == ("cremation", mine.record_id, 32)
        wait_for("the index to have both", lambda: len(client.receipts_of(mine.record_id)) == 2)
        assert client.receipts_of(mine.record_id) == (first, second)
        assert pending.receipt_id.startswith("records.cremation/")


@over_both_ways
def test_many_records_have_a_receipt_each_in_their_order_whatever_is_wrong_with_some(
    department: Department, kind: Kind
) -> None:
    """Over either way the same is refused for the same field, by the exchange or before it is sent."""
    good = [cremation(kind, number) for number in range(10, 610)]
    wrong_number = cremation(kind, 700, id_number=WRONG_NUMBER)
    without_place = cremation(kind, 701).as_json()
    del without_place["cremation_place"]
    others = [wrong_number, PlainRecord("cremation", without_place), good[0]]
    with department.opens(kind) as client:
        receipts = client.send_many([*good, *others])
    assert [one.status for one in receipts] == [*(600 * ["ACCEPTED"]), "REJECTED", "REJECTED", "DUPLICATE"]
    assert [one.record_id for one in receipts] == [one.record_id for one in (*good, *others)]
    assert [[(why.code, why.field) for why in one.reasons] for one in receipts[600:602]] == [
        [("id_checksum_wrong", "id_number")],
        [("field_missing", "cremation_place")],
    ]


@over_both_ways
def test_an_outbox_delivers_and_keeps_what_is_refused(department: Department, kind: Kind) -> None:
    mine, bad = cremation(kind, 1000), cremation(kind, 1001, id_number=WRONG_NUMBER)
    with department.opens(kind, store=department.folder / f"outbox {kind}") as client:
        with Outbox(client) as outbox:
            outbox.put(mine, bad)
            assert outbox.settled(PATIENCE_S), outbox.problem
        with Outbox(client) as again:
            assert again.counts() == {"ACCEPTED": 1, "REJECTED": 1}
            assert [one.record.record_id for one in again.refused()] == [bad.record_id]


@over_both_ways
def test_a_record_of_the_type_of_others_is_refused(department: Department, kind: Kind) -> None:
    other = PlainRecord("death_certificate", {**cremation(kind, 2000).as_json(), "death_cause": "肺炎"})
    with department.opens(kind) as client, pytest.raises(RecordRefused, match="not_topic_owner"):
        client.publish(other, wait=60)


def test_announcements_are_followed_over_one_way_and_then_over_the_other(
    stack: Settings, department: Department
) -> None:
    """Who changes over loses none and has none again, except for the one that it had not taken."""
    encoding, told, untaken = Encoding(stack), list[Announcement](), list[Announcement]()
    for number, kind in enumerate((*KINDS, "http"), 3000):
        dead = cremation("kafka", number)
        with department.opens(kind) as client:
            receipt = client.publish(dead, wait=60)
            assert isinstance(receipt, Receipt)
            produce(stack, [death(encoding, str(dead.id_number))])
            wanted = {receipt.case_id, *(one.case_id for one in untaken[-1:])}
            came = list(until_all(wanted, client.announcements(name="both")))
        assert untaken[-1:] == [one for one in came if one in untaken]
        told += came
        untaken.append(came[-1])
    ids = Counter(one.id for one in told)
    assert ids - Counter(one.id for one in untaken[:-1]) == Counter(ids.keys())


def until_all(cases: set[str | None], announcements: Iterator[Announcement]) -> Iterator[Announcement]:
    """The announcements until one of each case has come; the last is not taken."""
    for one in announcements:
        yield one
        cases.discard(one.case_id)
        if not cases:
            return


def death(encoding: Encoding, number: str) -> tuple[str, str, bytes]:
    """The record of the health department of somebody's death."""
    raw = {"id_number": number, "name": "李秀兰", "death_time": "2025-09-01", "death_cause": "肺炎"}
    return encoding.encode("death_certificate", raw)


@over_both_ways
def test_a_key_of_its_own_serves_instead_of_the_secret(department: Department, kind: Kind) -> None:
    with department.opens(kind, client_secret="", private_key=department.key) as client:
        found = client.publish(cremation(kind, 4000), wait=60)
    assert found.status == "ACCEPTED"


@over_both_ways
def test_who_shows_the_wrong_thing_is_told_so(department: Department, kind: Kind) -> None:
    """Neither a wrong secret nor a wrong password is tried for ever."""
    wrong = "0" * len(department.password)
    others = {"client_secret": wrong} if kind == "http" else {"brokers": Brokers(department.servers, wrong)}
    with department.opens(kind, **others) as client, pytest.raises(NotAllowed):
        client.publish(cremation(kind, 4001), wait=60)


def test_what_stands_beside_a_record_is_the_same_over_both_ways(
    stack: Settings, department: Department
) -> None:
    """Who reads a topic cannot tell, and need not, which way a record came; nobody's number is beside it."""
    told = {}
    for kind in KINDS:
        mine = cremation(kind, 5000)
        with department.opens(kind) as client:
            client.publish(mine)
        headers = headers_of(stack, "records.cremation", mine.record_id)
        assert str(mine.id_number) not in str(headers)
        told[kind] = {**headers, "ce_id": b"", "ce_time": headers["ce_time"][-1:]}
    assert told["kafka"] == told["http"]


def headers_of(stack: Settings, topic: str, record_id: str) -> dict[str, bytes]:
    """The headers of the message with a record."""
    found = (dict(one.headers()) for one in messages_in(stack, [topic]) if one.headers())
    return next(one for one in found if one["ce_id"] == record_id.encode())


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The client on a machine of its own."""
    return Installation(tmp_path_factory.mktemp("machine") / "venv")


@pytest.mark.parametrize(
    ("info", "said"),
    [("python kafka", r"ACCEPTED(.|\n)* (READY|COMPLETED)\n"), ("python key", r"\(\)\n")],
    ids=["kafka", "key"],
)
def test_a_program_of_the_page_runs_where_the_client_alone_is_installed(
    stack: Settings, department: Department, installation: Installation, info: str, said: str
) -> None:
    """A department's machine holds its credential, and nothing with which one gets at a person's case."""
    number = id_number("620502", BORN, 48)
    produce(stack, [death(Encoding(stack), number)])
    shutil.copy(department.key, installation.folder / "key.pem")
    [program] = blocks(DOCS / "how-to" / "client-python.md", info)
    text = program.text.replace("620503194907150462", number).replace("王桂芳", "李秀兰")
    done = installation.run(text, department.environment)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert re.search(said, done.stdout), done.stdout
    assert installation.run("import exchange", {}).returncode == 1
    kept = b"".join(one.read_bytes() for one in installation.files())
    for secret in secrets_of(stack):
        assert secret not in kept


def secrets_of(stack: Settings) -> list[bytes]:
    """What no department may hold: the case key, the registry, databases."""
    key = stack.case_key
    texts = (key.hex(), b64encode(key).decode(), stack.registry.url, stack.registry.password, stack.postgres)
    return [key, *(one.encode() for one in texts)]
