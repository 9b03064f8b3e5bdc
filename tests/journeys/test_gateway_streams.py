"""Who listens at the gateway is told its own alone, noted before, and only while its credential works."""

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from exchange.domain.credentials import Holder
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.settings import Settings
from tests.case_documents import announcement_document
from tests.journeys.door import Door
from tests.journeys.log_tools import access_records, publish_events
from tests.waiting import wait_for
from topics.catalogue import ACCESS, matters_topic

pytestmark = pytest.mark.leaves("forgeries")

TOLD = "financial_regulation"
BANK, OTHER_BANK = "91620500439150008B", "91620500812415868R"
COUNTY, OTHER_COUNTY = "秦州区", "麦积区"
CUTS = 5


def announced(stack: Settings, **more: Any) -> str:
    """Tell the department something; return the announcement's id."""
    document = announcement_document(str(uuid4()), uuid4().hex, department=TOLD, matter=10, **more)
    publish_events(stack, matters_topic(TOLD), "announcement", [document])
    return str(document["id"])


@pytest.fixture(scope="module")
def department(stack: Settings) -> Iterator[Door]:
    """The department that is told."""
    with Door(stack, Holder(TOLD)) as door:
        yield door


@pytest.fixture(scope="module")
def ids(stack: Settings, department: Door) -> dict[tuple[str, str], str]:
    """Announcements of two banks and two counties, once the index has them: instance, county → id."""
    told = {
        (bank, county): announced(stack, instance=bank, county=county)
        for bank in (BANK, OTHER_BANK)
        for county in (COUNTY, OTHER_COUNTY)
    }
    wait_for("the index to have them", lambda: set(told.values()) <= set(polled(department)), every_s=0.2)
    return told


def polled(door: Door, query: str = "") -> list[str]:
    """Ids of all that somebody is shown, asked for page by page."""
    found: list[str] = []
    place = "from=start"
    while True:
        page = door.get(f"/v1/announcements?{place}&limit=10{query}")
        if not page["announcements"]:
            return found
        found += [one["id"] for one in page["announcements"]]
        place = f"after={page['next']}"


def test_filters_show_what_agrees_with_all_of_them(department: Door, ids: dict[tuple[str, str], str]) -> None:
    """By bank, by county, by both, by matter and by what happened."""
    own = set(ids.values())
    for query, wanted in (
        (f"&instance={BANK}", {ids[BANK, COUNTY], ids[BANK, OTHER_COUNTY]}),
        (f"&county={COUNTY}", {ids[BANK, COUNTY], ids[OTHER_BANK, COUNTY]}),
        (f"&instance={BANK}&county={COUNTY}", {ids[BANK, COUNTY]}),
        ("&matter=10&state=READY", own),
        ("&matter=11", set()),
        ("&state=OVERDUE", set()),
    ):
        assert set(polled(department, query)) & own == wanted, query


def test_a_bank_and_a_county_are_shown_their_own_and_another_department_nothing(
    stack: Settings, ids: dict[tuple[str, str], str]
) -> None:
    """Also if they ask for another's."""
    shown = {
        Holder(TOLD, bank=BANK): {one for (bank, _), one in ids.items() if bank == BANK},
        Holder(TOLD, county="620502"): {one for (_, county), one in ids.items() if county == COUNTY},
        Holder("health"): set(),
    }
    for holder, wanted in shown.items():
        with Door(stack, holder) as door:
            assert set(polled(door)) & set(ids.values()) == wanted, holder
            others = f"&instance={OTHER_BANK}&county={OTHER_COUNTY}"
            assert set(polled(door, others)) & set(ids.values()) == set(), holder


