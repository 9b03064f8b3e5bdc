"""One batch through the rules, with made encoders and no broker: each record has exactly one end."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from avro_schemas.catalogue import schema
from consumers.replay.compared_content import of_announcement
from exchange.domain.policy import load_policy
from exchange.domain.values import CaseState
from exchange.folding import step as step_module
from exchange.folding.memory_states import MemoryStates
from exchange.folding.outputs import Output
from exchange.folding.sizes import AROUND_A_VALUE_BYTES, QUARANTINED_BYTES, RECORD_BYTES
from exchange.folding.step import Batch, Step
from exchange.runtime.errors import RegistryAwayError
from exchange.runtime.registry.serde import Decoder
from tests.cases import accepted, given, next_of, record_id, resulted
from tests.histories import POOL
from tests.made_log import CATALOGUE, ENCODERS, IDS, SCHEMAS, Log, Message, new_step
from tests.people import FOREIGNER_2017, HMT_RESIDENT, LI_XIULAN, WANG_JIANGUO
from topics.catalogue import CASE_STATES, CASES, matters_topic, quarantine_topic, receipts_topic

UNKNOWN_ID = 9_999


@pytest.fixture
def log() -> Log:
    """An empty log."""
    return Log()


@pytest.fixture(scope="module")
def step() -> Step:
    """The rules as shipped; they keep nothing of what they were given."""
    return new_step()


def run(step: Step, messages: list[Message], states: Mapping[str, bytes] | None = None) -> Batch:
    """The batch, from these states on."""
    kept = MemoryStates()
    for partition in range(CATALOGUE.by_name[CASE_STATES].partitions):
        kept.kept[partition] = dict(states or {})
    return step.run(messages, kept)


def decoded(output: Output) -> dict[str, Any]:
    """What an output says."""
    event = schema(str(CATALOGUE.by_name[output.topic].schema))
    return Decoder(event, SCHEMAS.get).decode(output.value)


def of_kind(batch: Batch, kind: str) -> list[dict[str, Any]]:
    """Every output of one family of topics."""
    return [decoded(output) for output in batch.outputs if CATALOGUE.by_name[output.topic].kind == kind]


def places(messages: list[Message]) -> list[str]:
    """The messages' places as receipts name them."""
    return [f"{m.topic()}/{m.partition()}/{m.offset()}" for m in messages]


GOOD = (
    given("death_certificate"),
    given("social_insurance"),
    given("bank_deposit", id_number=WANG_JIANGUO, name="王建国"),
    given("medical_insurance", id_number=HMT_RESIDENT, name="陈大文"),
    given("provident_fund", id_number=FOREIGNER_2017, name="JOHN SMITH"),
    given("death_certificate", "infant", id_number=None, id_type="NONE", name="无名氏"),
    resulted(4, "ACCEPTED"),
)


def test_each_record_has_one_receipt_that_names_its_place(step: Step, log: Log) -> None:
    """No record without an answer, none with two; the receipt's id is topic, partition and offset."""
    messages = [log.message(record) for record in GOOD]
    receipts = of_kind(run(step, messages), "receipts")
    assert sorted(r["receipt_id"] for r in receipts) == sorted(places(messages))
    assert Counter(r["status"] for r in receipts) == {"ACCEPTED": 6, "HELD": 1}


def test_receipts_go_to_the_topics_owner_in_the_records_own_partition(step: Step, log: Log) -> None:
    """A department is told of its own records, in their order."""
    message = log.message(given("social_insurance"))
    (receipt,) = (o for o in run(step, [message]).outputs if o.topic == receipts_topic("human_resources"))
    assert receipt.partition == message.partition()


def test_a_batch_publishes_each_changed_case_once_as_it_is_in_the_end(step: Step, log: Log) -> None:
    """Ten records of one person in a batch: one case, with all ten."""
    batch = run(step, [log.message(record) for record in GOOD if record[1].get("id_number") == LI_XIULAN])
    (case,) = of_kind(batch, CASES)
    assert len(case["records"]) == 3
    assert {o.key.decode() for o in batch.outputs if o.topic == CASES} == {case["case_id"]}


