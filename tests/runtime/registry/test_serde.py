"""Values in Confluent framing: what was written is read, and what is none is named by a code."""

import contextlib
import copy
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avro_schemas.catalogue import event_names, record_types, schema
from exchange.folding.errors import SerdeError
from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.serde import Decoder, Encoder, schema_id_of
from tests.avro_values import values_of

_ID = 7

_CREMATION: Mapping[str, Any] = {
    "record_id": "0b0d3a0e-6f3c-4a52-9c62-0e6f5a1f7a11",
    "recorded_at": datetime(2026, 5, 4, 1, 2, 3, 456789, tzinfo=UTC),
    "id_number": "620502194001011234",
    "name": "王秀兰",
    "death_time": {"date": date(2026, 5, 1), "instant": None},
    "cremation_time": {"date": date(2026, 5, 3), "instant": datetime(2026, 5, 3, 2, tzinfo=UTC)},
    "cremation_place": "天水市殡仪馆",
}


def _decoder(name: str, written: Mapping[str, Any] | None = None, max_bytes: int | None = None) -> Decoder:
    return Decoder(schema(name), {_ID: written or schema(name)}.get, max_bytes)


def _code(decoder: Decoder, payload: bytes) -> str:
    with pytest.raises(SerdeError) as caught:
        decoder.decode(payload)
    return caught.value.code


@pytest.mark.parametrize("name", [*record_types(), *event_names()])
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_what_was_written_is_read(name: str, data: st.DataObject) -> None:
    """No fact changes on its way through the log."""
    value = data.draw(values_of(schema(name)))
    assert _decoder(name).decode(Encoder(schema(name), _ID).encode(value)) == value


def test_fields_left_out_take_the_defaults_of_the_schema() -> None:
    """A department states what it has; the rest is as the domain says."""
    read = _decoder("cremation").decode(Encoder(schema("cremation"), _ID).encode(_CREMATION))
    assert {name: read[name] for name in ("action", "revision", "id_type", "backfill", "county")} == {
        "action": "ISSUED",
        "revision": 1,
        "id_type": "RESIDENT_ID",
        "backfill": False,
        "county": None,
    }
    assert read["death_time"] == {"date": date(2026, 5, 1), "instant": None}


def test_the_frame_is_a_zero_byte_and_the_id() -> None:
    """Any client of the registry can read our records."""
    payload = Encoder(schema("clock_tick"), 258).encode({"at": datetime(2026, 5, 4, tzinfo=UTC)})
    assert payload[:5] == b"\x00\x00\x00\x01\x02"
    assert schema_id_of(payload) == 258


@pytest.mark.parametrize(
    "change",
    [
        {"shoe_size": 42},
        {"name": None},
        {"action": "INVENTED"},
        {"revision": "two"},
        {"death_time": "2026-05-01"},
    ],
)
def test_a_value_that_does_not_fit_is_not_written_and_not_quoted(change: dict[str, Any]) -> None:
    """Nothing enters the log that its readers cannot read; and no error quotes a person's data."""
    with pytest.raises(SerdeError) as caught:
        Encoder(schema("cremation"), _ID).encode({**_CREMATION, **change})
    assert caught.value.code == "not_encodable"
    assert "王秀兰" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_required_field_is_not_written() -> None:
    """Required means required, even on the last step."""
    without = {name: value for name, value in _CREMATION.items() if name != "cremation_place"}
    with pytest.raises(SerdeError, match="not_encodable"):
        Encoder(schema("cremation"), _ID).encode(without)


@pytest.mark.parametrize("payload", [b"", b"\x00", b"\x00\x00\x00\x00", b'{"record_id": "x"}'])
def test_bytes_without_a_frame_are_named(payload: bytes) -> None:
    """JSON sent to the log by mistake is told from a broken record."""
    assert _code(_decoder("cremation"), payload) == "not_framed"


def test_an_unknown_schema_is_named_and_asked_for_again() -> None:
    """A schema registered a moment later is found then."""
    known: dict[int, Mapping[str, Any]] = {}
    decoder = Decoder(schema("cremation"), known.get)
    payload = Encoder(schema("cremation"), _ID).encode(_CREMATION)
    assert _code(decoder, payload) == "schema_unknown"
    known[_ID] = schema("cremation")
    assert decoder.decode(payload)["name"] == "王秀兰"


def test_a_record_of_another_topic_is_named() -> None:
    """A cremation on the topic of deeds is not read as a deed by chance."""
    payload = Encoder(schema("cremation"), _ID).encode(_CREMATION)
    assert _code(_decoder("notary", written=schema("cremation")), payload) == "schema_of_other_topic"


def test_trailing_bytes_are_named() -> None:
    """What follows the value was meant by someone; it is not dropped in silence."""
    payload = Encoder(schema("cremation"), _ID).encode(_CREMATION)
    assert _code(_decoder("cremation"), payload + b"\x00") == "trailing_bytes"


def test_a_payload_larger_than_allowed_is_named_before_it_is_read() -> None:
    """A flood of bytes costs no decoding."""
    payload = Encoder(schema("cremation"), _ID).encode(_CREMATION)
    assert _code(_decoder("cremation", max_bytes=len(payload) - 1), payload) == "too_large"
    with pytest.raises(SerdeError, match="too_large"):
        Encoder(schema("cremation"), _ID, max_bytes=10).encode(_CREMATION)


@given(cut=st.integers(1, 100))
def test_a_torn_record_is_never_read(cut: int) -> None:
    """Half a record is not a record."""
    payload = Encoder(schema("cremation"), _ID).encode(_CREMATION)
    torn = payload[: max(5, len(payload) - cut)]
    assert _code(_decoder("cremation"), torn) == "avro_undecodable"


@settings(max_examples=100)
@given(noise=st.binary(max_size=200))
def test_noise_ends_in_a_code_or_a_value_and_never_in_another_error(noise: bytes) -> None:
    """Whatever bytes come, the worker goes on."""
    with contextlib.suppress(SerdeError):
        assert _decoder("application").decode(b"\x00\x00\x00\x00\x07" + noise)["action"]


def test_an_older_writer_is_read_with_our_defaults() -> None:
    """Records of an earlier version stay readable."""
    older = copy.deepcopy(schema("cremation"))
    older["fields"] = [field for field in older["fields"] if field["name"] not in {"county", "backfill"}]
    read = _decoder("cremation", written=older).decode(Encoder(older, _ID).encode(_CREMATION))
    assert (read["county"], read["backfill"]) == (None, False)


def test_a_newer_writer_is_read_without_what_we_do_not_know() -> None:
    """A department may update before the exchange does; a new code reads as UNKNOWN."""
    newer = copy.deepcopy(schema("cremation"))
    newer["fields"].append({"name": "furnace", "type": ["null", "string"], "default": None})
    next(field for field in newer["fields"] if field["name"] == "action")["type"]["symbols"].append("SEALED")
    payload = Encoder(newer, _ID).encode({**_CREMATION, "action": "SEALED", "furnace": "二号炉"})
    read = _decoder("cremation", written=newer).decode(payload)
    assert read["action"] == "UNKNOWN"
    assert "furnace" not in read


def test_a_registry_that_is_away_is_no_fault_of_the_record() -> None:
    """A record is put aside for what it is, never for an outage."""

    def away(_: int) -> Mapping[str, Any] | None:
        raise ExchangeError("The schema registry does not answer.")

    with pytest.raises(ExchangeError, match="does not answer"):
        Decoder(schema("cremation"), away).decode(Encoder(schema("cremation"), _ID).encode(_CREMATION))
