"""Reading to the end of a log that transactions wrote, in which offsets are no count of messages."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from confluent_kafka.admin import NewTopic

from consumers.log.reader import LogReader
from exchange.runtime.kafka.clients import make_admin, make_producer
from exchange.runtime.settings import Settings
from tests.waiting import PATIENCE_S, wait_for


@pytest.fixture
def topic(stack: Settings) -> Iterator[str]:
    """A topic of the test's own, of one partition: a value committed, then one taken back."""
    name, admin = f"test.{uuid4()}", make_admin(stack.kafka)
    admin.create_topics([NewTopic(name, 1, 1)])[name].result(PATIENCE_S)
    producer = make_producer(stack.kafka, {"transactional.id": name})
    producer.init_transactions(PATIENCE_S)
    for value, end in ((b"said", producer.commit_transaction), (b"taken back", producer.abort_transaction)):
        producer.begin_transaction()
        producer.produce(name, value)
        producer.flush(PATIENCE_S)
        end(PATIENCE_S)
    yield name
    admin.delete_topics([name])[name].result(PATIENCE_S)


def test_a_reader_knows_the_end_behind_what_transactions_left(stack: Settings, topic: str) -> None:
    """Two messages and two marks of an end: who waited for four messages would wait for ever."""
    seen: list[bytes] = []
    with LogReader(stack.kafka, topic, 1) as reader:
        # The mark of the end follows the commit's own answer by a moment.
        wait_for("the end of the log", lambda: reader.bounds().end == {(topic, 0): 4})
        reader.start(reader.bounds().first)

        def at_end() -> bool:
            seen.extend(message.value() for message in reader.read(0.1))
            return reader.at_end

        wait_for("the reader to be at the end", at_end, every_s=0)
        assert reader.reached == {(topic, 0): 4}
    assert seen == [b"said"]
