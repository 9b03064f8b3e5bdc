"""The shared strategies promise valid records; everything else builds on that."""

import io
from datetime import UTC, datetime
from functools import cache

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avro_schemas.catalogue import record_types, schema
from tests.strategies import DECIDERS, MATERIALS, OWNERS, any_valid_record, json_values, valid_record
from verification.acceptance import AcceptanceRules, Accepted, Refused, accept
from verification.records import digest

RULES = AcceptanceRules(DECIDERS, MATERIALS)
TAKEN_AT = datetime(2026, 7, 1, tzinfo=UTC)


def _accept(record_type, raw):
    return accept(record_type, raw, owner=OWNERS[record_type], rules=RULES, taken_at=TAKEN_AT)


@cache
def _parsed(record_type):
    return fastavro.parse_schema(dict(schema(record_type)))


def _through_avro(record_type, value):
    parsed = _parsed(record_type)
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, parsed, value, strict_allow_default=True)
    buffer.seek(0)
    decoded = fastavro.schemaless_reader(buffer, parsed, None)
    assert not buffer.read()
    return decoded


def test_every_record_type_has_an_owner_to_test_with():
    """No type is left out of the properties below."""
    assert set(OWNERS) == set(record_types())


@pytest.mark.parametrize("record_type", sorted(OWNERS))
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_a_valid_record_is_accepted_and_says_the_same_after_avro(record_type, data):
    """What a department wrote is what everybody reads: JSON, Avro and back give one record and one digest."""
    raw = data.draw(valid_record(record_type))
    first = _accept(record_type, raw)
    assert isinstance(first, Accepted), first
    assert not first.held
    again = _accept(record_type, _through_avro(record_type, first.avro))
    assert isinstance(again, Accepted), again
    assert again.record == first.record
    assert again.avro == first.avro
    assert digest(again.record) == digest(first.record)


@given(st.sampled_from([*sorted(OWNERS), "no_such_type"]), json_values())
@settings(max_examples=100, deadline=None)
def test_no_json_whatever_makes_acceptance_raise(record_type, raw):
    """Whoever sends nonsense gets reasons, and the exchange goes on."""
    answer = accept(record_type, raw, owner="health", rules=RULES, taken_at=TAKEN_AT)
    assert isinstance(answer, Refused)
    assert answer.reasons


@given(any_valid_record(), st.data())
@settings(max_examples=100, deadline=None)
def test_nonsense_in_any_field_of_a_good_record_is_answered(typed_record, data):
    """One spoilt field is refused or taken, never a crash."""
    record_type, record = typed_record
    spoilt = data.draw(st.sampled_from(sorted(record)))
    record[spoilt] = data.draw(json_values())
    for extra in data.draw(
        st.dictionaries(st.text() | st.sampled_from(["a", "\ud800"]), json_values(), max_size=1)
    ):
        record[extra] = 1
    answer = _accept(record_type, record)
    assert isinstance(answer, Accepted | Refused)
    if isinstance(answer, Accepted):
        assert digest(answer.record)
        _through_avro(record_type, answer.avro)
    else:
        assert all(reason.message_zh.encode() and reason.message_en.encode() for reason in answer.reasons)
        assert all(reason.field.encode() or not reason.field for reason in answer.reasons)
