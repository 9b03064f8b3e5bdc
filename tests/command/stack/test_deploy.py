"""Topics and schemas on real brokers and a real registry."""

import copy
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType
from confluent_kafka.schema_registry import SchemaRegistryClient, topic_subject_name_strategy
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext
from typer.testing import CliRunner

from avro_schemas.catalogue import schema
from exchange.command.policy import policy_app
from exchange.domain.policy import load_policy
from exchange.runtime.city import City, city_in
from exchange.runtime.errors import ExchangeError, RegistryRefusedError
from exchange.runtime.kafka.kept_values import kept_copy
from exchange.runtime.kafka.topic_admin import TopicDifference, TopicsDifferError, apply_topics, compare
from exchange.runtime.policy_log import keep_policy, kept_policies
from exchange.runtime.registry.client import Registry, list_schemas, subject_ids
from exchange.runtime.registry.schema_copy import deploy_schemas, keep_copy
from exchange.runtime.registry.schema_export import schemas_by_id
from exchange.runtime.registry.serde import Decoder, Encoder
from exchange.runtime.settings import Settings
from tests import promises
from tests.policies import edited
from topics.catalogue import CATALOGUE_PATH, CLOCK, load_catalogue

_ATTEMPTS = 200


def _set_retention(settings: Settings, retention_ms: int) -> None:
    entry = ConfigEntry("retention.ms", str(retention_ms), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, CLOCK, incremental_configs=[entry])
    admin = AdminClient(settings.kafka.client_options())
    for future in admin.incremental_alter_configs([resource]).values():
        future.result()
    wanted = [] if retention_ms < 0 else [TopicDifference(CLOCK, "retention.ms", "-1", str(retention_ms))]
    assert any(compare(settings) == wanted for _ in range(_ATTEMPTS)), "the brokers never showed the change"


@pytest.fixture
def short_clock(stack: Settings) -> Iterator[Settings]:
    """A stack on which someone has shortened the retention of one topic."""
    _set_retention(stack, 604_800_000)
    yield stack
    _set_retention(stack, -1)


def test_the_topics_stand_as_the_catalogue_wants_them(stack: Settings) -> None:
    """What the catalogue says is what the brokers do; applying it again changes nothing."""
    assert compare(stack) == []
    report = apply_topics(stack)
    assert report.created == ()
    assert set(report.present) == {topic.name for topic in load_catalogue().topics}


def test_one_broker_keeps_what_is_promised(stack: Settings) -> None:
    """Asked of the broker itself: no default of Kafka's that loses is left."""
    wanted = promises.promised(promises.BROKERS, 1)
    assert promises.kept_by_brokers(stack, wanted) == {1: wanted}
    wanted = promises.promised(promises.TOPICS, 1)
    kept = promises.kept_by_topics(stack, wanted)
    assert kept == dict.fromkeys(kept, wanted)


def test_a_topic_that_someone_changed_stops_the_exchange(short_clock: Settings) -> None:
    """Evidence that would be deleted after a week is noticed at the start, and repaired by people."""
    with pytest.raises(TopicsDifferError, match=r"clock: retention\.ms is 604800000, wanted -1"):
        apply_topics(short_clock)


def test_registering_again_changes_nothing(stack: Settings) -> None:
    """The deploy step may run at every start."""
    before = list_schemas(stack)
    assert deploy_schemas(stack) == before
    assert {entry.topic for entry in before} == {
        topic.name for topic in load_catalogue().topics if topic.schema
    }


def test_the_registry_refuses_what_is_not_compatible(stack: Settings) -> None:
    """FULL_TRANSITIVE is in force, whoever tries."""
    changed = copy.deepcopy(schema("clock_tick"))
    changed["fields"].append({"name": "new", "type": "string"})
    with Registry(stack.registry) as registry, pytest.raises(RegistryRefusedError, match="clock-value"):
        registry.register("clock-value", changed)


def test_an_id_that_nobody_registered_is_known_to_be_none(stack: Settings) -> None:
    """A false id is told from an outage."""
    with Registry(stack.registry) as registry:
        assert registry.schema_by_id(2_000_000_000) is None


