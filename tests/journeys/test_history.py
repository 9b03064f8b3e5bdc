"""An auditor asks what was known on day D, and how a case came to be what it is; every look is on record."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consumers.history.trace import Tracer
from consumers.ledger.spots import record_spots
from consumers.log.offset_lookup import Spot
from consumers.log.scan import CaseLog
from consumers.log.source import NOTHING_KNOWN, Keep, KnownSpots
from consumers.read_model.spots import IndexSpots
from exchange.folding.case_ids import CaseIds
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from producers.publisher import Publisher
from tests.case_reading import CaseReader
from tests.cases import Given, given, next_of, record_id
from tests.journeys.log_tools import access_records, read_all, topics_of
from tests.people import QINZHOU, id_number
from tests.waiting import wait_for

Exchange = Callable[..., subprocess.CompletedProcess[str]]
NUMBER = id_number(QINZHOU, date(1934, 4, 5), 815)
NOBODY = id_number(QINZHOU, date(1934, 4, 6), 815)
CARD = "6217003860000123456"
DEATH = given("death_certificate", "history", id_number=NUMBER)
AMENDED = next_of(DEATH, "AMENDED", "history amended", death_time="2026-02-28T23:30:00+08:00")
REVOKED = next_of(AMENDED, "REVOKED", "history revoked")
ANEW = given("death_certificate", "history anew", id_number=NUMBER, death_time="2026-02-27T22:00:00+08:00")
PENSION = given(
    "social_insurance", "history", id_number=NUMBER, social_card={"account_no": CARD, "active": True}
)


@dataclass(frozen=True)
class Story:
    """A case as it was shown at a moment, and as it is shown after all that came later."""

    case_id: str
    former: dict[str, Any]
    moment: datetime
    now: dict[str, Any]


def look(exchange: Exchange, stack: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Ask for a case."""
    return exchange("case", *words, "--home", str(stack.home))


def shown(exchange: Exchange, stack: Settings, *words: str) -> list[dict[str, Any]]:
    """The JSON lines of a look."""
    told = look(exchange, stack, *words, "--json")
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.fixture(scope="module")
def story(stack: Settings, exchange: Exchange) -> Story:
    """A death certified, then corrected, revoked and certified anew, each in its turn."""
    case_id = CaseIds(stack.case_key).of_key(NUMBER)
    reader = CaseReader(stack)

    def holds(*records: Given) -> bool:
        case = reader.find(case_id)
        wanted = {record["record_id"] for _, record in records}
        return case is not None and wanted <= {entry["record_id"] for entry in case["records"]}

    with Publisher(stack) as publisher:

        def publish(*records: Given) -> None:
            for record_type, record in records:
                (receipt,) = publisher.publish([{"type": record_type, "record": dict(record)}])
                assert receipt.status in {"ACCEPTED", "DUPLICATE"}

        publish(PENSION, DEATH)
        wait_for("the first records in the case", lambda: holds(PENSION, DEATH))
        (former,) = shown(exchange, stack, NUMBER)
        moment = datetime.now(UTC)
        publish(AMENDED, DEATH, REVOKED, ANEW)
        wait_for("all records in the case", lambda: holds(AMENDED, REVOKED, ANEW))
    (now,) = shown(exchange, stack, NUMBER)
    return Story(case_id, former, moment, now)


@pytest.mark.parametrize("by", ["number", "case id"])
def test_the_case_is_shown_as_it_was_known_then(
    stack: Settings, exchange: Exchange, story: Story, by: str
) -> None:
    """Field by field what was shown at the time, though all of it was changed since."""
    asked = NUMBER if by == "number" else story.case_id
    (row,) = shown(exchange, stack, asked, "--as-of", story.moment.isoformat())
    changed = row.pop("changed_since")
    assert row.pop("as_of") == story.moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert row == story.former
    (died,) = (one for one in changed if one.get("field") == "deceased.death_time")
    told = [case["form"]["deceased"]["death_time"]["value"] for case in (story.former, story.now)]
    assert [died["before"]["value"], died["after"]["value"]] == told
    assert {one["what"] for one in changed} <= {"record", "matter", "death", "conflict", "form"}