def test_a_stream_goes_on_where_it_was_cut(department: Door, ids: dict[tuple[str, str], str]) -> None:
    """Whoever is cut off names the last id that came, and is told all the others, each once."""
    everything, seen, last = polled(department), list[str](), ""
    before_a_cut = -(-len(everything) // CUTS)
    while len(seen) < len(everything):
        with department.stream("/v1/announcements?from=start", last) as events:
            for place, event in islice(events, before_a_cut):
                seen.append(event["id"])
                last = place
                if len(seen) == len(everything):
                    break
    assert sorted(seen) == sorted(everything)
    assert department.ask("GET", "/v1/announcements?after=nonsense").status_code == 400
    beyond = ",".join(f"{number}:{10**9}" for number in range(len(last.split(","))))
    assert department.ask("GET", f"/v1/announcements?after={beyond}").status_code == 410


def test_what_comes_is_told_at_once_and_noted_before(stack: Settings, department: Door) -> None:
    """By stream and by an answer that waits; each has its access record, with whose data and which fields."""
    start = department.get("/v1/announcements")["next"]
    with department.stream("/v1/announcements") as events:
        wanted = announced(stack, instance=BANK)
        (event,) = (one for _, one in islice(events, 1))
    assert event["id"] == wanted
    waited = department.get(f"/v1/announcements?after={start}&wait=60")
    assert [one["id"] for one in waited["announcements"]] == [wanted]
    notes = [one for one in access_records(stack) if one["actor"] == department.client_id]
    about = [one for one in notes if event["case_id"] in one["case_ids"]]
    assert len(about) == 2
    assert all(one["fields"] == sorted(event["draft"]) for one in about)
    assert all(one["department"] == TOLD for one in about)


def test_what_cannot_be_noted_is_not_shown(
    stack: Settings, department: Door, ids: dict[tuple[str, str], str]
) -> None:
    """While the access topic takes nothing, nobody is told anything."""
    admin = make_admin(stack.kafka)
    rule = (ResourceType.TOPIC, ACCESS, ResourcePatternType.LITERAL, "User:gateway", "*")
    closed = AclBinding(*rule, AclOperation.WRITE, AclPermissionType.DENY)
    admin.create_acls([closed])[closed].result()
    try:
        wait_for(
            "the brokers to refuse",
            lambda: department.ask("GET", "/v1/announcements?from=start").status_code == 503,
            every_s=0.2,
        )
        streams = {"Accept": "text/event-stream"}
        answer = department.ask("GET", "/v1/announcements?from=start", headers=streams)
        assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True)
    finally:
        rules = AclBindingFilter(*rule, AclOperation.WRITE, AclPermissionType.DENY)
        admin.delete_acls([rules])[rules].result()
    wait_for("it to be shown again", lambda: set(ids.values()) <= set(_shown(department)), every_s=0.2)


def _shown(door: Door) -> list[str]:
    found = door.ask("GET", "/v1/announcements?from=start&limit=200")
    return [one["id"] for one in found.json()["announcements"]] if found.is_success else []


def test_whoever_is_revoked_is_out_within_five_seconds_on_an_open_stream_as_well(stack: Settings) -> None:
    """And its token, which would be good for minutes, is refused."""
    with Door(stack, Holder(TOLD)) as door, door.stream("/v1/announcements") as events:
        door.revoke()
        began = time.monotonic()
        assert list(events) == []
        took_s = time.monotonic() - began
        refused = door.ask("GET", "/v1/catalogue")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_wrong")
    print(f"an open stream ended {took_s:.1f} s after the credential was revoked")  # noqa: T201


def test_a_credential_has_eight_streams_and_no_ninth(department: Door) -> None:
    """One that its client left is given back."""
    doors = [department.stream("/v1/receipts/stream") for _ in range(8)]
    for one in doors:
        one.__enter__()
    try:
        refused = department.ask("GET", "/v1/receipts/stream")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
    finally:
        for one in doors:
            one.__exit__(None, None, None)

    def opened() -> bool:
        try:
            with department.stream("/v1/receipts/stream"):
                return True
        except AssertionError:
            return False

    wait_for("the places to be free again", opened, every_s=0.2)
