"""Every principal at every topic of brokers that run: each cell of the access table is tried, both ways."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from exchange.domain.access.broker_grants import GrantDifference, principal_of
from exchange.domain.credentials import Credential, CredentialRequest, Holder, issue
from exchange.runtime.credentials.kafka_users import KafkaUsers
from exchange.runtime.credentials.log import CredentialLog
from exchange.runtime.home import Home
from exchange.runtime.kafka import acls
from exchange.runtime.kafka.topic_admin import apply_topics
from exchange.runtime.principals import kafka_secret
from exchange.runtime.settings import Settings
from tests.access_tables import CATALOGUE, OUTSIDE, OWN, TABLE
from tests.cells import each_cell
from tests.exports import keep_schemas
from tests.running import run_exchange, running_exchange
from tests.waiting import PATIENCE_S, wait_for
from topics.catalogue import CASES, JOIN_GROUP, NO_GROUP

SERIAL: Final = "77"
MADE: Final = frozenset(f"{name}.{SERIAL}" for name in OUTSIDE)
USERS: Final = (*OWN, *sorted(MADE))
TOPICS: Final = tuple(topic.name for topic in CATALOGUE.topics)
PASSWORD: Final = "made-up"  # noqa: S105 - of users that live as long as the test
ELSEWHERE: Final = {
    "EXCHANGE_REGISTRY": "http://127.0.0.1:1",
    "EXCHANGE_POSTGRES": "postgresql://127.0.0.1:1/x",
}
REFUSED: Final = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
}
HELD_WITHIN_S: Final = 5.0
"""So soon a change of the rules holds everywhere."""


@pytest.fixture(scope="module")
def bare() -> Iterator[Settings]:
    """Brokers alone, with the catalogue's topics, a user for each outsider, and the table's rules."""
    with running_exchange("--bare", environment=ELSEWHERE) as settings:
        make_users(settings, MADE)
        KafkaUsers(settings).let_in_writers()
        wait_for("the users to be known", lambda: KafkaUsers(settings).seen(MADE).users == MADE)
        assert compare_access(settings).missing
        apply_access(settings)
        apply_topics(settings)
        keep_schemas(settings)
        made = CredentialRequest("test", datetime.now(UTC), "operator")
        for name in MADE:
            CredentialLog(settings).keep(issue(Credential(name, Holder("health"), "", ""), made))
        yield settings


def apply_access(settings: Settings) -> GrantDifference:
    """Make the brokers say what the table says, of these users."""
    return acls.apply_access(settings, MADE)


def compare_access(settings: Settings) -> GrantDifference:
    """What that would do."""
    return acls.compare_access(settings, MADE)


def make_users(settings: Settings, names: Collection[str]) -> None:
    """Let these come in by SCRAM."""
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    made = [UserScramCredentialUpsertion(name, info, PASSWORD.encode()) for name in names]
    admin = AdminClient(settings.kafka.client_options())  # kept: its answers come while it lives
    for answer in admin.alter_user_scram_credentials(made).values():
        answer.result()


def options(settings: Settings, user: str, **own: object) -> dict[str, Any]:
    """What a client needs to come in as a user."""
    if user in OWN:
        password = Home(settings.home).secret(kafka_secret(user))
        mechanism = "SCRAM-SHA-512" if "." in user else "PLAIN"  # the gateway's for a department
    else:
        password, mechanism = PASSWORD, "SCRAM-SHA-512"
    said = replace(settings.kafka, user=user, password=password, mechanism=mechanism).client_options()
    return {**said, "log_level": 0, **{name.replace("_", "."): value for name, value in own.items()}}


def reader(settings: Settings, user: str, group: str = NO_GROUP) -> Any:
    """A client that reads."""
    return closing(
        Consumer(options(settings, user, group_id=group, enable_partition_eof=True, fetch_wait_max_ms=10))
    )


def wanted(user: str) -> dict[str, set[str]]:
    """The topics that the table lets a user read and write."""
    principal = principal_of(user)
    return {
        operation: {topic.name for topic in TABLE.topics(principal, operation, CATALOGUE)}
        for operation in ("read", "write")
    }


def described(settings: Settings, user: str) -> dict[str, set[str]]:
    """The topics that the brokers say a user may read and write."""
    admin = AdminClient(options(settings, user))
    answers = admin.describe_topics(TopicCollection(list(TOPICS)), include_authorized_operations=True)
    found: dict[str, set[str]] = {"read": set(), "write": set()}
    for topic, answer in answers.items():
        told = done(answer.result)
        may = {operation.name.lower() for operation in told.authorized_operations} if told else set()
        for operation in found.keys() & may:
            found[operation].add(topic)
    return found


def done(ask: Callable[[], Any]) -> Any:
    """What the brokers answered; None where they refused. Any other trouble is raised."""
    try:
        return ask()
    except KafkaException as problem:
        if problem.args[0].code() not in REFUSED:
            raise
        return None


def really_read(settings: Settings, user: str) -> set[str]:
    """The topics of which a user reads a partition to its end; every other is hidden from it, or refused."""
    ended: set[str] = set()
    refused: set[str] = set()
    with reader(settings, user) as consumer:
        seen = [topic for topic in TOPICS if not is_hidden(consumer, topic)]
        consumer.assign([TopicPartition(topic, 0, 0) for topic in seen])

        def answered() -> bool:
            message = consumer.poll(0.5) if seen else None
            if message is not None:
                code = message.error() and message.error().code()
                if code == KafkaError.GROUP_AUTHORIZATION_FAILED:  # who only writes has no group either
                    refused.update(seen)
                    return True
                assert code in {None, KafkaError._PARTITION_EOF, KafkaError.TOPIC_AUTHORIZATION_FAILED}
                (refused if code == KafkaError.TOPIC_AUTHORIZATION_FAILED else ended).add(message.topic())
            return ended | refused == set(seen)

        wait_for(f"all topics to answer {user}", answered, every_s=0)
    return ended - refused


def is_hidden(consumer: Any, topic: str) -> bool:
    """Whether the brokers refuse to say where a topic is, so that nothing can be asked of it."""
    error = consumer.list_topics(topic).topics[topic].error
    assert error is None or error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    return error is not None


def really_write(settings: Settings, user: str) -> set[str]:
    """The topics that take a message of a user; every other refuses it."""
    told: dict[str, Any] = {}
    producer = Producer(options(settings, user, linger_ms=20, message_timeout_ms=30_000))
    for topic in TOPICS:
        producer.produce(
            topic,
            b"a",
            b"k",
            0,
            on_delivery=lambda error, message: told.update({message.topic(): error and error.code()}),
        )
    wait_for(f"all messages of {user}", lambda: producer.poll(0.5) is not None and len(told) == len(TOPICS))
    assert set(told.values()) <= {None, *REFUSED}
    return {topic for topic, code in told.items() if code is None}


def test_every_cell_is_as_the_table_says_and_was_really_tried(bare: Settings) -> None:
    """Each principal reads and writes each topic; the brokers take or refuse it as the table says."""
    tried = allowed = 0
    for user in USERS:
        right = wanted(user)
        assert described(bare, user) == right, user
        assert {"read": really_read(bare, user), "write": really_write(bare, user)} == right, user
        tried += 2 * len(TOPICS)
        allowed += sum(map(len, right.values()))
    assert tried > 2500
    assert 300 < allowed < tried / 2


def test_what_is_refused_is_a_line_of_the_log(bare: Settings) -> None:
    """Whoever looks finds who tries what; what is allowed is nothing to tell."""
    user = f"health.{SERIAL}"
    own, others = wanted(user)["write"], wanted(user)["read"] - wanted(user)["write"]
    assert own
    assert others
    really_write(bare, user)
    wait_for("all of it in the log", lambda: {("Denied", one) for one in others} <= told_of(bare, user))
    assert told_of(bare, user).isdisjoint({("Allowed", one) for one in own})


def told_of(settings: Settings, user: str) -> set[tuple[str, str]]:
    """What the log says of a user's writing: whether it was refused, and to which topic."""
    line = rf"User:{re.escape(user)} is (\w+) operation = WRITE .* resource = Topic:LITERAL:(\S+)"
    logs = Home(settings.home).logs.glob("kafka*.log")
    return {found for log in logs for found in re.findall(line, log.read_text("utf-8"))}