def test_what_we_write_any_client_of_the_registry_reads(stack: Settings) -> None:
    """Departments use what client they like: the framing is the common one."""
    schema_id = subject_ids(stack)[CLOCK]
    value = {"at": datetime(2026, 5, 4, 1, 2, 3, 4, tzinfo=UTC)}
    payload = Encoder(schema("clock_tick"), schema_id).encode(value)
    with Registry(stack.registry) as registry:
        assert Decoder(schema("clock_tick"), registry.schema_by_id).decode(payload) == value
    with SchemaRegistryClient(
        {"url": stack.registry.url, "basic.auth.user.info": ":".join(stack.registry.auth), "timeout": 5}
    ) as client:
        # Named, since the client otherwise asks for associations, which Apicurio does not have.
        reader = AvroDeserializer(client, conf={"subject.name.strategy": topic_subject_name_strategy})
        assert reader(payload, SerializationContext(CLOCK, MessageField.VALUE)) == value


def _without_doc(node: Any) -> Any:
    """A schema without its words: the registry keeps those with which it was registered first."""
    if isinstance(node, dict):
        return {name: _without_doc(inner) for name, inner in node.items() if name != "doc"}
    return [*map(_without_doc, node)] if isinstance(node, list) else node


def test_the_log_keeps_what_every_id_in_it_means(stack: Settings) -> None:
    """A copy of the registry stands beside the messages, and a deploy that changes nothing writes none."""
    before = kept_copy(stack.kafka)
    assert before is not None
    kept = schemas_by_id(before)
    for entry in list_schemas(stack):
        topic = load_catalogue().by_name[entry.topic]
        assert _without_doc(json.loads(kept[entry.schema_id])) == _without_doc(schema(str(topic.schema)))
    deploy_schemas(stack)
    assert kept_copy(stack.kafka) == before


def test_each_policy_in_use_is_kept_once(stack: Settings, tmp_path: Path) -> None:
    """Who reads an announcement later can read the rules of its day; a restart adds nothing."""
    keep_policy(stack)
    before = kept_policies(stack)
    assert keep_policy(stack) is None
    assert kept_policies(stack) == before
    own = edited(tmp_path / "own", ("periods.yaml", "#", "# by our council\n#"))
    shutil.copy(CATALOGUE_PATH, own)
    changed = replace(stack, city=city_in(own))
    assert keep_policy(changed) == before[-1]["version"]
    assert keep_policy(stack) == changed.city.policy.version
    *earlier, new, again = kept_policies(stack)
    assert earlier == before
    assert new["version"] == changed.city.policy.version
    assert new["files"] == {path.name: path.read_text(encoding="utf-8") for path in own.iterdir()}
    assert (again["version"], again["files"]) == (before[-1]["version"], before[-1]["files"])
    assert before[-1]["at"] < new["at"] < again["at"]


def test_a_version_that_was_in_use_can_be_listed_and_written_out(stack: Settings, tmp_path: Path) -> None:
    """By whoever audits; one that never was is refused."""
    keep_policy(stack)
    home = str(stack.home)
    listed = CliRunner().invoke(policy_app, ["versions", "--json", "--home", home])
    version = json.loads(listed.stdout.splitlines()[-1])["version"]
    assert version == load_policy().version
    then, never = tmp_path / "then", tmp_path / "never"
    done = CliRunner().invoke(policy_app, ["export", str(then), "--version", version, "--home", home])
    assert done.exit_code == 0, done.output
    assert {path.name: path.read_text(encoding="utf-8") for path in then.iterdir()} == City().texts
    refused = CliRunner().invoke(policy_app, ["export", str(never), "--version", "0" * 12, "--home", home])
    assert isinstance(refused.exception, ExchangeError)
    assert not never.exists()


@pytest.fixture
def misread(stack: Settings) -> Iterator[Settings]:
    """A stack whose log was written with another meaning of some id than its registry has."""
    right = kept_copy(stack.kafka)
    assert right is not None
    with zipfile.ZipFile(io.BytesIO(right)) as old:
        files = {name: old.read(name) for name in old.namelist()}
    name = next(name for name in files if name.endswith(".Content.data"))
    with zipfile.ZipFile(wrong := io.BytesIO(), "w") as new:
        for each, content in {**files, name: b'"string"'}.items():
            new.writestr(each, content)
    keep_copy(stack, wrong.getvalue())
    yield stack
    keep_copy(stack, right)


def test_a_registry_with_other_ids_than_the_logs_is_refused(misread: Settings) -> None:
    """Rather no start than a log that is misread; and the copy that tells stays."""
    before = kept_copy(misread.kafka)
    with pytest.raises(RegistryRefusedError, match="does not know these schema ids"):
        deploy_schemas(misread)
    assert kept_copy(misread.kafka) == before
