"""The first line of `exchange status`, and what it tells an operator to do."""

from dataclasses import replace
from datetime import UTC, datetime

from consumers.log.outside_transactions import OpenTransaction
from consumers.operations.failed_logins import FailedLogins
from consumers.operations.overview import (
    Brokers,
    Overview,
    Owed,
    Quarantined,
    Reconciled,
    Webhooks,
    Withdrawn,
)
from consumers.operations.part_views import PartView
from consumers.operations.verdict import MUCH_BEHIND, Problem, nothing_runs, problems_of, verdict
from tests.cells import each_cell

JOINER = PartView("joiner", 17, "healthy", 0, "http://127.0.0.1:40001", None, 0)
BROKERS = Brokers(alive=3, missing=0, underreplicated=0)
OWED = Owed({("RECOVER", "OPEN"): 2}, 60.0)
REFUSED = Quarantined({"police": 3}, 0)
SEEN = Reconciled(age_seconds=2.0, missing=1, not_healed=0, healed=4)
WAITING = Webhooks(pending=2, dead=0, oldest_seconds=60.0)
WELL = Overview(BROKERS, OWED, REFUSED, SEEN, 0.8, WAITING, registry=True)
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LATE = Owed({("RECOVER", "OPEN"): 2, ("RESOLVE_CONFLICT", "LATE"): 1}, 60.0)


def found(part: PartView = JOINER, overview: Overview = WELL) -> tuple[Problem, ...]:
    return problems_of((part,), overview, "/home/logs")


def test_all_is_well_where_there_is_ordinary_work_to_do() -> None:
    """Tasks in their time and refused records in quarantine are daily business, no fault."""
    assert found() == ()
    assert found(overview=replace(WELL, webhooks=None)) == ()
    assert verdict(found()) == "green"


