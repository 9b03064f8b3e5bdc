"""Whatever the order in which records arrive, and however often: one case, and the same things told."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from avro_schemas.catalogue import schema
from exchange.domain.case import case_of
from exchange.domain.documents import case_document
from exchange.domain.policy import load_policy
from exchange.domain.values import CaseState, Told
from exchange.runtime.serde import Encoder
from tests.cases import HEIR, Given, applied, document, given, next_of, resulted, state_of, take, tell
from tests.strategies import any_valid_record

ENCODER = Encoder(schema("case"), 1)
LATE = "2026-03-20T09:00:00+08:00"

POOL: tuple[Given, ...] = (
    given("death_certificate"),
    given("death_certificate", "second", recorded_at="2026-03-05T09:00:00+08:00"),
    given("death_certificate", "other day", death_time="2026-02-28"),
    given("abnormal_death"),
    given("death_declaration"),
    given("cremation"),
    given("cremation", "other day", death_time="2026-02-27"),
    given("hukou_cancellation"),
    given("social_insurance"),
    given("social_insurance", "same moment", receiving_benefit=False),
    given("social_insurance", "stopped", receiving_benefit=False, recorded_at=LATE),
    given("social_insurance", "resident", scheme="RESIDENT_PENSION"),
    given("medical_insurance"),
    given("medical_insurance", "of a stranger", name="赵冬生"),
    given("medical_insurance", "with a space", name="李 秀兰"),
    given("provident_fund"),
    given("provident_fund", "paid out", balance_fen=0, status="CLOSED", recorded_at=LATE),
    given("notary", beneficiaries=[HEIR]),
    given("notary", "another deed", deed_no="公证2号", kind="INHERITANCE"),
    given("driving_licence"),
    given("driving_licence", "cancelled", status="CANCELLED", recorded_at=LATE),
    given("equity"),
    given("bank_deposit"),
    given("bank_deposit", "other bank", bank_name="兰州银行", balance_fen=6_000_000),
    given("bank_deposit", "by code", bank_name=None, bank_uscc="91620500736625851H", account_no_tail="2"),
    given("bank_deposit", "by both", bank_uscc="91620500736625851H", account_no_tail="3"),
    given("bank_deposit", "paid out", balance_fen=0, recorded_at=LATE),
    applied(8, 9, materials=[{"kind": 7, "original_sighted": False}]),
    applied(9, label="whole", materials=[{"kind": 3, "original_sighted": False}]),
    given("decision", "hold", kind="MATTER_HELD", matter=9, recorded_at="2026-03-24T09:00:00+08:00"),
    given("decision", "release", kind="MATTER_RELEASED", matter=9, recorded_at="2026-03-30T09:00:00+08:00"),
    applied(2, 4, label="window", materials=[{"kind": 1, "original_sighted": True}]),
    given("decision", matter=2),
    given("decision", "of a bank", matter=10, instance="兰州银行"),
    resulted(4, "REJECTED"),
    resulted(4, "ACCEPTED", recorded_at="2026-04-09T09:00:00+08:00"),
    resulted(9),
    resulted(9, "REJECTED", recorded_at="2026-04-09T09:00:00+08:00"),
    applied(9, label="again", recorded_at="2026-04-12T09:00:00+08:00"),
    resulted(10, issuer_name="甘肃银行"),
    resulted(10, "REJECTED", issuer_name="兰州银行"),
    given("acknowledgement"),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Given]:
    """Some records of one person: news or history, corrected, revoked, and corrections alone."""
    picked = draw(st.lists(st.sampled_from(POOL), min_size=1, max_size=9, unique_by=id))
    records = [(kind, {**record, "backfill": draw(st.booleans())}) for kind, record in picked]
    for record in list(records):
        action = draw(st.sampled_from([None, None, None, "AMENDED", "REVOKED"]))
        if action:
            later = datetime.fromisoformat(record[1]["recorded_at"]) + timedelta(
                hours=draw(st.integers(0, 48))
            )
            label = f"{record[1]['record_id']} {action}"
            revision = draw(st.sampled_from([1, 2]))
            records.append(next_of(record, action, label, revision=revision, recorded_at=later.isoformat()))
            if draw(st.booleans()):
                records.remove(record)
    return records


def encoded(state: CaseState) -> bytes:
    """The case as it is published, byte for byte."""
    return ENCODER.encode(case_document(case_of(state, load_policy())))


def standing(state: CaseState) -> dict[tuple[int, str | None, str], Told]:
    """Of each matter, what the department was told last and still holds; when, and after what, may differ."""
    told = (
        replace(one, at="", announcement_id=one.base) for one in state.told if one.transition != "SUSPENDED"
    )
    return {(one.matter, one.instance, one.department): one for one in told}


@settings(deadline=None, max_examples=400)
@hypothesis_given(histories(), st.data())
def test_any_order_with_repetitions_gives_the_same_case_and_the_same_standing_announcements(
    records: list[Given], data: st.DataObject
) -> None:
    """Networks deliver late, twice and out of turn; nobody's case may depend on that."""
    again = data.draw(st.lists(st.sampled_from(records), max_size=4))
    other_order = data.draw(st.permutations(records + again))
    first, _ = tell(records)
    second, _ = tell(other_order)
    assert encoded(first) == encoded(second)
    assert standing(first) == standing(second)


