"""History that is loaded builds cases; it is announced to nobody, and no announcement is made of it."""

from collections import Counter
from dataclasses import replace

import pytest

from exchange.folding.errors import SerdeError
from exchange.folding.memory_states import MemoryStates
from exchange.folding.step import Step
from exchange.folding.work import Batch
from tests.cases import applied, given
from tests.made_log import CATALOGUE, Log, new_step

HISTORY = (
    given("death_certificate"),
    given("social_insurance"),
    given("provident_fund"),
    given("cremation"),
    applied(4, 5, 7),
)


def refused(_: object) -> bytes:
    """Write no announcement."""
    raise SerdeError("not_encodable", "an announcement was made")


@pytest.fixture(scope="module")
def step() -> Step:
    """The rules, which fail where they announce anything."""
    rules = new_step()
    told = {topic.name: refused for topic in CATALOGUE.topics if topic.kind == "matters"}
    return replace(rules, outputs=replace(rules.outputs, encoders={**rules.outputs.encoders, **told}))


def taken(step: Step, *, backfill: bool) -> Batch:
    """All of the history, in one batch."""
    log = Log()
    records = [(kind, {**record, "backfill": backfill}) for kind, record in HISTORY]
    return step.run([log.message(record) for record in records], MemoryStates())


def kinds(batch: Batch) -> Counter[str]:
    """How many outputs there are of each family of topics."""
    return Counter(CATALOGUE.by_name[output.topic].kind for output in batch.outputs)


def test_history_comes_to_receipts_and_cases_alone(step: Step) -> None:
    """A city that loads twenty years of records neither wakes nine departments nor waits for that."""
    batch = taken(step, backfill=True)
    assert kinds(batch) == {"receipts": len(HISTORY), "cases": 1}
    assert not batch.failed
    assert not batch.announced


def test_the_same_as_news_is_announced(step: Step) -> None:
    """Without the mark, these rules would announce: here, that fails."""
    assert taken(step, backfill=False).failed