@each_cell(
    ("group", "asked_by", "kept_by"),
    [
        (JOIN_GROUP, {"joiner", "reconciler", "operator"}, {"joiner"}),
        ("health.reader", {f"health.{SERIAL}"}, {f"health.{SERIAL}"}),
        ("healthy.reader", set(), set()),
        (NO_GROUP, {user for user in USERS if wanted(user)["read"]}, set()),
    ],
)
def test_a_place_in_the_log_is_kept_by_whose_it_is(
    bare: Settings, group: str, asked_by: set[str], kept_by: set[str]
) -> None:
    """Who could move the join's would have it pass records by."""
    asked, kept = set(), set()
    for user in USERS:
        admin = AdminClient(options(bare, user))
        topic = next(iter(wanted(user)["read"]), CASES)
        place = [TopicPartition(topic, 0, 0)]
        if lets(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])):
            asked.add(user)
        if lets(admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(group, place)])):
            kept.add(user)
    assert (asked, kept) == (asked_by, kept_by)


def lets(answers: Mapping[str, Any]) -> bool:
    """Whether the brokers did what was asked."""
    (answer,) = answers.values()
    told = done(answer.result)
    errors = {one.error and one.error.code() for one in told.topic_partitions} if told else REFUSED
    assert errors <= {None, *REFUSED}
    return errors.isdisjoint(REFUSED)


