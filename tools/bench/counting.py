"""A rule that is next to nothing: what a record costs with it is what everything around the rules costs."""

from collections.abc import Sequence

from exchange.folding.messages import LogRecord
from exchange.folding.outputs import Output
from exchange.folding.work import Batch, States
from topics.catalogue import Catalogue, receipts_topic


class CountingRule:
    """Counts the records of each key, and stands where the join has its rules.

    Shape: a message of a record topic → one message to its department's receipts, and the state
    `count/<key>`: each the count in decimal digits. Messages of other topics are passed over.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._told_on = {topic.name: receipts_topic(topic.owner) for topic in catalogue.records}

    def run(self, messages: Sequence[LogRecord], states: States) -> Batch:
        """Take a batch of messages, in the order given, into the states that are kept."""
        batch = Batch(ends=[(message.topic(), False) for message in messages])
        records = [message for message in messages if message.topic() in self._told_on]
        counts = _counts(records, states)
        for record in records:
            partition, key = record.partition(), _state_key(record)
            counts[partition][key] += 1
            value = b"%d" % counts[partition][key]
            told_on = self._told_on[record.topic()]
            batch.tell(partition, Output(told_on, partition, record.key() or b"", value, [], None))
            batch.states.setdefault(partition, {})[key] = value
        return batch


def _counts(records: Sequence[LogRecord], states: States) -> dict[int, dict[str, int]]:
    """Return by partition what is kept of these records' keys, loaded in one read each."""
    counts: dict[int, dict[str, int]] = {}
    for record in records:
        counts.setdefault(record.partition(), {})[_state_key(record)] = 0
    for partition, of_keys in counts.items():
        of_keys |= {key: int(value) for key, value in states.load(partition, [*of_keys]).items()}
    return counts


def _state_key(record: LogRecord) -> str:
    return f"count/{(record.key() or b'').decode()}"
