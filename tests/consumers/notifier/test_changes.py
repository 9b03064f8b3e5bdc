"""What the portal is told of a case: what moved, for its family, and nothing of the person."""

from datetime import UTC, datetime
from typing import Any

from consumers.notifier.changes import Digests, PortalView, body_of, notice_of, standing_of
from exchange.runtime.city import City
from tests.cases import CASE_ID, HEIR, NAME, Given, applied, document, given, next_of, resulted
from tests.people import LI_XIULAN

AT = datetime(2026, 3, 2, 1, 30, 0, 250_000, UTC)
CERTIFICATE = given("death_certificate")
PENSION = given("social_insurance")


def standing(*records: Given) -> PortalView:
    """Where the case of these records stands."""
    return standing_of(document(*records), AT, City().family, City().policy)


def told(before: Digests | None, *records: Given) -> dict[int, list[tuple[str | None, str]]] | None:
    """Situation and state of each matter that the portal is told of; None where it is told nothing."""
    notice = notice_of(standing(*records), before)
    if notice is None:
        return None
    found: dict[int, list[tuple[str | None, str]]] = {}
    for one in notice["data"]["changed"]:
        found.setdefault(one["matter"], []).append((one["situation"], one["state"]))
    return found


def after(*records: Given) -> Digests:
    """What is kept of the case of these records."""
    return standing(*records).digests


def test_a_case_that_was_never_looked_at_is_told_as_it_stands() -> None:
    """The first certificate: all twelve matters may have moved."""
    found = told(None, PENSION, CERTIFICATE)
    assert found is not None
    assert found[1] == [("done", "COMPLETED")]
    assert found[5] == [("may_apply", "READY")]


def test_of_a_person_who_lives_nobody_is_told() -> None:
    """A pension record makes a case; no family asks for it, and the portal has no business with it."""
    assert told(None, PENSION) is None
    assert told(None, PENSION, given("driving_licence")) is None


def test_history_that_is_loaded_is_told_to_nobody_until_something_happens() -> None:
    """Departments are told nothing of it either."""
    old = given("death_certificate", backfill=True)
    assert told(None, old) is None
    assert told(None, old, applied(9)) is not None


def test_only_the_matters_that_moved_are_told() -> None:
    """Nine of ten stay where they are when one department has decided."""
    before = after(CERTIFICATE, PENSION, applied(9, 4))
    assert told(before, CERTIFICATE, PENSION, applied(9, 4), resulted(9)) == {9: [("done", "COMPLETED")]}


def test_what_a_family_does_not_see_is_no_news() -> None:
    """The same case published once more, or with an acknowledgement, changes nothing on its page."""
    before = after(CERTIFICATE, applied(9))
    assert told(before, CERTIFICATE, applied(9)) is None
    signed = given("acknowledgement", announcement_id=f"{CASE_ID}/9/READY/x")
    assert told(before, CERTIFICATE, applied(9), signed) is None


def test_a_material_that_was_brought_is_news_though_the_state_is_the_same() -> None:
    """The page lists one paper less."""
    before = after(CERTIFICATE, PENSION, applied(4))
    brought = applied(4, materials=[{"kind": 6, "sha256": "a" * 64, "original_sighted": True}])
    found = told(before, CERTIFICATE, PENSION, brought)
    assert found is not None
    assert set(found) == {4}


def test_a_second_decision_of_the_same_kind_is_news() -> None:
    """Rejected again, with another reason: the family has to read it."""
    first = resulted(9, "REJECTED", reason="缺原件", label="1")
    again = resulted(9, "REJECTED", reason="缺签字", label="2", recorded_at="2026-04-08T09:00:00+08:00")
    before = after(CERTIFICATE, applied(9), first)
    assert told(before, CERTIFICATE, applied(9), first, again) == {9: [("rejected", "REJECTED")]}


def test_a_withdrawn_death_is_told_matter_by_matter() -> None:
    """Whoever shows that something may be applied for must learn that it may not."""
    before = after(CERTIFICATE, PENSION)
    revoked = next_of(CERTIFICATE, "REVOKED", "revoked", recorded_at="2026-03-09T09:00:00+08:00")
    found = told(before, CERTIFICATE, PENSION, revoked)
    assert found is not None
    assert ("may_apply", "READY") not in found[5]


def test_a_matter_that_does_not_arise_any_more_is_told_without_a_situation() -> None:
    """It vanishes from the page; what is not told at all would stay on the portal's."""
    before = after(CERTIFICATE, PENSION)
    not_it = given("decision", kind="MATTER_NOT_APPLICABLE", matter=2)
    assert told(before, CERTIFICATE, PENSION, not_it) == {2: [(None, "NOT_APPLICABLE")]}


def test_of_several_banks_no_name_is_told_and_each_situation_once() -> None:
    """Where somebody has money is nobody's business but the family's."""
    banks = [
        given("bank_deposit", label=name, bank_name=name) for name in ("甘肃银行", "天水农商银行", "建设银行")
    ]
    papers = [{"kind": kind, "original_sighted": False} for kind in (8, 9)]
    records = (*banks, CERTIFICATE, applied(10, materials=papers))
    paid = resulted(10, instance="甘肃银行")
    assert told(after(*records), *records, paid) == {10: [("in_progress", "APPLIED"), ("done", "COMPLETED")]}
    notice = notice_of(standing(*records, paid), None)
    assert notice is not None
    assert "银行" not in body_of(notice)


def test_a_case_that_moved_to_another_number_says_where() -> None:
    """The portal goes on under the new id."""
    moved = {**document(CERTIFICATE), "forwards_to": "f" * 32}
    now = standing_of(moved, AT, City().family, City().policy)
    notice = notice_of(now, after(CERTIFICATE))
    assert notice is not None
    assert notice["data"] == {"case_id": CASE_ID, "forwards_to": "f" * 32, "changed": []}
    assert notice_of(now, now.digests) is None


def test_a_notice_is_one_line_with_utc_and_holds_nothing_of_the_person() -> None:
    """What a proxy logs, or somebody else gets, tells a case id and codes."""
    result = resulted(7, amount_fen=123_405, document_no="天医〔2026〕7号")
    records = (given("medical_insurance"), CERTIFICATE, applied(7, 9), result)
    notice = notice_of(standing(*records), None)
    assert notice is not None
    body = body_of(notice)
    assert body.startswith('{"type":"case.progress_changed","timestamp":"2026-03-02T01:30:00.250Z","data":{')
    assert "\n" not in body
    for hidden in (LI_XIULAN, NAME, HEIR["name"], HEIR["id_number"], "123405", "天医", "脑出血"):
        assert hidden not in body
    keys = {name for entry in notice["data"]["changed"] for name in entry}
    assert keys == {"matter", "situation", "state"}


def test_what_is_kept_of_a_case_holds_nothing_of_the_person_either() -> None:
    """Digests of what was seen, and of nothing that has so few values that trying them all would help."""
    kept: dict[str, Any] = dict(after(CERTIFICATE, PENSION, applied(9)))
    assert all(name.isdigit() and len(value) == 16 for name, value in kept.items())
