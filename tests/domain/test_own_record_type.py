"""A city with a seventeenth record type and a matter that needs it: a schema and lines of policy, no code."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from rich.console import Console

from avro_schemas.catalogue import Document, Schemas, schema
from avro_schemas.lint import HEADER_FIELDS, RULES_OF
from avro_schemas.own_types import own_findings
from consumers.family.next_steps import next_steps
from consumers.family.progress import progress_of
from consumers.labels.words import field_words, record_words
from consumers.ledger.entries import batch_of
from consumers.ledger.reading import ledger_decoders
from consumers.privacy.masking import masked_case
from consumers.privacy.record_masking import masked_record
from consumers.statistics.facts import matter_facts
from exchange.command.views.case import CaseView
from exchange.command.views.history import HistoryView
from exchange.folding.case_ids import CaseIds
from exchange.runtime.city import City
from exchange.runtime.registry.serde import Decoder, Encoder
from producers.admission import Admission, Admitted, TurnedAway
from producers.reading.csv_files import read_csv
from producers.reading.files import read_json_lines
from producers.sample.city import sample_city
from producers.sample.clerk import Clerk
from producers.sample.own_types import own_types
from producers.sample.people import Register
from producers.submissions import Submission
from tests.cases import TAKEN_AT, applied, given, matter, next_of
from tests.consumers.history.past_world import PastWorld
from tests.made_log import CATALOGUE, Wire
from tests.own_types import OWN_FIELDS, TRANSFER, VEHICLE, own_city, vehicle, vehicle_schema
from tests.people import LI_XIULAN
from tests.strategies import valid_record
from tests.world import World
from tools.pages import records as records_page
from tools.pages import topics as topics_page
from verification.acceptance import Accepted, accept

PLATE = "甘E12345"
APPLIED = applied(3, TRANSFER)
DONE = given(
    "result",
    "transferred",
    department="police",
    matter=TRANSFER,
    instance=PLATE,
    outcome="COMPLETED",
    recorded_at="2026-03-26T09:00:00+08:00",
)
STORY = (given("death_certificate"), vehicle(), APPLIED, DONE)
_CELLS = {
    "record_id": "5f0c4a52-6f0e-4c7e-9f59-6a3a7d3d1b11",
    "recorded_at": "2026-01-05T09:00:00+08:00",
    "id_number": LI_XIULAN,
    "name": "李秀兰",
    "plate_no": PLATE,
    "status": "REGISTERED",
    "value_fen": "4500000",
    "registered_on": "2019-05-06",
    "keeper.name": "王小明",
    "keeper.phone": "13800138000",
}
CSV = "\n".join((",".join(_CELLS), ",".join(_CELLS.values()), ""))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The city, as its folder has it."""
    return own_city(tmp_path_factory.mktemp("cities") / "own")


@pytest.fixture(scope="module")
def wire(city: City) -> Wire:
    """Its topics."""
    return Wire(city.catalogue)


@pytest.fixture(scope="module")
def told(city: City, wire: Wire) -> World:
    """The exchange after the whole story."""
    world = World(city.policy, wire)
    for record in STORY:
        assert world.publish(record) == "ACCEPTED"
    return world


def case_in(world: World) -> Document:
    """The person's case as last published."""
    case = world.case(LI_XIULAN)
    assert case is not None
    return case


def admitted(city: City, submissions: Iterator[Submission]) -> list[Admitted | TurnedAway]:
    """What the door says of each."""
    wire = Wire(city.catalogue)
    door = Admission(
        city.catalogue,
        city.policy,
        CaseIds(bytes(32)),
        lambda topic, value: wire.encoders[topic](value),
        "police",
    )
    return [door.admit(one) for one in submissions]


def from_csv(city: City, text: str) -> list[Admitted | TurnedAway]:
    """What it says of the rows of a table."""
    file = io.BytesIO(text.encode())
    return admitted(city, iter(read_csv(file, VEHICLE, city.catalogue.schemas).submissions))


