"""What the client writes to Kafka, the exchange reads as what it would have read over HTTP."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from hypothesis import given, strategies

from avro_schemas.catalogue import record_types, schema
from exchange.domain.policy import load_policy
from exchange.folding.sizes import RECORD_BYTES
from exchange.runtime.city import City
from exchange.runtime.registry.serde import Decoder, Encoder
from life_events_client.avro import MOST_BYTES, Schema, Unfit
from life_events_client.keys import key_of
from producers.sample.city import sample_city
from tests.cells import each_cell
from tests.people import FOREIGNER_2017, FOREIGNER_2023, HMT_RESIDENT, LI_XIULAN, id_number_15
from topics.catalogue import load_catalogue
from verification.acceptance import Accepted, Refused, accept
from verification.records import digest, partition_key

TAKEN_AT: Final = datetime(2026, 6, 1, tzinfo=UTC)
WRITERS: Final = {name: Schema(7, schema(name)) for name in record_types()}
NUMBERS: Final = (LI_XIULAN, HMT_RESIDENT, FOREIGNER_2023, FOREIGNER_2017, id_number_15())
CREMATION: Final = {
    "record_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "recorded_at": "2025-09-04T09:00:00+08:00",
    "id_number": LI_XIULAN,
    "name": "李秀兰",
    "death_time": "2025-09-01",
    "cremation_time": "2025-09-03T10:30:00+08:00",
    "cremation_place": "天水市殡仪馆",
}


def verdict(record_type: str, raw: Mapping[str, Any], taken_at: datetime | None = TAKEN_AT) -> Any:
    """What acceptance says of a record."""
    owner = load_catalogue().owner_of(record_type) or raw["department"]
    return accept(record_type, raw, owner=owner, rules=load_policy().acceptance, taken_at=taken_at)


def as_read(record_type: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the join reads what the client wrote."""
    decoder = Decoder[dict[str, Any]](schema(record_type), lambda _: schema(record_type))
    return decoder.decode(WRITERS[record_type].encode(raw))


def unfit_field(record_type: str, raw: Mapping[str, Any]) -> str | None:
    """The field for which a record cannot be written; None if it can."""
    try:
        WRITERS[record_type].encode(raw)
    except Unfit as fault:
        return fault.reason.field
    return None


def test_every_record_of_a_city_is_the_same_over_kafka_as_over_http() -> None:
    """Whichever way a department comes, a case is the same; and what it cannot write, nobody would take."""
    city, written, unfit = sample_city(City().sample, City().policy), 0, 0
    for line in city.lines:
        record_type, raw = line["type"], line["record"]
        if record_type not in WRITERS:
            continue
        over_http = verdict(record_type, raw)
        if field := unfit_field(record_type, raw):
            assert isinstance(over_http, Refused)
            assert field in {one.field for one in over_http.reasons}
            unfit += 1
            continue
        over_kafka = verdict(record_type, as_read(record_type, raw))
        assert type(over_kafka) is type(over_http)
        if isinstance(over_http, Accepted):
            assert digest(over_http.record) == digest(over_kafka.record)
            assert key_of(raw) == partition_key(over_http.record)
            written += 1
    assert written > 1000
    assert unfit


UNFIT: Final[tuple[tuple[dict[str, Any], str, str], ...]] = (
    ({"cremation_place": None}, "field_missing", "cremation_place"),
    ({"cremation_plaice": "天水市殡仪馆"}, "field_unknown", "cremation_plaice"),
    ({"name": 7}, "not_text", "name"),
    ({"name": "王\ud800"}, "characters_wrong", "name"),
    ({"revision": "1"}, "not_an_integer", "revision"),
    ({"revision": True}, "not_an_integer", "revision"),
    ({"revision": 1 << 63}, "integer_out_of_range", "revision"),
    ({"backfill": 1}, "not_a_boolean", "backfill"),
    ({"action": "CANCELLED"}, "value_unknown", "action"),
    ({"recorded_at": "2025-09-04T09:00:00"}, "instant_wrong", "recorded_at"),
    ({"death_time": "2025-09"}, "date_or_instant_wrong", "death_time"),
    ({"death_time": 7}, "not_a_record", "death_time"),
    ({"death_time": {"date": "2025-09-31"}}, "date_wrong", "death_time.date"),
    ({"cremation_place": "天" * MOST_BYTES}, "too_large", ""),
)
FITS: Final[tuple[dict[str, Any], ...]] = (
    {"county": None},
    {"county": "秦州区"},
    {"name": "𠮷"},
    {"revision": 2},
    {"revision": (1 << 63) - 1},
    {"backfill": True},
    {"action": "AMENDED"},
    {"recorded_at": "2025-09-04T01:00:00Z"},
    {"death_time": "2025-09-01T23:30:00+08:00"},
    {"death_time": {"date": "2025-09-01", "instant": "2025-09-01T23:30:00+08:00"}},
    {"death_time": {"date": "2025-09-01"}},
    {"cremation_place": "天" * 80_000},
)


@each_cell(("change", "code", "field"), UNFIT)
def test_what_cannot_be_written_is_refused_by_field_and_shows_no_value(
    change: dict[str, Any], code: str, field: str
) -> None:
    """A programmer sees at once what to correct, and nothing has left the machine."""
    with pytest.raises(Unfit) as raised:
        WRITERS["cremation"].encode({**CREMATION, **change})
    assert (raised.value.reason.code, raised.value.reason.field) == (code, field)
    assert str(raised.value) == f"{code} ({field})"