def test_an_announcement_alone_says_by_which_policy_it_was_made(step: Step, log: Log) -> None:
    """An auditor reads the rules of that day; case and state are the same, so `verify` stays equal."""
    messages = [log.message(record) for record in GOOD]
    ours, theirs = (
        run(step, messages),
        run(replace(step, policy=replace(step.policy, version="0123456789ab")), messages),
    )
    assert {one["policy"] for one in of_kind(ours, "matters")} == {load_policy().version}
    assert {one["policy"] for one in of_kind(theirs, "matters")} == {"0123456789ab"}
    assert ours.states == theirs.states
    same = [[output for output in batch.outputs if output.topic == CASES] for batch in (ours, theirs)]
    assert same[0] == same[1]
    standing = [
        [
            list(of_announcement("log", output.document))
            for output in batch.outputs
            if "matters." in output.topic
        ]
        for batch in (ours, theirs)
    ]
    assert standing[0] == standing[1]


def test_an_output_says_to_its_own_process_what_its_bytes_say_to_others(step: Step, log: Log) -> None:
    """Verification and replay read the one for the other; a case is compared by its bytes."""
    taken_back = next_of(given("death_certificate"), "REVOKED", "not dead")
    wang = {"id_number": WANG_JIANGUO, "name": "王建国"}
    claimed = given("decision", kind="PERSON_LINKED", in_favour_of=record_id("cremation"), **wang)
    messages = [log.message(one) for one in (*POOL, taken_back, claimed)]
    messages.append(log.message(given("cremation"), key="another"))
    said = [output for output in run(step, messages).outputs if output.topic != CASES]
    assert [output.document for output in said] == [decoded(output) for output in said]
    kinds = {CATALOGUE.by_name[output.topic].kind for output in said}
    assert kinds == {"receipts", "matters", "tasks", "moves", "quarantine"}


def test_no_output_names_the_person_in_key_or_headers(step: Step, log: Log) -> None:
    """Outside the record topics a person appears only under the case id."""
    batch = run(step, [log.message(record) for record in GOOD])
    for output in batch.outputs:
        outside = output.key + b"".join(value for _, value in output.headers) + output.topic.encode()
        assert not any(number.encode() in outside for number in (LI_XIULAN, WANG_JIANGUO, HMT_RESIDENT))


def _with_unknown_schema(payload: bytes) -> bytes:
    return payload[:1] + UNKNOWN_ID.to_bytes(4, "big") + payload[5:]


def _with_schema_of_other_topic(payload: bytes) -> bytes:
    return payload[:1] + IDS[CASES].to_bytes(4, "big") + payload[5:]


BROKEN = {
    "not_framed": lambda payload: b"\x01" + payload[1:],
    "schema_unknown": _with_unknown_schema,
    "schema_of_other_topic": _with_schema_of_other_topic,
    "avro_undecodable": lambda payload: payload[:12],
    "trailing_bytes": lambda payload: payload + b"\x00",
    "too_large": lambda payload: payload + b"\x00" * RECORD_BYTES,
}


@pytest.mark.parametrize("code", BROKEN)
def test_what_cannot_be_decoded_goes_to_quarantine_and_its_neighbours_go_on(
    step: Step, log: Log, code: str
) -> None:
    """Bytes that are not a record hurt nobody's record, and are kept as they came."""
    before = log.message(given("social_insurance"))
    whole = log.message(given("death_certificate"))
    payload = BROKEN[code](whole.payload or b"")
    broken = log.message(given("death_certificate"), payload=payload)
    after = log.message(given("medical_insurance"))
    batch = run(step, [before, broken, after])
    (entry,) = of_kind(batch, "quarantine")
    assert [r["code"] for r in entry["reasons"]] == [code]
    assert (entry["payload"], entry["payload_sha256"]) == (payload, sha256(payload).hexdigest())
    assert {o.topic for o in batch.outputs} >= {quarantine_topic("health")}
    receipts = of_kind(batch, "receipts")
    assert [(r["receipt_id"], r["status"]) for r in receipts] == [
        (places([before])[0], "ACCEPTED"),
        (places([after])[0], "ACCEPTED"),
    ]