def from_lines(city: City, *records: Any) -> list[Admitted | TurnedAway]:
    """What it says of lines of JSON."""
    lines = "".join(json.dumps(one) + "\n" for one in records)
    return admitted(city, iter(read_json_lines(io.BytesIO(lines.encode()), None).submissions))


def line(**changes: Any) -> dict[str, Any]:
    """A vehicle as a line of JSON has it."""
    return {"type": VEHICLE, "record": {**vehicle()[1], **changes}}


def codes(answer: Admitted | TurnedAway) -> list[tuple[str, str]]:
    """Why it was turned away; nothing where it was let in."""
    return [(one.code, one.field) for one in answer.reasons] if isinstance(answer, TurnedAway) else []


def test_a_table_of_the_type_is_let_in_cell_by_cell(city: City, wire: Wire) -> None:
    """Numbers, dates and nested fields are told from the schema, as for ours."""
    (one,) = from_csv(city, CSV)
    assert isinstance(one, Admitted), codes(one)
    assert (one.topic, one.department, one.key.decode()) == (f"records.{VEHICLE}", "police", LI_XIULAN)
    read = wire.decoders[one.topic].decode(one.value)
    assert read["value_fen"] == 4_500_000
    assert read["registered_on"].isoformat() == "2019-05-06"
    assert read["keeper"] == {"name": "王小明", "phone": "13800138000"}
    assert dict(one.headers)["ce_type"] == b"exchange.records.vehicle_registration"


def test_a_line_of_the_type_is_let_in(city: City) -> None:
    """With blanks around a choice and without what may be left out."""
    full = line(value_fen=1, registered_on="2019-05-06", keeper={"name": "王小明"})
    assert [codes(one) for one in from_lines(city, line(), full, line(status=" REGISTERED "))] == [[], [], []]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (",4500000,", ",viel,", ("not_an_integer", "value_fen")),
        (",REGISTERED,", ",SOLD,", ("value_unknown", "status")),
        (f",{PLATE},", ",,", ("field_missing", "plate_no")),
        (",2019-05-06,", ",2019-13-06,", ("date_wrong", "registered_on")),
        (",13800138000", ",1380", ("phone_wrong", "keeper.phone")),
    ],
)
def test_a_cell_that_is_wrong_is_refused_with_its_code(
    city: City, before: str, after: str, told: tuple[str, str]
) -> None:
    """The codes are those of all records: a clerk learns nothing new."""
    assert before in CSV
    (one,) = from_csv(city, CSV.replace(before, after))
    assert codes(one) == [told]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"plate": PLATE}, ("field_unknown", "plate")),
        ({"value_fen": -1}, ("money_negative", "value_fen")),
        ({"registered_on": "2026-02-01"}, ("event_after_recording", "registered_on")),
        ({"keeper": {"nam": "王小明"}}, ("field_unknown", "keeper.nam")),
        ({"plate_no": " "}, ("text_empty", "plate_no")),
    ],
)
def test_a_line_that_is_wrong_is_refused_with_its_code(
    city: City, changes: dict[str, Any], told: tuple[str, str]
) -> None:
    """What was probably meant is said, as for ours."""
    (one,) = from_lines(city, line(**changes))
    assert codes(one) == [told]
    assert isinstance(one, TurnedAway)
    assert one.topic == f"records.{VEHICLE}"


def test_the_nearest_name_is_that_of_the_citys_own(city: City) -> None:
    """A field's, and a type's; who publishes it is told apart, too."""
    (field,) = from_lines(city, line(plate_num=1))
    (kind,) = from_lines(city, {"type": "vehicle_registratoin", "record": {}})
    assert isinstance(field, TurnedAway)
    assert isinstance(kind, TurnedAway)
    assert "(plate_no?)" in field.reasons[0].message_en
    assert kind.reasons[0].code == "unknown_record_type"
    assert "(vehicle_registration?)" in kind.reasons[0].message_en
    door = Admission(city.catalogue, city.policy, CaseIds(bytes(32)), lambda *_: b"", "health")
    answer = door.admit(Submission(1, b"", line()))
    assert codes(answer) == [("not_topic_owner", "")]