@each_cell("change", FITS)
def test_what_can_be_written_is_read_as_it_was_meant(change: dict[str, Any]) -> None:
    raw = {**CREMATION, **change}
    read = as_read("cremation", raw)
    model = Schema(7, schema("cremation")).decode(WRITERS["cremation"].encode(raw))
    assert {name: read[name] for name in ("name", "revision", "action")} == {
        name: model[name] for name in ("name", "revision", "action")
    }
    assert read["cremation_time"]["date"].isoformat() == "2025-09-03"


def test_within_lists_and_parts_of_records_the_field_is_named_in_full() -> None:
    header = {name: CREMATION[name] for name in ("record_id", "recorded_at", "id_number", "name")}
    applicant = {"name": "李明", "id_number": LI_XIULAN}
    raw = {**header, "matters": [8], "applicant": applicant, "materials": [{"kind": 1}]}
    assert unfit_field("application", raw) is None
    assert (
        unfit_field("application", {**raw, "materials": [{"kind": 1}, {"kind": "2"}]}) == "materials[1].kind"
    )
    assert unfit_field("application", {**raw, "materials": {"kind": 1}}) == "materials"
    assert unfit_field("application", {**raw, "applicant": {"name": "李明"}}) == "applicant.id_number"


@each_cell(
    ("share", "fits"),
    [
        *((one, True) for one in ("33.3333", 100, 0.5)),
        *((one, False) for one in (33.33333, 1000, True, "half")),
    ],
)
def test_a_share_is_as_exact_as_the_schema_has_it(share: object, fits: bool) -> None:
    header = {name: CREMATION[name] for name in ("record_id", "recorded_at", "id_number", "name")}
    raw = {**header, "holdings": [{"company_name": "甲公司", "share_percent": share}]}
    assert unfit_field("equity", raw) == (None if fits else "holdings[0].share_percent")


def test_the_exchange_s_limit_is_the_client_s() -> None:
    """What is too large is never answered by a receipt: so it must not be sent."""
    assert MOST_BYTES == RECORD_BYTES


def test_what_the_exchange_writes_is_read_as_it_says_it_over_http() -> None:
    receipt = {
        "receipt_id": "records.cremation/0/7",
        "record_topic": "records.cremation",
        "record_partition": 0,
        "record_offset": 7,
        "status": "HELD",
        "reasons": [{"code": "unlinked", "field": None, "message": "…", "message_en": "…"}],
        "taken_at": datetime(2026, 6, 1, 1, 2, 3, 4, tzinfo=UTC),
    }
    said = Schema(9, schema("receipt")).decode(Encoder(schema("receipt"), 9).encode(receipt))
    assert (said["taken_at"], said["record_id"]) == ("2026-06-01T01:02:03.000004Z", None)
    assert said["reasons"] == receipt["reasons"]


def _as_written(number: str, wide: bool, gap: str, at: int, lower: bool) -> str:
    """A number as people and files write it."""
    text = number.lower() if lower else number
    text = "".join(chr(ord(one) + 0xFEE0) for one in text) if wide else text
    return text[:at] + gap + text[at:]


WRITTEN: Final = strategies.builds(
    _as_written,
    strategies.sampled_from(NUMBERS),
    strategies.booleans(),
    strategies.sampled_from(["", " ", "\u3000", "\u200b", "\u00a0"]),
    strategies.integers(0, 18),
    strategies.booleans(),
)
ANY_NUMBER: Final = WRITTEN | strategies.text(max_size=20) | strategies.none()


DECISION: Final = {
    "record_id": "0F8FAD5B-D9CB-469F-A165-70867728950E",
    "recorded_at": "2025-09-04T09:00:00+08:00",
    "department": "service_centre",
    "name": "李秀兰",
    "kind": "PERSON_LINKED",
    "reason": "同一人",
    "handler": "张三",
}


def has_the_key_that_the_join_wants(record_type: str, raw: Mapping[str, Any]) -> bool:
    """Whether a record is taken, and then under the client's key."""
    found = verdict(record_type, {name: value for name, value in raw.items() if value is not None})
    return isinstance(found, Accepted) and key_of(raw) == partition_key(found.record)


@each_cell("number", NUMBERS)
def test_the_key_is_the_number_however_it_is_written(number: str) -> None:
    """All records of a person meet, whoever writes them."""
    written = _as_written(number, wide=True, gap=" ", at=4, lower=True)
    assert has_the_key_that_the_join_wants("cremation", {**CREMATION, "id_number": written})
    linked = {**DECISION, "id_type": "NONE", "linked_id_number": written}
    assert has_the_key_that_the_join_wants("decision", linked)


def test_who_has_no_number_has_a_key_of_the_record_s_own() -> None:
    unknown = {**CREMATION, "id_number": None, "id_type": "NONE"}
    assert has_the_key_that_the_join_wants("cremation", unknown)
    assert key_of({**unknown, "record_id": DECISION["record_id"]}) == f"provisional:{CREMATION['record_id']}"


@given(number=ANY_NUMBER, linked=ANY_NUMBER)
def test_only_what_the_join_refuses_anyway_may_have_another_key(
    number: str | None, linked: str | None
) -> None:
    """It judges the number first, and compares the key of what it takes."""
    id_type = "RESIDENT_ID" if number else "NONE"
    decision = {**DECISION, "id_type": id_type, "id_number": number, "linked_id_number": linked}
    for record_type, raw in (("cremation", {**CREMATION, "id_number": number}), ("decision", decision)):
        found = verdict(record_type, {name: value for name, value in raw.items() if value is not None})
        if isinstance(found, Accepted):
            assert key_of(raw) == partition_key(found.record)
