"""A department publishes a file and is told, line by line and in order, what became of it."""

import json
from datetime import date
from hashlib import sha256
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, TopicPartition

from avro_schemas.catalogue import schema
from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from producers.publisher import Publisher
from producers.reading.lines import LONGEST_LINE_BYTES
from producers.submissions import KEPT_BYTES
from producers.tail import ReceiptTail
from tests.people import ZHANGJIACHUAN, id_number
from tests.waiting import PATIENCE_S

KEYS = {"record_id", "status", "reasons", "case_id"}


def person(number):
    """A person whom no other test knows."""
    return id_number(ZHANGJIACHUAN, date(1931, 5, 17), number)


def certificate(number, **changes):
    record = {
        "record_id": str(uuid4()),
        "recorded_at": "2026-06-02T09:00:00+08:00",
        "id_number": person(number),
        "name": "马占山",
        "death_time": "2026-06-01",
        "death_cause": "肺炎",
    }
    return {name: value for name, value in (record | changes).items() if value is not None}


def line(record_type, record):
    return json.dumps({"type": record_type, "record": record}, ensure_ascii=False).encode()


def written(folder, *lines):
    path = folder / "records.jsonl"
    path.write_bytes(b"".join(one + b"\n" for one in lines))
    return path


@pytest.fixture
def publish(stack, exchange):
    """Publish a file; its receipts and the exit code."""

    def run(path, *words):
        ended = exchange("publish", str(path), "--json", "--home", str(stack.home), *words)
        return [json.loads(row) for row in ended.stdout.splitlines()], ended.returncode

    return run


def statuses(receipts):
    return [receipt["status"] for receipt in receipts]


def codes(receipt):
    return [reason["code"] for reason in receipt["reasons"]]


def quarantined(stack, department):
    """Every entry of a department's quarantine."""
    topic = f"quarantine.{department}"
    consumer = Consumer({**stack.kafka.client_options(), "group.id": "unused", "enable.partition.eof": True})
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(12)])
    entries, ends = [], 0
    with Registry(stack.registry) as registry:
        decoder = Decoder(schema("quarantine_entry"), registry.schema_by_id)
        while ends < 12:
            message = consumer.poll(PATIENCE_S)
            assert message is not None
            if message.error():
                ends += 1
            else:
                entries.append(decoder.decode(message.value()))
    consumer.close()
    return entries


def test_good_and_bad_lines_are_answered_each_in_its_place(publish, tmp_path, stack):
    """One receipt per line; a bad one hinders no other, and its bytes are kept."""
    good, unfit = certificate(1), certificate(2, death_cause=None)
    odd = f"not json {uuid4()}".encode()
    receipts, code = publish(
        written(
            tmp_path,
            line("death_certificate", good),
            odd,
            b"",
            line("death_certificate", unfit),
            line("birth_certificate", {}),
            line("death_certificate", certificate(3, recorded_at="2099-01-01T00:00:00Z")),
            line("death_certificate", certificate(4)),
        )
    )
    assert code == 1
    assert statuses(receipts) == ["ACCEPTED", *["REJECTED"] * 4, "ACCEPTED"]
    assert all(receipt.keys() - {"warnings"} == KEYS for receipt in receipts)
    assert [codes(receipt) for receipt in receipts[1:5]] == [
        ["not_json"],
        ["field_missing"],
        ["unknown_record_type"],
        ["in_the_future"],
    ]
    assert receipts[0]["record_id"] == good["record_id"]
    assert receipts[2]["record_id"] == unfit["record_id"]
    assert all(receipt["case_id"] for receipt in (receipts[0], receipts[5]))
    assert odd in [entry["payload"] for entry in quarantined(stack, "data_bureau")]
    assert unfit["record_id"] in [entry["record_id"] for entry in quarantined(stack, "health")]


def test_a_file_published_again_does_nothing_and_says_so(publish, tmp_path):
    """A retry after a broken connection is safe."""
    path = written(tmp_path, *(line("death_certificate", certificate(number)) for number in range(10, 15)))
    first, first_code = publish(path)
    again, again_code = publish(path)
    assert (first_code, again_code) == (0, 0)
    assert statuses(first) == ["ACCEPTED"] * 5
    assert statuses(again) == ["DUPLICATE"] * 5
    assert [one["case_id"] for one in first] == [one["case_id"] for one in again]


def test_a_person_without_a_number_is_held(publish, tmp_path):
    """An unknown body waits for a handler, under a case of its own."""
    unknown = certificate(20, id_number=None, id_type="NONE", name="无名氏")
    (receipt,), code = publish(written(tmp_path, line("death_certificate", unknown)))
    assert (receipt["status"], codes(receipt), code) == ("HELD", ["person_without_number"], 0)
    assert receipt["case_id"]


def test_a_department_publishes_nothing_in_anothers_name(publish, tmp_path, stack):
    """Police certify no natural death; the attempt is kept with police, not with health."""
    record = certificate(30)
    (receipt,), code = publish(written(tmp_path, line("death_certificate", record)), "--as", "police")
    assert (receipt["status"], codes(receipt), code) == ("REJECTED", ["not_topic_owner"], 1)
    assert record["record_id"] in [entry["record_id"] for entry in quarantined(stack, "police")]


