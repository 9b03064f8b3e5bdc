"""What is only measured: JSON stands for Avro where nobody reads it, and decides nothing otherwise."""

import orjson
from hypothesis import given as hypothesis_given

from exchange.domain.case import case_of
from exchange.domain.documents import case_document
from exchange.domain.policy import load_policy
from exchange.runtime.registry.join_codec import only_measured
from tests.cases import Given, tell
from tests.histories import histories
from tests.made_log import ENCODERS
from topics.catalogue import CASES


@hypothesis_given(histories())
def test_a_case_as_json_is_longer_than_as_avro(records: list[Given]) -> None:
    """So what fits as JSON fits as Avro."""
    state, _ = tell(records)
    document = case_document(case_of(state, load_policy()))
    assert len(orjson.dumps(document, default=str)) > len(ENCODERS[CASES](document))


def test_near_the_limit_avro_itself_is_measured() -> None:
    """Half the limit as JSON is near."""
    state, _ = tell([])
    document = case_document(case_of(state, load_policy()))
    avro, json = ENCODERS[CASES](document), orjson.dumps(document, default=str)
    assert only_measured(ENCODERS[CASES], 2 * len(json))(document) == avro
    assert only_measured(ENCODERS[CASES], 2 * len(json) + 1)(document) == json
