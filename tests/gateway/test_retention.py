"""The gateway forgets what it has noted after a time, and hurts nothing that is still going on."""

from uuid import uuid4

import psycopg
import pytest

from exchange.gateway.answers import AnswerKey, KeptAnswer
from exchange.gateway.batches import BatchLine, counts_of, is_complete, open_batch, put_lines
from exchange.gateway.intake import StoredInput
from exchange.gateway.retention import forget_old
from exchange.gateway.submissions import note_submitted, own_of
from exchange.runtime.settings import Settings, load_settings
from exchange.serving.problems import ProblemError

_AGED = "SET made_at = made_at - interval '1 s' - make_interval"
_AGE_BATCHES = f"UPDATE gateway.batches {_AGED}(days => %s) WHERE batch_id = ANY(%s)"
_AGE_ANSWERS = f"UPDATE gateway.answers {_AGED}(hours => %s) WHERE idempotency_key = %s"
_AGE_SUBMISSIONS = f"UPDATE gateway.submissions {_AGED}(days => %s) WHERE receipt_id = 'old/0/1'"


def test_what_is_old_is_forgotten_and_a_batch_that_goes_on_is_not(stack: Settings) -> None:
    """Old is what nobody has sent of for as long as the policy says; somebody else's try does not count."""
    policy = stack.city.gateway
    old, others, goes_on, young = batches = [uuid4() for _ in range(4)]
    keys = old_key, young_key = [AnswerKey("health", str(uuid4()), "digest") for _ in range(2)]
    with psycopg.connect(load_settings(stack.home, "gateway").postgres) as connection:
        for batch_id in batches:
            open_batch(connection, batch_id, "health")
            put_lines(
                connection, batch_id, [BatchLine(1, b"{}")], [StoredInput("id", "records.cremation/0/1")]
            )
        for key in keys:
            key.keep(connection, KeptAnswer(202, {}, {}))
        note_submitted(connection, "bank", ["old/0/1", "young/0/1"])
        connection.execute(_AGE_BATCHES, (policy.batches_kept_days, [old, others, goes_on]))
        connection.execute(_AGE_ANSWERS, (policy.answers_kept_hours, old_key.key))
        connection.execute(_AGE_SUBMISSIONS, (policy.submissions_kept_days,))
        open_batch(connection, goes_on, "health")
        with pytest.raises(ProblemError, match="not_found"):
            open_batch(connection, others, "police")

        assert forget_old(connection, policy) == {"answers": 1, "batches": 2, "submissions": 1}

        for batch_id in (old, others):
            assert counts_of(connection, batch_id) == (0, 0)
            with pytest.raises(ProblemError, match="not_found"):
                is_complete(connection, batch_id, "health")
        for batch_id in (goes_on, young):
            assert counts_of(connection, batch_id) == (1, 1)
        assert [key.find(connection) is None for key in keys] == [True, False]
        assert young_key.find(connection) == KeptAnswer(202, {}, {})
        assert own_of(connection, "bank", ["old/0/1", "young/0/1"]) == {"young/0/1"}
        connection.rollback()