def test_elsewhere_nobody_knows_the_type() -> None:
    """Another city's door has it neither in its list nor in its topics."""
    door = Admission(CATALOGUE, City().policy, CaseIds(bytes(32)), lambda *_: b"")
    assert codes(door.admit(Submission(1, b"", line()))) == [("unknown_record_type", "type")]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@hypothesis_given(data=st.data())
def test_whatever_its_schema_allows_is_accepted_and_comes_through_the_log(
    city: City, wire: Wire, data: st.DataObject
) -> None:
    """The schema alone says what a record may be."""
    raw = data.draw(valid_record(VEHICLE, schemas=city.catalogue.schemas))
    rules = city.policy.acceptance
    verdict = accept(VEHICLE, raw, owner="police", rules=rules, taken_at=None)
    assert isinstance(verdict, Accepted), verdict
    topic = f"records.{VEHICLE}"
    again = wire.decoders[topic].decode(wire.encoders[topic](verdict.avro))
    read = accept(VEHICLE, again, owner="police", rules=rules, taken_at=None)
    assert isinstance(read, Accepted)
    assert read.record == verdict.record


def test_its_matter_goes_from_waiting_to_completed(city: City, wire: Wire) -> None:
    """The police are told with the field that the folder lets them see, and take longer than its limit."""
    world, states = World(city.policy, wire), []
    for record in STORY:
        world.tick(world.now + timedelta(days=9 if record is STORY[-1] else 0))
        assert world.publish(record) == "ACCEPTED"
        states += [one["state"] for one in case_in(world)["matters"] if one["matter"] == TRANSFER]
    assert states == ["WAITING", "READY", "APPLIED", "COMPLETED"]
    told = [one for one in world.announcements if one["matter"] == TRANSFER]
    assert [(one["department"], one["transition"], one["instance"]) for one in told] == [
        ("police", "READY", PLATE),
        ("police", "APPLIED", PLATE),
        ("police", "OVERDUE", PLATE),
        ("police", "COMPLETED", PLATE),
    ]
    assert told[1]["draft"]["further.vehicle_plate_no"]["value"] == PLATE
    others = [one for one in world.announcements if one["department"] != "police"]
    assert others
    assert not any("further.vehicle_plate_no" in one["draft"] for one in others)


def test_what_it_is_about_is_no_bank(city: City, wire: Wire) -> None:
    """The family is asked for no bank, and the window not which bank a number plate is."""
    world = World(city.policy, wire)
    world.publish(given("death_certificate"))
    assert _asked(world, city) == {"apply_early", "send"}
    for record in (vehicle(), vehicle("named as a bank", plate_no="工行"), applied(TRANSFER)):
        world.publish(record)
    assert [one["instance"] for one in case_in(world)["matters"] if one["matter"] == TRANSFER] == [
        "工行",
        PLATE,
    ]
    assert "IDENTIFY_BANK" not in {one["kind"] for one in world.tasks.values()}
    assert _asked(world, city) == {"decide"}


def _asked(world: World, city: City) -> set[str]:
    """What anybody has to do next for the matter."""
    case = case_in(world)
    found = zip(case["matters"], next_steps(case, city.policy, TAKEN_AT.date()), strict=True)
    return {one["what"] for matter, steps in found if matter["matter"] == TRANSFER for one in steps}


def test_a_condition_on_its_field_takes_the_matter_out(city: City, wire: Wire) -> None:
    """A scrapped vehicle is nobody's to transfer; another is."""
    world = World(city.policy, wire)
    world.publish(given("death_certificate"))
    world.publish(vehicle())
    world.publish(next_of(vehicle(), "AMENDED", "scrapped", status="SCRAPPED"))
    assert matter(case_in(world), TRANSFER, PLATE)["state"] == "NOT_APPLICABLE"
    world.publish(vehicle("second", plate_no="甘E54321"))
    assert matter(case_in(world), TRANSFER, "甘E54321")["state"] == "READY"


