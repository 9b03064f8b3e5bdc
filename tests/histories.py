"""Some records of one person, as departments may send them: what orders are tried on."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from tests.cases import HEIR, Given, applied, examined, given, handed_over, next_of, resulted

LATE = "2026-03-20T09:00:00+08:00"

AT_THE_WINDOW = applied(
    2, 4, label="window", channel="WINDOW", materials=[{"kind": 1, "original_sighted": True}]
)
WHOLE = applied(9, label="whole", channel="ASSISTED", materials=[{"kind": 3, "original_sighted": False}])
PAID = resulted(4, recorded_at="2026-04-12T09:00:00+08:00")
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
    given("bank_deposit", "with a blank", bank_name="甘肃\u3000银行", account_no_tail="5"),
    given("bank_deposit", "by code", bank_name=None, bank_uscc="91620500736625851H", account_no_tail="2"),
    given("bank_deposit", "by both", bank_uscc="91620500736625851H", account_no_tail="3"),
    given("bank_deposit", "paid out", balance_fen=0, recorded_at=LATE),
    applied(8, 9, materials=[{"kind": 7, "original_sighted": False}]),
    WHOLE,
    given("decision", "hold", kind="MATTER_HELD", matter=9, recorded_at="2026-03-24T09:00:00+08:00"),
    given("decision", "release", kind="MATTER_RELEASED", matter=9, recorded_at="2026-03-30T09:00:00+08:00"),
    AT_THE_WINDOW,
    given("decision", matter=2),
    given("decision", "of a bank", matter=10, instance="兰州银行"),
    resulted(4, "REJECTED"),
    resulted(4, "ACCEPTED", recorded_at="2026-04-09T09:00:00+08:00"),
    resulted(9),
    resulted(9, "RETURNED", to_correct=["缺第二页"], recorded_at="2026-03-28T09:00:00+08:00"),
    resulted(11, "RETURNED", to_correct=["身份证复印件不清"]),
    resulted(9, "REJECTED", recorded_at="2026-04-09T09:00:00+08:00"),
    applied(9, label="again", recorded_at="2026-04-12T09:00:00+08:00"),
    resulted(10, issuer_name="甘肃银行"),
    resulted(10, "REJECTED", issuer_name="兰州银行"),
    given("acknowledgement"),
    examined(WHOLE, "缺第二页"),
    examined(WHOLE, label="in order", recorded_at="2026-03-27T09:00:00+08:00"),
    examined(WHOLE, "身份证复印件不清", label="again", recorded_at="2026-03-26T09:00:00+08:00"),
    examined(
        AT_THE_WINDOW,
        label="originals",
        materials=[{"kind": kind, "original_sighted": True} for kind in (2, 4, 7)],
    ),
    PAID,
    handed_over(PAID, postal_no="1234567890123"),
    given("appointment"),
    given("enquiry"),
    given("enquiry", "closed", closed_at="2026-03-22", reply="十个工作日内。"),
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