def test_the_past_ends_in_the_present(stack: Settings, exchange: Exchange, story: Story) -> None:
    """Folded again from the log, the case is the one that everybody sees."""
    (row,) = shown(exchange, stack, NUMBER, "--as-of", datetime.now(UTC).isoformat())
    assert row.pop("changed_since") == []
    del row["as_of"]
    assert row == story.now


def test_people_read_the_case_of_then_and_what_has_changed_since(
    stack: Settings, exchange: Exchange, story: Story
) -> None:
    """In Tianshui's time, numbers masked."""
    told = look(exchange, stack, NUMBER, "--as-of", story.moment.isoformat(), "--lang", "zh")
    then, _, since = told.stdout.partition("此后变化 · Changed since then")
    assert "2026-03-01 08:00:00" in then
    assert "申请表 已故人 死亡时间: 2026-03-01 08:00:00 → 2026-02-27 22:00:00" in since
    assert not any(number in told.stdout for number in (NUMBER, CARD))


def test_the_history_tells_every_record_its_answer_and_whom_it_was_told_to(
    stack: Settings, exchange: Exchange, story: Story
) -> None:
    """Nothing that departments were told is missing, nothing is added."""
    events = shown(exchange, stack, NUMBER, "--history")
    assert [(event["about"]["record_id"], event["receipt"]["status"]) for event in events] == [
        (PENSION[1]["record_id"], "ACCEPTED"),
        (DEATH[1]["record_id"], "ACCEPTED"),
        (AMENDED[1]["record_id"], "ACCEPTED"),
        (DEATH[1]["record_id"], "DUPLICATE"),
        (REVOKED[1]["record_id"], "ACCEPTED"),
        (ANEW[1]["record_id"], "ACCEPTED"),
    ]
    published = {d["id"] for _, _, d in read_all(stack, topics_of("matters"), {story.case_id})}
    assert {one["id"] for event in events for one in event["told"]} == published
    *_, revoked, anew = events
    assert revoked["corrected_by"] == record_id("death_certificate", "history anew")
    assert anew["corrects"] == record_id("death_certificate", "history revoked")
    assert {"what": "death", "field": "death_established", "before": True, "after": False} in revoked[
        "changes"
    ]


def test_people_read_the_history_as_a_story(stack: Settings, exchange: Exchange, story: Story) -> None:
    """Who did what, what came of it, and that it was a correction."""
    told = look(exchange, stack, story.case_id, "--history", "--lang", "zh")
    assert told.returncode == 0, told.stderr
    for wanted in (
        "市卫生健康委: 死亡证明 提交 r1 — 已接收",
        "死亡证明 提交 r1 — 重复提交，无新效果",
        "[更正] 市卫生健康委: 死亡证明 撤销 r3 — 已接收",
        "并非死而复生，也非再次死亡",
        "须办 签收通知",
    ):
        assert wanted in told.stdout
    assert not any(number in told.stdout for number in (NUMBER, CARD))


@pytest.mark.parametrize("way", ["--as-of", "--history"])
def test_a_look_at_the_past_is_on_record_with_its_reason(
    stack: Settings, exchange: Exchange, story: Story, way: str
) -> None:
    """Whoever sees the numbers as they were then also has to say why."""
    words = (way, story.moment.isoformat()) if way == "--as-of" else (way,)
    actor = f"auditor {way}"
    rows = shown(exchange, stack, NUMBER, *words, "--unmask", "--reason", "核查更正", "--actor", actor)
    assert CARD in str(rows)
    (noted,) = [record for record in access_records(stack) if record["actor"] == actor]
    assert (noted["command"], noted["case_id"], noted["unmasked"]) == ("case", story.case_id, True)
    assert noted["reason"] == "核查更正"
    assert {"accounts.card_account_no", "deceased.death_time"} <= set(noted["fields"])
    assert CARD not in str(noted)


def test_of_whom_nothing_was_known_then_it_is_said_and_on_record(
    stack: Settings, exchange: Exchange, story: Story
) -> None:
    """Exit code 1 and one line: not known then is another thing than not known."""
    before = (story.moment - timedelta(days=1)).isoformat()
    told = look(exchange, stack, NUMBER, "--as-of", before, "--json", "--actor", "too early")
    assert (told.returncode, told.stdout) == (1, "")
    assert "Nothing was known" in told.stderr
    assert NUMBER not in told.stderr
    (noted,) = [record for record in access_records(stack) if record["actor"] == "too early"]
    assert (noted["case_id"], noted["fields"]) == (story.case_id, [])