@settings(deadline=None, max_examples=200)
@hypothesis_given(histories())
def test_what_stands_announced_is_what_the_case_says(records: list[Given]) -> None:
    """A department that reads its announcements knows each matter's state, but for pure history."""
    state, _ = tell(records)
    views = {(v.matter, v.instance, v.department): v for v in case_of(state, load_policy()).matters}
    for key, told in standing(state).items():
        transition = "RECOVERY" if views[key].recovery else views[key].state
        assert (transition, views[key].proof_ids) == (told.transition, told.proofs)


@settings(deadline=None, max_examples=100)
@hypothesis_given(histories())
def test_replaying_the_same_places_of_the_log_changes_nothing_and_repeats_the_receipts(
    records: list[Given],
) -> None:
    """After a crash a batch is read again: same state, same answers, nothing told anew."""
    state = CaseState("0" * 32)
    before = []
    for offset, record in enumerate(records):
        folded = take(state, record, offset)
        state = folded.state
        before.append((folded.status, folded.reasons))
    after = [take(state, record, offset) for offset, record in enumerate(records)]
    assert all(folded.state is state for folded in after)
    assert [(folded.status, folded.reasons) for folded in after] == before


@hypothesis_given(st.sampled_from(POOL))
def test_the_same_id_and_content_from_elsewhere_is_a_duplicate(record: Given) -> None:
    """A retry after a time-out is acknowledged again and has no second effect."""
    state = state_of([record])
    folded = take(state, record, 99)
    assert (folded.status, folded.state) == ("DUPLICATE", state)


@hypothesis_given(st.sampled_from(POOL))
def test_the_same_id_with_other_content_is_refused(record: Given) -> None:
    """One id, one content: the first that the log took stands."""
    state = state_of([record])
    folded = take(state, (record[0], {**record[1], "county": "秦州区"}), 99)
    assert (folded.status, folded.state) == ("REJECTED", state)
    assert [reason.code for reason in folded.reasons] == ["record_id_reused"]


@settings(deadline=None, max_examples=150)
@hypothesis_given(st.lists(any_valid_record(), min_size=1, max_size=6))
def test_the_fold_is_total(drawn: list[tuple[str, dict[str, object]]]) -> None:
    """Whatever acceptance lets in makes a case that can be published."""
    person = {"id_number": given("cremation")[1]["id_number"], "name": "李秀兰"}
    records = []
    for record_type, record in drawn:
        told = {name: value for name, value in record.items() if name not in {"sex", "birth_date"}}
        owner = {"department": "justice"} if record_type in {"result", "acknowledgement"} else {}
        records.append((record_type, {**told, **person, **owner}))
    assert ENCODER.encode(document(*records))