def test_an_empty_message_is_quarantined(step: Step, log: Log) -> None:
    """A deletion marker on a topic that deletes nothing."""
    message = log.message(given("death_certificate"))
    message.payload = None
    (entry,) = of_kind(run(step, [message]), "quarantine")
    assert [r["code"] for r in entry["reasons"]] == ["not_framed"]


def test_a_wrong_key_is_refused(step: Step, log: Log) -> None:
    """A record under somebody else's number would be folded into the wrong case."""
    wrong = log.message(given("death_certificate"), key=WANG_JIANGUO)
    right = log.message(given("social_insurance"))
    batch = run(step, [wrong, right])
    assert [(r["status"], [x["code"] for x in r["reasons"]]) for r in of_kind(batch, "receipts")] == [
        ("REJECTED", ["key_differs"]),
        ("ACCEPTED", []),
    ]
    (entry,) = of_kind(batch, "quarantine")
    assert LI_XIULAN not in str(entry["reasons"])


def test_a_wrong_partition_is_refused(step: Step, log: Log) -> None:
    """Written by a client that chooses partitions in another way, one person would become two cases."""
    message = log.message(given("death_certificate"))
    message.place = (message.place + 1) % 12
    (receipt,) = of_kind(run(step, [message]), "receipts")
    assert [r["code"] for r in receipt["reasons"]] == ["partition_differs"]


def test_a_refused_record_is_answered_and_kept(step: Step, log: Log) -> None:
    """Its department learns why; its bytes are there for whoever looks into it."""
    good = accepted(given("cremation")).avro
    payload = ENCODERS["records.cremation"]({**good, "cremation_place": " "})
    message = log.message(given("cremation"), payload=payload)
    batch = run(step, [message])
    (receipt,) = of_kind(batch, "receipts")
    (entry,) = of_kind(batch, "quarantine")
    assert (receipt["status"], receipt["record_id"]) == ("REJECTED", good["record_id"])
    assert [r["code"] for r in receipt["reasons"]] == [r["code"] for r in entry["reasons"]] == ["text_empty"]
    assert entry["payload"] == payload
    assert batch.states == {}


def test_the_same_id_with_other_content_is_refused_and_with_the_same_a_duplicate(
    step: Step, log: Log
) -> None:
    """Within one batch as across batches."""
    first = given("medical_insurance")
    other = given("medical_insurance", account_balance_fen=999)
    batch = run(step, [log.message(record) for record in (first, first, other)])
    assert [r["status"] for r in of_kind(batch, "receipts")] == ["ACCEPTED", "DUPLICATE", "REJECTED"]
    (case,) = of_kind(batch, CASES)
    assert len(case["records"]) == 1