def test_a_line_that_is_too_long_is_refused_and_kept_in_part(publish, tmp_path, stack):
    """Its digest is of all of it."""
    long = str(uuid4()).encode() + b"x" * (LONGEST_LINE_BYTES + 1)
    receipts, code = publish(written(tmp_path, long, line("death_certificate", certificate(40))))
    assert (statuses(receipts), codes(receipts[0]), code) == (["REJECTED", "ACCEPTED"], ["too_large"], 1)
    (entry,) = [e for e in quarantined(stack, "data_bureau") if e["payload"][:36] == long[:36]]
    assert (len(entry["payload"]), entry["truncated"]) == (KEPT_BYTES, True)
    assert entry["payload_sha256"] == sha256(long).hexdigest()


def test_many_lines_of_many_departments_are_answered_in_their_order(publish, tmp_path):
    """However the partitions come back."""
    records = []
    for number in range(100, 300):
        one = certificate(number)
        common = {name: one[name] for name in ("recorded_at", "id_number", "name")}
        records.append(("death_certificate", one))
        fund = {"record_id": str(uuid4()), "balance_fen": 5, "status": "ACTIVE"}
        records.append(("provident_fund", common | fund))
    receipts, code = publish(written(tmp_path, *(line(*one) for one in records)))
    assert code == 0
    assert [receipt["record_id"] for receipt in receipts] == [record["record_id"] for _, record in records]
    assert set(statuses(receipts)) == {"ACCEPTED"}


def test_a_table_is_published_as_lines_are(publish, tmp_path):
    """From a spreadsheet in GB18030."""
    path = tmp_path / "fund.csv"
    header = "record_id,recorded_at,id_number,name,balance_fen,status,employer"
    rows = [f"{uuid4()},2026-06-02T09:00:00+08:00,{person(n)},马占山,{n},ACTIVE," for n in (50, 51)]
    path.write_bytes("\r\n".join([header, *rows, rows[0] + ",more", ""]).encode("gb18030"))
    receipts, code = publish(path, "--type", "provident_fund")
    assert (statuses(receipts), code) == (["ACCEPTED", "ACCEPTED", "REJECTED"], 1)
    assert codes(receipts[2]) == ["row_uneven"]


def test_a_table_that_is_not_fit_publishes_nothing_and_says_what_to_do(stack, exchange, tmp_path):
    """Neither a receipt nor an entry in quarantine, and standard output stays for receipts."""
    header = "record_id,recorded_at,id_number,name,balance_fen,status"
    unclear = f"{header}\n{uuid4()},2026-06-02T09:00:00+08:00,{person(52)},蒋静,1,ACTIVE\n"
    for data, told in (
        (unclear.encode("gb18030"), ("encoding_unclear", "--encoding gb18030")),
        (unclear.replace("status", "state").encode(), ("columns_unknown", "state")),
        (b"foo,bar\n", ("header_missing", "record_id")),
    ):
        path = tmp_path / "fund.csv"
        path.write_bytes(data)
        ended = exchange(
            "publish", str(path), "--type", "provident_fund", "--json", "--home", str(stack.home)
        )
        assert (ended.returncode, ended.stdout) == (1, "")
        assert all(word in ended.stderr for word in told)


def test_people_are_told_how_a_table_was_read(stack, exchange, tmp_path):
    """Its encoding, its titles, and that it holds no rows; also with JSON."""
    path = tmp_path / "fund.csv"
    header = "record_id,recorded_at,id_number,name,balance_fen,status"
    path.write_bytes(f"缴存人名单\n{header}\n".encode("gb18030"))
    words = ("publish", str(path), "--type", "provident_fund", "--home", str(stack.home))
    for json_words in ((), ("--json",)):
        ended = exchange(*words, *json_words)
        assert (ended.returncode, ended.stdout) == (0, "")
        assert all(told in ended.stderr for told in ("GB18030", "header is line 2", "no rows"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nowhere.jsonl",), 1),
        (("x.csv",), 2),
        (("x.jsonl", "--type", "notary"), 2),
        (("x.csv", "--type", "horse"), 2),
        (("x.jsonl", "--as", "hospital"), 2),
        (("x.jsonl", "--encoding", "klingon"), 2),
    ],
)
def test_wrong_usage_is_told_from_a_file_that_is_not_there(words, code, stack, exchange):
    """And neither prints a receipt."""
    ended = exchange("publish", *words, "--json", "--home", str(stack.home))
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr


def test_people_read_a_summary_and_what_was_rejected(stack, exchange, tmp_path):
    """With its line, in two languages, and nothing on standard output."""
    path = written(tmp_path, line("death_certificate", certificate(60)), b"", b"oops")
    ended = exchange("publish", str(path), "--home", str(stack.home))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "line 3: not_json" in ended.stderr
    assert "有效的 JSON" in ended.stderr
    assert "valid JSON" in ended.stderr


def test_a_program_publishes_values_and_hears_its_progress(stack):
    """Without files or command line; and again after that."""
    heard = []
    with Publisher(stack, "health") as publisher:
        for number in (70, 71):
            value = {"type": "death_certificate", "record": certificate(number)}
            (receipt,) = publisher.publish([value], lambda *counts: heard.append(counts))
            assert (receipt.number, receipt.status) == (1, "ACCEPTED")
    assert heard[-1] == (1, 1)


def test_a_join_that_does_not_answer_is_named(stack, monkeypatch):
    """Rather than waiting for ever in silence."""
    monkeypatch.setattr(ReceiptTail, "read", lambda *_: [])
    value = {"type": "death_certificate", "record": certificate(80)}
    with (
        Publisher(stack, patience_s=1.0) as publisher,
        pytest.raises(ExchangeError, match="joiner does not answer") as told,
    ):
        list(publisher.publish([value]))
    assert "exchange status" in told.value.hint
