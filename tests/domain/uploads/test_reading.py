"""Who may read which file: role by role, matter by matter, both ways; and when a file goes."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from exchange.domain.disclosure import Recipient
from exchange.domain.policy import load_policy
from exchange.domain.uploads.keeping import FileUse, may_go, use_of
from exchange.domain.uploads.reading import CaseFile, files_for
from exchange.runtime.city import City
from tests.cases import applied, document, given, next_of, resulted
from verification.times import calendar_date

POLICY, UPLOADS = load_policy(), City().uploads
REGISTER, CARD, DEED, KINSHIP, UNDERTAKING, STRANGE = (f"{number:064x}" for number in range(6))
FILES = [
    {"kind": 3, "sha256": REGISTER, "original_sighted": False},
    {"kind": 5, "sha256": CARD, "original_sighted": False},
    {"kind": 7, "sha256": DEED, "original_sighted": False},
    {"kind": 8, "sha256": KINSHIP, "original_sighted": False},
    {"kind": 9, "sha256": UNDERTAKING, "original_sighted": False},
]
DEAD = given("death_certificate")
PENSION, DEPOSIT = given("social_insurance"), given("bank_deposit")
OF_BANK = {KINSHIP, UNDERTAKING}
BANKS = [{"bank_name": "兰州银行"}]
REVOKED = next_of(DEAD, "REVOKED", "revoked", recorded_at="2026-04-02T09:00:00+08:00")


def asked(*matters: int, **fields: Any) -> Any:
    """An application that names the files."""
    return applied(*matters, materials=FILES, **{"channel": "WINDOW", **fields})


APPLIED = document(DEAD, PENSION, asked(4, 9, 10, banks=BANKS))
ONLINE = document(DEAD, PENSION, asked(4, 9, 10, banks=BANKS, channel="ONLINE"))
UNSAID = document(DEAD, PENSION, asked(4, 9, 10, banks=BANKS, channel=None))
UNASKED = document(DEAD, PENSION, asked(3))
WITHDRAWN = document(DEAD, PENSION, asked(4, 9), REVOKED)
DONE = document(DEAD, PENSION, asked(4, 9), resulted(9))
ASSISTED = document(DEAD, PENSION, asked(4, 9, 10, banks=BANKS, channel="ASSISTED"))
AT_HOME = document(DEAD, PENSION, asked(4, 9, 10, banks=BANKS, channel="HOME_VISIT"))
AT_ANOTHER = document(DEAD, PENSION, asked(10, banks=[{"bank_name": "甘肃银行"}]))
OF_HEALTH = document(DEAD, asked(1))
OF_THE_FUND = document(DEAD, given("provident_fund"), asked(8, 12))
WITHOUT_FILES = document(DEAD, PENSION, applied(4, 9, channel="WINDOW"))

JUSTICE, POLICE, WINDOW = Recipient("justice"), Recipient("police"), Recipient("service_centre")
BANK, OTHER_BANK = (Recipient("financial_regulation", name) for name in ("兰州银行", "甘肃银行"))
QINZHOU, MAIJI = (Recipient("justice", county=name) for name in ("秦州区", "麦积区"))
TAKEN = {REGISTER, CARD, *OF_BANK}
NONE: set[str] = set()

# case, who, whose person it is (a county) → the digests that they read
CELLS: dict[str, tuple[Any, Recipient, str | None, set[str]]] = {
    "justice reads the register": (APPLIED, JUSTICE, None, {REGISTER}),
    "justice reads none before anybody has applied for its matter": (UNASKED, JUSTICE, None, NONE),
    "justice reads it after it has decided": (DONE, JUSTICE, None, {REGISTER}),
    "justice reads none of a death that was taken back": (WITHDRAWN, JUSTICE, None, NONE),
    "justice reads none where none was handed in": (WITHOUT_FILES, JUSTICE, None, NONE),
    "justice reads what came online": (ONLINE, JUSTICE, None, {REGISTER}),
    "human resources read the card": (APPLIED, Recipient("human_resources"), None, {CARD}),
    "human resources read none before": (UNASKED, Recipient("human_resources"), None, NONE),
    "police read the register of the matter that was applied for": (UNASKED, POLICE, None, {REGISTER}),
    "police read none of others' matters": (APPLIED, POLICE, None, NONE),
    "health reads the register of its matter": (OF_HEALTH, Recipient("health"), None, {REGISTER}),
    "health reads none of others' matters": (APPLIED, Recipient("health"), None, NONE),
    "the fund reads the deed": (OF_THE_FUND, Recipient("provident_fund"), None, {DEED}),
    "the fund reads none of others' matters": (APPLIED, Recipient("provident_fund"), None, NONE),
    "market regulation reads of kinship": (OF_THE_FUND, Recipient("market_regulation"), None, {KINSHIP}),
    "market regulation reads no more": (APPLIED, Recipient("market_regulation"), None, NONE),
    "the bank reads its undertaking": (APPLIED, BANK, None, OF_BANK),
    "another bank reads none": (APPLIED, OTHER_BANK, None, NONE),
    "another bank reads its own": (AT_ANOTHER, OTHER_BANK, None, OF_BANK),
    "the bank reads none of another": (AT_ANOTHER, BANK, None, NONE),
    "who coordinates the banks reads it": (APPLIED, Recipient("financial_regulation"), None, OF_BANK),
    "the county reads of its own people": (APPLIED, QINZHOU, "秦州区", {REGISTER}),
    "another county reads none": (APPLIED, MAIJI, "秦州区", NONE),
    "no county reads of people of none": (APPLIED, QINZHOU, None, NONE),
    "a department of all counties reads of each": (APPLIED, JUSTICE, "秦州区", {REGISTER}),
    "the window reads what it took": (APPLIED, WINDOW, None, TAKEN),
    "the window reads what it took in another's place": (ASSISTED, WINDOW, None, TAKEN),
    "the window reads what it took at home": (AT_HOME, WINDOW, None, TAKEN),
    "the window reads none that came online": (ONLINE, WINDOW, None, NONE),
    "the window reads none of a channel that nobody said": (UNSAID, WINDOW, None, NONE),
    "the bureau reads none": (APPLIED, Recipient("data_bureau"), None, NONE),
    "auditors read none": (APPLIED, Recipient("auditors"), None, NONE),
    "12345 reads none": (APPLIED, Recipient("12345"), None, NONE),
    "nobody of no name reads any": (APPLIED, Recipient(""), None, NONE),
}


@pytest.mark.parametrize("name", CELLS)
def test_each_reads_the_files_of_its_own_matters_and_nobody_else_reads_any(name: str) -> None:
    """Deny by default."""
    case, to, county, wanted = CELLS[name]
    assert {one.sha256 for one in files_for(case, to, POLICY, county)} == wanted


def test_cells_say_yes_and_no() -> None:
    """Counted: both ways."""
    said = [bool(wanted) for _, _, _, wanted in CELLS.values()]
    assert (said.count(True), said.count(False)) == (16, 18)


def test_a_file_is_told_with_its_matter_and_its_kind() -> None:
    """Of two matters that need it, it is listed with each that was applied for."""
    assert files_for(APPLIED, Recipient("justice"), POLICY) == (CaseFile(9, None, 3, REGISTER),)
    both = document(DEAD, PENSION, asked(3, 9))
    assert [one.matter for one in files_for(both, Recipient("service_centre"), POLICY)] == [3, 9]


def test_a_kind_that_a_matter_needs_no_more_is_read_no_more() -> None:
    """The policy of now decides, whatever the case was made by."""
    case = document(DEAD, PENSION, asked(9))
    for one in case["matters"]:
        one["materials"].append({**one["materials"][0], "kind": 7, "sha256": STRANGE})
    assert STRANGE not in {one.sha256 for one in files_for(case, Recipient("justice"), POLICY)}


TODAY = date(2030, 1, 1)
SHARED = asked(4, 9, banks=BANKS)
AFTER = next_of(SHARED, "REVOKED", "away", recorded_at="2026-04-20T09:00:00+08:00")


def used(*records: Any, matters: tuple[int, ...] = (4, 9)) -> FileUse:
    """How the application stands in the case of these records."""
    return use_of(SHARED[1]["record_id"], matters, document(DEAD, PENSION, SHARED, *records))


def test_an_application_is_finished_once_all_its_matters_are() -> None:
    """Rejected is finished, too; one of two is not enough; what was revoked has ended."""
    assert used().finished_on is None
    assert used(resulted(4)).finished_on is None
    assert used(resulted(4), resulted(9, "REJECTED", reason="无")).finished_on is not None
    assert used(resulted(4), resulted(9, "RETURNED", to_correct=["x"])).finished_on is None
    assert used(AFTER).finished_on == date(2026, 4, 20)


def test_what_is_to_be_recovered_is_not_finished() -> None:
    """What was paid on a death that was taken back is still fought about."""
    assert used(resulted(4), resulted(9), REVOKED).finished_on is None


def test_what_no_case_holds_yet_is_open() -> None:
    """The log has taken it, and nobody has looked at it."""
    assert use_of(SHARED[1]["record_id"], (4, 9), None).finished_on is None


def ago(days: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days=days)


FINISHED = FileUse((3,), ago(366))
GOES = {
    "its time is over": (ago(400), [FINISHED]),
    "the longer of two times is over": (ago(4000), [FileUse((3, 8), ago(1096))]),
    "nobody named it": (ago(31), []),
    "both of two are finished": (ago(4000), [FINISHED, FileUse((3,), ago(500))]),
    "it was handed in again a while ago": (ago(31), [FINISHED]),
}
STAYS = {
    "a day too early": (ago(400), [FileUse((3,), ago(365))]),
    "the longer of two times is not over": (ago(4000), [FileUse((3, 8), ago(1095))]),
    "nobody named it yet": (ago(30), []),
    "one of two is open": (ago(4000), [FINISHED, FileUse((3,), None)]),
    "it was handed in again": (ago(3), [FINISHED]),
}


@pytest.mark.parametrize("name", GOES)
def test_a_file_goes_when(name: str) -> None:
    """No longer than is needed."""
    assert may_go(*GOES[name], UPLOADS, TODAY)


@pytest.mark.parametrize("name", STAYS)
def test_a_file_stays_while(name: str) -> None:
    """And no shorter."""
    assert not may_go(*STAYS[name], UPLOADS, TODAY)


DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@each(
    stored=DAYS,
    today=DAYS,
    others=st.lists(st.builds(FileUse, st.just((3, 8)), st.none() | DAYS), max_size=4),
)
def test_whatever_else_named_it_what_is_open_keeps_it(
    stored: date, today: date, others: list[FileUse]
) -> None:
    """Never one that is still named by an open matter; and more days never make a file come back."""
    assert not may_go(stored, [*others, FileUse((3,), None)], UPLOADS, today)
    if may_go(stored, others, UPLOADS, today):
        assert may_go(stored, others, UPLOADS, today + timedelta(days=1))
        assert all(one.finished_on is not None and one.finished_on < today for one in others)


def test_the_day_on_which_an_application_ended_is_that_of_the_last_record() -> None:
    """No matter ended after it."""
    case = document(DEAD, PENSION, SHARED, resulted(4), resulted(9))
    assert used(resulted(4), resulted(9)).finished_on == calendar_date(
        max(one["recorded_at"] for one in case["records"])
    )