@each_cell(
    ("part", "code", "colour"),
    [
        (replace(JOINER, health="unhealthy", waits_for="work_loop_hangs"), "part_hangs", "red"),
        (replace(JOINER, health="restarting", pid=None), "part_down", "red"),
        (replace(JOINER, health="starting", waits_for="starting"), "part_starting", "yellow"),
        (replace(JOINER, waits_for="waits_and_tries_again"), "part_not_ready", "yellow"),
        (replace(JOINER, waits_for="no_answer_in_time"), "part_unanswered", "yellow"),
        (replace(JOINER, restarts=3), "part_restarts", "yellow"),
        (
            replace(JOINER, health="unhealthy", waits_for="processes_stopped", stopped=(17, 18)),
            "part_stopped",
            "red",
        ),
        (replace(JOINER, behind=MUCH_BEHIND + 1), "lag_high", "yellow"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_trouble_of_a_part_is_told_by_its_name(part: PartView, code: str, colour: str) -> None:
    """An operator sees at once which part it is."""
    problems = found(part)
    assert [problem.code for problem in problems] == [code]
    assert "joiner" in problems[0].what.zh
    assert "joiner" in problems[0].what.en
    assert verdict(problems) == colour


@each_cell(
    ("overview", "code", "colour"),
    [
        (replace(WELL, brokers=None), "brokers_away", "red"),
        (replace(WELL, brokers=Brokers(2, 1, 180)), "broker_missing", "yellow"),
        (replace(WELL, brokers=Brokers(3, 0, 4)), "underreplicated", "yellow"),
        (replace(WELL, owed=None), "read_model_away", "red"),
        (replace(WELL, quarantined=replace(REFUSED, rules_failed=1)), "rule_failed", "yellow"),
        (
            replace(WELL, owed=replace(OWED, oldest_withdrawal_seconds=90_000)),
            "withdrawal_unacknowledged",
            "yellow",
        ),
        (replace(WELL, owed=LATE), "tasks_late", "yellow"),
        (replace(WELL, reconciled=replace(SEEN, not_healed=1)), "record_missing", "red"),
        (replace(WELL, reconciled=replace(SEEN, age_seconds=301.0)), "reconciler_silent", "yellow"),
        (replace(WELL, webhooks=replace(WAITING, dead=1)), "webhooks_undelivered", "yellow"),
        (replace(WELL, webhooks=replace(WAITING, oldest_seconds=3601.0)), "webhooks_undelivered", "yellow"),
        (replace(WELL, disk_free_ratio=0.1), "disk_low", "yellow"),
        (replace(WELL, disk_free_ratio=0.01), "disk_full", "red"),
        (replace(WELL, registry=None), "registry_away", "red"),
        (
            replace(WELL, transactions=(OpenTransaction("records.cremation", 3, 4, AT),)),
            "outside_transaction_open",
            "yellow",
        ),
        (
            replace(WELL, withdrawn=(Withdrawn("records.cremation", (3, 5), 2, AT),)),
            "outside_transaction_taken_back",
            "yellow",
        ),
        (replace(WELL, failed_logins=FailedLogins(10, 2, AT)), "failed_logins", "yellow"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_trouble_of_the_whole_is_told(overview: Overview, code: str, colour: str) -> None:
    """Whatever needs a hand is on the one screen."""
    problems = found(overview=overview)
    assert [problem.code for problem in problems] == [code]
    assert verdict(problems) == colour


def test_where_no_notifier_runs_the_portal_is_told_nothing_by_trying_again() -> None:
    """The next step is one that can work."""
    waiting = replace(WELL, webhooks=replace(WAITING, dead=1))
    (told,) = found(overview=waiting)
    assert "EXCHANGE_WEBHOOK_URL" in told.do.en
    (told,) = found(replace(JOINER, name="notifier"), waiting)
    assert "retry --all" in told.do.en


def test_where_the_database_hangs_it_is_said_what_publish_sees() -> None:
    """Nobody reads that records are taken while the registry refuses them."""
    hung = found(overview=replace(WELL, registry=None, owed=None, quarantined=None, reconciled=None))
    assert [problem.code for problem in hung] == ["registry_away", "read_model_away"]
    told = " ".join(problem.what.en + problem.do.en for problem in hung)
    assert "publish` and reading commands fail" in told
    assert "postgres" in told
    assert "Records are still processed" not in told
    (alone,) = found(overview=replace(WELL, owed=None))
    assert "Records are still processed" in alone.do.en


def test_an_outsiders_transactions_are_named_by_their_place() -> None:
    """Topic, partitions and moment are what its department can look for."""
    still = tuple(OpenTransaction("records.cremation", number, 4, AT) for number in (3, 5))
    back = (Withdrawn("records.notary", (7,), 2, AT),)
    told = found(overview=replace(WELL, transactions=still, withdrawn=back))
    assert [problem.code for problem in told] == [
        "outside_transaction_open",
        "outside_transaction_taken_back",
    ]
    for words in (told[0].what.zh, told[0].what.en):
        assert "records.cremation/3,5" in words
        assert "8" in words
        assert "2026-03-02 09:30:00" in words
    for words in (told[1].what.zh, told[1].what.en):
        assert "records.notary/7" in words
        assert "2026-03-02 09:30:00" in words
    (unknown,) = found(overview=replace(WELL, transactions=(replace(still[0], since=None),)))
    assert "None" not in unknown.what.zh + unknown.what.en


def test_many_failed_logins_are_told_with_number_addresses_and_moment_and_a_few_are_not() -> None:
    """A mistyped password is nobody's business."""
    assert found(overview=replace(WELL, failed_logins=FailedLogins(9, 1, AT))) == ()
    assert found(overview=replace(WELL, failed_logins=FailedLogins(0, 0, None))) == ()
    (told,) = found(overview=replace(WELL, failed_logins=FailedLogins(57, 41, AT)))
    for words in (told.what.zh, told.what.en):
        assert "57" in words
        assert "41" in words
        assert "2026-03-02 09:30:00" in words
    assert "/home/logs" in told.do.zh
    assert "/home/logs" in told.do.en


def test_what_is_broken_comes_first() -> None:
    """A person who reads one line reads the one that matters."""
    troubled = found(replace(JOINER, restarts=9), replace(WELL, brokers=None))
    assert [problem.code for problem in troubled] == ["brokers_away", "part_restarts"]
    assert verdict(troubled) == "red"


def test_nothing_at_all_is_red_and_says_how_to_start() -> None:
    """Somebody who looks for the exchange and finds none learns what to type."""
    assert verdict([nothing_runs()]) == "red"
    assert "exchange up" in nothing_runs().do.en