def test_rival_amendments_of_it_are_told_field_by_field(city: City, wire: Wire) -> None:
    """Nobody chooses between two words of one moment; the form's field is named where there is one."""
    world, first = World(city.policy, wire), vehicle()
    at = "2026-04-01T09:00:00+08:00"
    for record in (
        first,
        next_of(first, "AMENDED", "one", plate_no="甘E00001", keeper={"name": "王小明"}, recorded_at=at),
        next_of(first, "AMENDED", "other", plate_no="甘E00002", keeper={"name": "王大明"}, recorded_at=at),
    ):
        world.publish(record)
    conflicts = {one["field"]: {v["value"] for v in one["values"]} for one in case_in(world)["conflicts"]}
    assert conflicts["further.vehicle_plate_no"] == {"甘E00001", "甘E00002"}
    assert conflicts[f"{VEHICLE}.keeper.name"] == {"王小明", "王大明"}
    assert field_words(f"{VEHICLE}.plate_no", city.policy).zh == "号牌号码"


def test_all_who_read_the_case_call_it_by_the_term_of_its_schema(told: World, city: City) -> None:
    """The handler's view, the family's page, the statistics."""
    case, policy = case_in(told), city.policy
    assert record_words(VEHICLE, policy).zh == "机动车登记"
    assert record_words(VEHICLE, City().policy).zh == VEHICLE
    out = io.StringIO()
    console = Console(file=out, width=200, markup=False, highlight=False)
    for part in CaseView(policy, "zh", TAKEN_AT.date()).render(masked_case(case, policy)):
        console.print(part)
    assert all(word in out.getvalue() for word in ("机动车登记", "车辆过户", PLATE))
    family = city.family
    audience = family.audience("applicant")
    assert audience is not None
    page = progress_of(case, case["applications"][0], audience, family, policy, TAKEN_AT.date())
    assert [one["situation"] for one in page["matters"] if one["matter"] == TRANSFER] == ["done"]
    counted = {one.matter: one for one in matter_facts(case, policy)}
    assert (counted[TRANSFER].state, counted[TRANSFER].department) == ("COMPLETED", "police")


def test_what_a_handler_sees_of_its_bytes_is_masked_by_its_rules(city: City) -> None:
    """Names are shown as in a case, telephones and unknown fields are not."""
    record = {**vehicle()[1], "keeper": {"name": "王小明", "phone": "13800138000"}, "note": LI_XIULAN}
    masked = masked_record(record, city.catalogue.schemas.schema(VEHICLE))
    assert (masked["plate_no"], masked["status"]) != (None, None)
    assert masked["keeper"]["name"] == "王小明"
    assert "13800138000" not in str(masked)
    assert LI_XIULAN not in str(masked)


def test_its_history_is_told(city: City, wire: Wire) -> None:
    """Who recorded what, and what came of it."""
    world = PastWorld(city.policy, wire)
    for record in STORY[:2]:
        world.publish(record)
    out = io.StringIO()
    console = Console(file=out, width=220, markup=False, highlight=False)
    for part in HistoryView(city.policy, "zh").render(world.history()):
        console.print(part)
    assert "市公安局: 机动车登记 提交 r1 — 已接收" in out.getvalue()


def test_the_log_again_gives_the_same(told: World, city: City) -> None:
    """So a replay and `exchange verify` find nothing: the type is folded as any other."""
    assert told.replayed(policy=city.policy).encoded == told.encoded


def test_the_ledger_reads_its_records(told: World, city: City, wire: Wire) -> None:
    """Nothing that the police hand in goes missing unseen."""
    decoders = ledger_decoders(city.catalogue, wire.schemas.get)
    batch = batch_of(told.messages, city.catalogue, decoders, CaseIds(bytes(32)))
    assert f"records.{VEHICLE}" in {one.topic for one in batch.entries}


def test_a_record_can_be_made_up_from_its_schema(city: City) -> None:
    """Accepted, whatever chance says, and such as the matter is for that rests on it."""
    rng = Random(7)
    person = Register(rng, City().sample).resident()
    for _ in range(20):
        (made,) = own_types(Clerk(rng, city.sample, city.policy), person)
        verdict = accept(VEHICLE, made["record"], owner="police", rules=city.policy.acceptance, taken_at=None)
        assert isinstance(verdict, Accepted), verdict
        assert made["record"]["status"] == "REGISTERED"


