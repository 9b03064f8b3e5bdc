"""What `docs/explanation/brokers.md` promises, and what running brokers say of it."""

from typing import Any

from confluent_kafka.admin import ConfigResource, ResourceType

from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.settings import Settings
from tests.docs.pages import DOCS
from tests.waiting import PATIENCE_S
from topics.catalogue import load_catalogue

PAGE = DOCS / "explanation" / "brokers.md"
BROKERS, TOPICS = "## Every broker", "## Every topic of the catalogue"
REPLICAS = "replicas"
Kept = dict[str, str]


def promised(heading: str, brokers: int) -> Kept:
    """Setting → value, of the table under a heading, for an exchange of one broker or of three."""
    section = PAGE.read_text(encoding="utf-8").split(heading + "\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split("|") for line in section.splitlines() if line.startswith("|")][2:]
    column = 1 if brokers == 1 else 2
    found = {row[0].strip(" `"): row[column].strip(" `") for row in rows}
    assert found, f"no table under {heading}"
    return found


def kept_by_brokers(settings: Settings, names: Kept) -> dict[int, Kept]:
    """Broker → what it says of each of these settings."""
    admin = make_admin(settings.kafka)
    brokers = admin.list_topics(timeout=PATIENCE_S).brokers
    # One at a time: the client asks one broker about itself only.
    asked = {broker: ConfigResource(ResourceType.BROKER, str(broker)) for broker in brokers}
    return {broker: _described(admin, [one], names)[one.name] for broker, one in asked.items()}


def kept_by_topics(settings: Settings, names: Kept) -> dict[str, Kept]:
    """Topic → what the brokers say of each of these settings, and how many replicas its partitions have."""
    admin = make_admin(settings.kafka)
    wanted = [topic.name for topic in load_catalogue().topics]
    described = _described(admin, [ConfigResource(ResourceType.TOPIC, name) for name in wanted], names)
    found = admin.list_topics(timeout=PATIENCE_S).topics
    for name in wanted:
        replicas = {str(len(set(one.replicas))) for one in found[name].partitions.values()}
        described[name][REPLICAS] = ", ".join(sorted(replicas))
    return described


def _described(admin: Any, asked: list[ConfigResource], names: Kept) -> dict[str, Kept]:
    answers = admin.describe_configs(asked, request_timeout=PATIENCE_S)
    return {
        one.name: {name: entry.value for name, entry in future.result().items() if name in names}
        for one, future in answers.items()
    }