@pytest.mark.parametrize("rule", ["accept", "fold", "consequences", "case_document"])
def test_a_rule_that_fails_on_one_record_quarantines_that_record_alone(
    step: Step, log: Log, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours costs one record its way, never its neighbours theirs, nor the worker its life."""
    messages = [log.message(record) for record in (given("notary"), given("cremation"), given("equity"))]
    works, calls = getattr(step_module, rule), []

    def fails_second_time(*args: Any, **words: Any) -> Any:
        calls.append(rule)
        if len(calls) == 2:
            raise ZeroDivisionError(LI_XIULAN)
        return works(*args, **words)

    monkeypatch.setattr(step_module, rule, fails_second_time)
    batch = run(step, messages)
    (entry,) = of_kind(batch, "quarantine")
    assert ([r["code"] for r in entry["reasons"]], entry["entry_id"]) == (
        ["rule_failed"],
        places(messages)[1],
    )
    assert LI_XIULAN not in str(entry["reasons"])
    assert Counter(r["status"] for r in of_kind(batch, "receipts")) == {"ACCEPTED": 2, "REJECTED": 1}
    (case,) = of_kind(batch, CASES)
    assert {r["type"] for r in case["records"]} == {"notary", "equity"}


def test_a_registry_that_is_away_is_no_fault_of_the_records(step: Step, log: Log) -> None:
    """The batch is read again when it answers: nothing is quarantined for it."""

    def away(_: str, __: bytes | None) -> Mapping[str, object]:
        raise RegistryAwayError("http://127.0.0.1:1", "does not answer")

    blind = Step(step.policy, step.catalogue, step.case_ids, away, step.outputs, step.report)
    with pytest.raises(RegistryAwayError):
        run(blind, [log.message(given("equity"))])


def test_replaying_a_batch_from_its_end_repeats_the_receipts_and_changes_nothing(
    step: Step, log: Log
) -> None:
    """After a crash between output and commit: same receipts, no case and no announcement again."""
    messages = [log.message(record) for record in GOOD]
    first = run(step, messages)
    states = {case_id: state for by_id in first.states.values() for case_id, state in by_id.items()}
    second = run(step, messages, states)
    assert of_kind(second, "receipts") == of_kind(first, "receipts")
    assert {CATALOGUE.by_name[o.topic].kind for o in second.outputs} == {"receipts"}
    assert second.states == {}


def test_one_batch_or_many_give_the_same_case(step: Step, log: Log) -> None:
    """Where a batch ends is chance; nobody's case may show it."""
    revoked = next_of(given("death_certificate"), "REVOKED", "r", recorded_at="2026-03-20T09:00:00+08:00")
    messages = [log.message(r) for r in (given("social_insurance"), given("death_certificate"), revoked)]
    whole = [o.value for o in run(step, messages).outputs if o.topic == CASES]
    states: dict[str, CaseState] = {}
    for message in messages:
        batch = run(step, [message], states)
        states |= {i: s for by_id in batch.states.values() for i, s in by_id.items()}
    assert whole == [o.value for o in batch.outputs if o.topic == CASES]


def test_announcements_go_to_the_deciding_departments(step: Step, log: Log) -> None:
    """Each on its own topic, in the person's partition, under the case id."""
    message = log.message(given("death_certificate"))
    told = [o for o in run(step, [message]).outputs if CATALOGUE.by_name[o.topic].kind == "matters"]
    assert {o.topic for o in told} == {
        matters_topic(d) for d in ("health", "civil_affairs", "police", "justice", "market_regulation")
    }
    assert {o.partition for o in told} == {message.partition()}
    assert {o.key.decode() for o in told} == {step.case_ids.of_key(LI_XIULAN)}


def test_of_a_huge_record_quarantine_keeps_a_part_and_the_hash_of_the_whole(step: Step, log: Log) -> None:
    """An entry always fits its topic: one that did not would stop the worker for good."""
    huge = b"\x00" * (QUARANTINED_BYTES + 1)
    batch = run(step, [log.message(given("cremation"), payload=huge)])
    (entry,) = [decoded(output) for output in batch.outputs]
    assert (len(entry["payload"]), entry["truncated"]) == (QUARANTINED_BYTES, True)
    assert entry["payload_sha256"] == sha256(huge).hexdigest()


@pytest.fixture(scope="module")
def wills() -> list[Message]:
    """More than a case can hold, of one person, each nearly as large as a record may be."""
    log = Log()
    heirs = [{"name": "王小明", "share": f"{number:04d}" * 140} for number in range(400)]
    made = (given("notary", str(n), deed_no=f"公证{n}号", beneficiaries=heirs) for n in range(19))
    return [log.message(will) for will in made]


def test_a_record_that_would_make_a_case_too_large_is_refused(step: Step, wills: list[Message]) -> None:
    """A state that no topic takes could never be written, and the worker would try for ever."""
    batch = run(step, wills)
    statuses = Counter(
        (receipt["status"], *(why["code"] for why in receipt["reasons"]))
        for output in batch.outputs
        if output.topic == receipts_topic("justice")
        for receipt in (decoded(output),)
    )
    assert statuses["ACCEPTED",] > 0
    assert statuses["REJECTED", "case_too_large"] > 0
    assert statuses.total() == len(wills)
    (state,) = [state for states in batch.states.values() for state in states.values()]
    assert len(state) <= CATALOGUE.by_name["case_states"].max_message_bytes - AROUND_A_VALUE_BYTES