def test_the_sample_applies_for_its_matter_and_completes_it(city: City, wire: Wire) -> None:
    """Whoever has everything has a vehicle too; the department answers about that one."""
    made, world = sample_city(city.sample, city.policy, 4), World(city.policy, wire)
    lines = [line for line in made.lines if line["record"].get("id_number") == made.showcase.number]
    for line in sorted(lines, key=lambda one: str(one["record"]["recorded_at"])):
        assert world.publish((line["type"], line["record"])) in {"ACCEPTED", "DUPLICATE"}
    (plate,) = {line["record"]["plate_no"] for line in lines if line["type"] == VEHICLE}
    found = world.case(made.showcase.number or "")
    assert found is not None
    assert matter(found, TRANSFER, plate)["state"] == "COMPLETED"


def field_of(kind: str, rule: str | None) -> dict[str, Any]:
    """A field of this kind and rule, as a city may have it."""
    named = {"event time": field_named("death_certificate", "death_time")["type"]}
    named["enum"] = {**OWN_FIELDS[1]["type"], "name": "Choice"}
    named["record"] = {
        "type": "record",
        "name": "Inner",
        "doc": OWN_FIELDS[4]["doc"],
        "fields": [OWN_FIELDS[2]],
    }
    named["date"] = {"type": "int", "logicalType": "date"}
    named["timestamp-micros"] = {"type": "long", "logicalType": "timestamp-micros"}
    named["decimal"] = {"type": "bytes", "logicalType": "decimal", "precision": 7, "scale": 4}
    name = f"{kind} {rule or 'any'}".replace(" ", "_").replace("-", "_").replace(":", "_")
    declared = {"name": name, "type": named.get(kind, kind), "doc": "字段: made up. Source: [assumed]"}
    return {**declared, "required": True, **({"rule": rule} if rule else {})}


def field_named(record_type: str, name: str) -> dict[str, Any]:
    """A field of one of our types."""
    return next(one for one in schema(record_type)["fields"] if one["name"] == name)


def test_whatever_kind_and_rule_a_field_may_have_it_is_sampled_accepted_and_written() -> None:
    """What the check of a schema lets pass, nothing behind it fails on."""
    kinds = [(kind, rule) for kind, rules in RULES_OF.items() for rule in rules]
    parsed = vehicle_schema(fact_key=[])
    parsed["fields"] = parsed["fields"][:HEADER_FIELDS] + [field_of(*one) for one in kinds]
    assert own_findings(VEHICLE, parsed) == ()
    schemas = Schemas({VEHICLE: parsed})
    policy = replace(City().policy, schemas=schemas)
    rng = Random(11)
    for _ in range(20):
        (made,) = own_types(Clerk(rng, City().sample, policy), Register(rng, City().sample).resident())
        assert len(made["record"]) > len(kinds)
        verdict = accept(VEHICLE, made["record"], owner="police", rules=policy.acceptance, taken_at=None)
        assert isinstance(verdict, Accepted), verdict
        value = Encoder(parsed, 1).encode(verdict.avro)
        again = Decoder[dict[str, Any]](parsed, {1: parsed}.get).decode(value)
        read = accept(VEHICLE, again, owner="police", rules=policy.acceptance, taken_at=None)
        assert isinstance(read, Accepted), read
        assert read.record == verdict.record
        masked = str(masked_record(again, parsed))
        assert verdict.record.id_number is not None
        assert verdict.record.id_number not in masked
        assert made["record"]["string_phone"] not in masked


def test_the_pages_of_records_and_topics_tell_of_it(city: City) -> None:
    """What its departments read is made from the same schema."""
    page = records_page.render(city)
    assert "### `vehicle_registration` 机动车登记" in page
    assert "| `plate_no` | 号牌号码 | string | **required** | text |" in page
    assert "One fact: `plate_no`; the later `recorded_at` is in force." in page
    assert "| `records.vehicle_registration` | `vehicle_registration` | id_number | police |" in (
        topics_page.render(city)
    )
    assert VEHICLE not in records_page.render()