def test_only_the_join_writes_in_transactions(bare: Settings) -> None:
    """Under its name another would fence it; under any name, one left open holds everybody's records up."""
    for name, user, may in (
        (f"{JOIN_GROUP}-all", "joiner", True),
        *((f"{JOIN_GROUP}-all", user, False) for user in ("reconciler", "operator", f"health.{SERIAL}")),
        *(("health.outbox", user, False) for user in ("joiner", "operator", f"health.{SERIAL}")),
    ):
        producer = Producer(options(bare, user, transactional_id=name))

        def begun(producer: Any = producer) -> bool:
            producer.init_transactions(PATIENCE_S)
            return True

        assert bool(done(begun)) is may, (name, user)


def test_a_stray_is_named_removed_and_holds_no_longer_where_somebody_is_reading(bare: Settings) -> None:
    """What the table does not say goes, also for a connection that is open; what refuses somebody stays."""
    user, admin = f"health.{SERIAL}", AdminClient(bare.kafka.client_options())
    stray, refusal = rule(user, CASES), rule("police.1", CASES, AclPermissionType.DENY)
    for answer in admin.create_acls([stray, refusal]).values():
        answer.result()
    wait_for("the stray to be seen", lambda: compare_access(bare).stray)
    (found,) = compare_access(bare).stray
    assert (found.principal, found.operation, found.name) == (f"User:{user}", "read", CASES)
    with reader(bare, user) as consumer:
        consumer.assign([TopicPartition(CASES, 0, 0)])
        wait_for("it to be read", lambda: code_of(consumer.poll(0.5)) == KafkaError._PARTITION_EOF)
        assert apply_access(bare) == ((), (found,))
        refused = KafkaError.TOPIC_AUTHORIZATION_FAILED
        wait_for("it to be refused", lambda: code_of(consumer.poll(0.5)) == refused, limit_s=HELD_WITHIN_S)
    assert apply_access(bare) == ((), ())
    denied = AclBindingFilter(
        *(ResourceType.TOPIC, CASES, ResourcePatternType.LITERAL),
        *("User:police.1", None),
        *(AclOperation.ANY, AclPermissionType.DENY),
    )
    assert len(admin.delete_acls([denied])[denied].result()) == 1


def rule(user: str, topic: str, permission: Any = AclPermissionType.ALLOW) -> AclBinding:
    """A rule that somebody made at the brokers by hand."""
    kind = (ResourceType.TOPIC, topic, ResourcePatternType.LITERAL)
    return AclBinding(*kind, f"User:{user}", "*", AclOperation.READ, permission)


def code_of(message: Any) -> int | None:
    """The code of the error that came instead of a message."""
    return message.error().code() if message is not None and message.error() is not None else None


def test_the_command_says_what_would_change_and_changes_it(bare: Settings) -> None:
    """An operator sees what somebody did by hand, and takes it back."""
    home = ("--home", str(bare.home))
    kept = run_exchange("access", "plan", *home)
    assert (kept.returncode, "as the access table says" in kept.stderr) == (0, True)
    admin = AdminClient(bare.kafka.client_options())
    for answer in admin.create_acls([rule("notifier", "tasks")]).values():
        answer.result()
    wait_for("the stray to be seen", lambda: compare_access(bare).stray)
    planned = run_exchange("access", "plan", "--json", *home)
    row = {"who": "notifier", "operation": "read", "resource": "topic", "name": "tasks", "prefix": False}
    assert (planned.returncode, json.loads(planned.stdout)) == (1, {"change": "remove", **row})
    told = run_exchange("access", "plan", *home, environment={"LANG": "en_GB.UTF-8"})
    assert "remove (stray)" in told.stdout
    assert "would add 0 and remove 1" in told.stderr
    applied = run_exchange("access", "apply", "--json", *home)
    assert (applied.returncode, applied.stdout) == (0, planned.stdout)
    assert run_exchange("access", "plan", *home).returncode == 0