@pytest.mark.parametrize("way", [("--history",), ("--as-of", "2026-01-01")])
def test_nobody_has_no_past(stack: Settings, exchange: Exchange, way: tuple[str, ...]) -> None:
    """One line and exit code 1, as of the present."""
    told = look(exchange, stack, NOBODY, *way, "--json")
    assert (told.returncode, told.stdout, told.stderr) == (
        1,
        "",
        "没有这个办件。\n  There is no such case.\n",
    )


@dataclass
class Told:
    """How much of the log was to be read."""

    offsets: int = 0

    def __call__(self, _read: int, total: int) -> None:
        """Note it."""
        self.offsets = total


def places(stack: Settings, keeps: dict[str, Keep], known: KnownSpots) -> tuple[list[Spot], int]:
    """Where messages are found, and how many offsets were read for it."""
    told = Told()
    found = CaseLog(stack, told).read(keeps, range(12), known)
    return [(one.topic(), one.partition(), one.offset()) for one in found], told.offsets


def filed(stack: Settings, story: Story) -> tuple[dict[str, Keep], KnownSpots]:
    """A person's records."""
    keeps = dict.fromkeys(
        (topic.name for topic in stack.city.catalogue.records), lambda m: m.key() == NUMBER.encode()
    )
    return keeps, record_spots(stack, story.case_id)


def told_of(stack: Settings, story: Story) -> tuple[dict[str, Keep], KnownSpots]:
    """What departments were told of a case."""
    keeps = dict.fromkeys(topics_of("matters"), lambda m: m.key() == story.case_id.encode())
    return keeps, IndexSpots(stack).of_case(story.case_id)


def answers_to(stack: Settings, _story: Story) -> tuple[dict[str, Keep], KnownSpots]:
    """A record's receipts: the first one's are two, since it was published twice."""
    word = DEATH[1]["record_id"].encode()
    keeps = dict.fromkeys(topics_of("receipts"), lambda m: word in m.value())
    return keeps, IndexSpots(stack).by_id(word.decode())


@pytest.mark.parametrize("asked", [filed, told_of, answers_to])
def test_where_indexes_point_to_is_all_that_the_log_has(
    stack: Settings,
    story: Story,
    asked: Callable[[Settings, Story], tuple[dict[str, Keep], KnownSpots]],
) -> None:
    """Else a part of a person's history would be missing, and nobody would know."""

    def agrees() -> bool:
        keeps, known = asked(stack, story)
        whole, all_offsets = places(stack, keeps, NOTHING_KNOWN)
        found, offsets = places(stack, keeps, known)
        assert len(whole) > 1
        assert found == whole, "also while the indexes are behind"
        assert offsets <= all_offsets
        return sum(len(spots.offsets) for spots in known.values()) == len(whole)

    wait_for("the indexes to have come so far", agrees)


def test_a_trace_by_any_id_is_the_same_with_and_without_the_index(stack: Settings, story: Story) -> None:
    """The index says where to look, and nothing that is shown."""
    with Registry(stack.registry) as registry:
        log, catalogue = CaseLog(stack), stack.city.catalogue
        plain, indexed = Tracer(log, registry, catalogue), Tracer(log, registry, catalogue, IndexSpots(stack))
        traces = plain.find(DEATH[1]["record_id"])
        assert indexed.find(DEATH[1]["record_id"]) == traces
        told = next(event.what["id"] for event in traces[0].events if event.kind == "matters")
        for some_id in (traces[0].receipt_id, str(told)):
            assert indexed.find(some_id) == plain.find(some_id) == traces[:1]


@pytest.mark.parametrize(
    ("words", "help_text"),
    [
        (("--as-of", "last week"), "2026-03-02T09:30:00+08:00"),
        (("--as-of", "2999-01-01T00:00:00Z"), "in the future"),
        (("--as-of", "2026-01-01", "--history"), "one of the two"),
    ],
)
def test_an_unfit_moment_is_wrong_usage_and_told_how_to_do_it_right(
    stack: Settings, exchange: Exchange, words: tuple[str, ...], help_text: str
) -> None:
    """Before anything is looked up."""
    told = look(exchange, stack, NUMBER, *words)
    assert (told.returncode, told.stdout) == (2, "")
    assert help_text in " ".join(told.stderr.replace("│", " ").split())
