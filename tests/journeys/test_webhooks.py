"""The portal is told what has moved on: signed, in order, at least once, and nothing of the person."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from exchange.runtime.settings import Settings
from tests.cases import HEIR, NAME, applied, given, resulted
from tests.journeys.live import Live
from tests.journeys.portal import TAKEN, Asked, Portal, Teller
from tests.people import QINZHOU, id_number
from tests.waiting import PATIENCE_S, wait_for

Exchange = Callable[..., subprocess.CompletedProcess[str]]
_NOTING = """
FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE notifier.deliveries SET%'
"""


def person(sequence: int) -> str:
    """A number that no other journey uses."""
    return id_number(QINZHOU, date(1931, 5, 6), sequence)


def ask(settings: Settings, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """What the notifier's tables say."""
    with psycopg.connect(settings.postgres) as connection:
        return connection.execute(query.encode(), parameters or None).fetchall()


def do(settings: Settings, statement: str) -> None:
    """Change the notifier's tables."""
    with psycopg.connect(settings.postgres) as connection:
        connection.execute(statement.encode())


def state_of(settings: Settings, webhook_id: str) -> str:
    """Where a delivery stands."""
    ((state,),) = ask(settings, "SELECT state FROM notifier.deliveries WHERE webhook_id = %s", webhook_id)
    return str(state)


@pytest.fixture
def portal() -> Iterator[Portal]:
    """One that takes everything, until a test says otherwise."""
    with Portal().serving() as portal:
        yield portal


@pytest.fixture
def teller(stack: Settings, portal: Portal, tmp_path: Path) -> Iterator[Teller]:
    """A notifier that was never there before; afterwards nothing is left of it."""
    do(stack, "DROP SCHEMA IF EXISTS notifier CASCADE")
    teller = Teller(stack, portal, tmp_path)
    try:
        yield teller
    finally:
        teller.kill()
        do(stack, "DROP SCHEMA IF EXISTS notifier CASCADE")


@pytest.fixture
def live(stack: Settings) -> Live:
    """The verbs."""
    return Live(stack)


def test_what_moves_on_is_told_signed_and_only_what_moved(live: Live, portal: Portal, teller: Teller) -> None:
    """The first time all matters, then the one; nothing that happened before anybody was to be told."""
    earlier, hers = person(801), person(802)
    live.publish(given("death_certificate", "hook 1", id_number=earlier))
    teller.start()
    live.publish(given("death_certificate", "hook 2", id_number=hers))
    live.publish(applied(9, label="hook 2", id_number=hers))
    live.publish(resulted(9, label="hook 2", id_number=hers))
    case_id = live.case_id(hers)
    portal.wait_for(lambda: len(portal.of(case_id)) >= 3)
    first, *_, last = [one.verified() for one in portal.of(case_id)]
    assert first["type"] == "case.progress_changed"
    assert {one["matter"] for one in first["data"]["changed"]} > {1, 3, 9}
    assert last["data"]["changed"] == [{"matter": 9, "situation": "done", "state": "COMPLETED"}]
    assert not portal.of(live.case_id(earlier))
    assert [line["status"] for line in teller.lines("begins_at_the_end_of_the_log")] == ["first_start"]


def test_a_signature_by_another_secret_is_refused(live: Live, portal: Portal, teller: Teller) -> None:
    """The check that all other tests rely on can fail."""
    teller.start()
    live.publish(given("death_certificate", "hook 3", id_number=person(803)))
    portal.wait_for(lambda: bool(portal.asked))
    with pytest.raises(WebhookVerificationError):
        portal.asked[0].verified("whsec_" + "b2" * 16 + "bw==")


def test_what_the_portal_refuses_comes_again_in_order_and_holds_up_no_other_case(
    live: Live, portal: Portal, teller: Teller
) -> None:
    """Errors, redirects and `gone` alike; under the same id, and the case's next change waits for it."""
    hers, his = person(804), person(805)
    case_id, other = live.case_id(hers), live.case_id(his)
    answers = iter([500, 301, 410])
    healed = threading.Event()

    def answer(asked: Asked) -> int:
        return TAKEN if asked.case_id != case_id or healed.is_set() else next(answers, 503)

    portal.answer = answer
    teller.start()
    live.publish(given("death_certificate", "hook 4", id_number=hers))
    portal.wait_for(lambda: len(portal.of(case_id)) >= 3)
    live.publish(
        applied(9, label="hook 4", id_number=hers), given("death_certificate", "hook 5", id_number=his)
    )
    portal.wait_for(lambda: bool(portal.taken(other)))
    assert len({one.webhook_id for one in portal.of(case_id)}) == 1
    healed.set()
    portal.wait_for(lambda: len(portal.taken(case_id)) >= 2)
    told = portal.of(case_id)
    first, second = portal.taken(case_id)
    assert {one.webhook_id for one in told if one is not second} == {first.webhook_id}
    assert first.webhook_id != second.webhook_id
    assert first.notice["timestamp"] < second.notice["timestamp"]
    assert [one.answer for one in told[:3]] == [500, 301, 410]
    stamps = [int(one.headers["webhook-timestamp"]) for one in told]
    assert stamps == sorted(stamps)
    assert stamps[0] < stamps[-1]
    assert [line["error"] for line in teller.lines("portal_wants_no_webhooks")] == ["status_410"]


def test_nothing_of_the_person_is_in_what_is_sent_kept_or_logged(
    stack: Settings, live: Live, portal: Portal, teller: Teller
) -> None:
    """Case id and codes, in the body, the headers, the tables and the log."""
    hers = person(806)
    teller.start()
    live.publish(
        given("medical_insurance", "hook 6", id_number=hers),
        given("death_certificate", "hook 6", id_number=hers),
        applied(7, 9, label="hook 6", id_number=hers),
        resulted(7, label="hook 6", id_number=hers, amount_fen=123_405, document_no="天医〔2026〕806号"),
        resulted(9, "REJECTED", label="hook 6", id_number=hers, reason="请欧阳晓岚补签"),
    )
    case_id = live.case_id(hers)

    def is_told() -> bool:
        entries = [entry for one in portal.taken(case_id) for entry in one.notice["data"]["changed"]]
        return {"matter": 9, "situation": "rejected", "state": "REJECTED"} in entries

    portal.wait_for(is_told)
    kept = ask(stack, "SELECT * FROM notifier.deliveries, notifier.digests")
    everything = f"{portal.asked}{kept}{teller.log.read_text('utf-8')}"
    assert case_id in everything
    for hidden in (hers, NAME, HEIR["name"], HEIR["id_number"], "123405", "天医", "欧阳晓岚", "脑出血"):
        assert str(hidden) not in everything
    assert set(portal.of(case_id)[0].headers) == {
        *("host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent"),
        *("webhook-id", "webhook-timestamp", "webhook-signature"),
    }


def test_killed_while_the_portal_answers_it_tells_the_same_again_under_the_same_id(
    live: Live, portal: Portal, teller: Teller
) -> None:
    """Nobody knows whether it was heard: so it is said again, and the portal knows it by its id."""
    case_id = live.case_id(person(807))
    reached, may_answer = threading.Event(), threading.Event()

    def answer(asked: Asked) -> int:
        if asked.case_id == case_id and not may_answer.is_set():
            reached.set()
            may_answer.wait(PATIENCE_S)
        return TAKEN

    portal.answer = answer
    teller.start()
    live.publish(given("death_certificate", "hook 7", id_number=person(807)))
    assert reached.wait(PATIENCE_S)
    teller.kill()
    may_answer.set()
    portal.wait_for(lambda: len(portal.taken(case_id)) == 1)
    live.publish(applied(9, label="hook 7", id_number=person(807)))  # while nobody is there
    teller.start()
    portal.wait_for(lambda: len({one.webhook_id for one in portal.taken(case_id)}) == 2)
    ids = [one.webhook_id for one in portal.taken(case_id)]
    assert ids[0] == ids[1] != ids[2]
    assert len(ids) == 3


def test_killed_between_the_answer_and_its_note_it_tells_the_same_again(
    stack: Settings, live: Live, portal: Portal, teller: Teller
) -> None:
    """The note is held up by a lock, so that the moment is hit each time."""
    hers = person(808)
    case_id = live.case_id(hers)
    reached, may_answer = threading.Event(), threading.Event()

    def answer(asked: Asked) -> int:
        reached.set()
        may_answer.wait(PATIENCE_S)
        return TAKEN

    portal.answer = answer
    teller.start()
    live.publish(given("death_certificate", "hook 8", id_number=hers))
    assert reached.wait(PATIENCE_S)
    with psycopg.connect(stack.postgres) as connection:
        connection.execute("SELECT FROM notifier.deliveries FOR UPDATE")
        may_answer.set()
        wait_for("the note to wait for the lock", lambda: bool(ask(stack, f"SELECT pid {_NOTING}")))
        teller.kill()
        # PostgreSQL would not notice while it waits, and would note the answer of one who is dead.
        do(stack, f"SELECT pg_terminate_backend(pid) {_NOTING}")
        wait_for("the note to be made", lambda: not ask(stack, f"SELECT pid {_NOTING}"))
    assert len(portal.taken(case_id)) == 1
    teller.start()
    portal.wait_for(lambda: len(portal.taken(case_id)) == 2)
    assert len({one.webhook_id for one in portal.of(case_id)}) == 1
    webhook_id = portal.of(case_id)[0].webhook_id
    wait_for("the delivery", lambda: state_of(stack, webhook_id) == "DELIVERED")


def test_stopped_in_order_it_goes_on_where_it_was(
    stack: Settings, live: Live, portal: Portal, teller: Teller
) -> None:
    """What happened while it was away is told; what was told is not, and is forgotten after a month."""
    hers = person(809)
    case_id = live.case_id(hers)
    teller.start()
    live.publish(given("death_certificate", "hook 9", id_number=hers))
    portal.wait_for(lambda: bool(portal.taken(case_id)))
    assert teller.stop() == 0
    do(stack, "UPDATE notifier.deliveries SET closed_at = now() - interval '31 days'")
    live.publish(applied(9, label="hook 9", id_number=hers))
    teller.start()
    portal.wait_for(lambda: len(portal.taken(case_id)) >= 2)
    assert teller.stop() == 0
    ids = [one.webhook_id for one in portal.of(case_id)]
    assert len(ids) == len(set(ids)) == 2
    kept = ask(stack, "SELECT webhook_id, state FROM notifier.deliveries WHERE case_id = %s", case_id)
    assert kept == [(ids[1], "DELIVERED")]


def test_a_topic_that_was_made_anew_is_followed_from_its_end_and_the_log_says_so(
    stack: Settings, live: Live, portal: Portal, teller: Teller
) -> None:
    """What a restored log says again is not news; what is pending is told all the same."""
    hers, his = person(810), person(811)
    portal.answer = lambda _: 500
    teller.start()
    live.publish(given("death_certificate", "hook 10", id_number=hers))
    portal.wait_for(lambda: bool(portal.of(live.case_id(hers))))
    teller.stop()
    do(stack, "UPDATE notifier.life SET topic_id = 'another log'")
    live.publish(given("death_certificate", "hook 11", id_number=his))
    portal.answer = lambda _: TAKEN
    teller.start()
    statuses = [line["status"] for line in teller.lines("begins_at_the_end_of_the_log")]
    assert statuses == ["first_start", "log_made_anew"]
    portal.wait_for(lambda: bool(portal.taken(live.case_id(hers))))
    assert not portal.of(live.case_id(his))


def test_what_is_dead_is_seen_in_status_and_is_sent_again_or_closed_by_a_person(
    stack: Settings, exchange: Exchange, live: Live, portal: Portal, teller: Teller
) -> None:
    """Yellow, with what to type; the case's next change goes past it."""
    hers, his = person(812), person(813)
    portal.answer = lambda _: 500
    teller.start()
    for number, label in ((hers, "hook 12"), (his, "hook 13")):
        live.publish(given("death_certificate", label, id_number=number))
        portal.wait_for(partial(portal.of, live.case_id(number)))
    # As if it had failed for four days; the next attempt, which is made at once, is the last.
    teller.stop()
    do(stack, "UPDATE notifier.deliveries SET attempts = 15, next_attempt_at = now()")
    teller.start()
    dead = "SELECT count(*) FROM notifier.deliveries WHERE state = 'DEAD'"
    wait_for("the dead letters", lambda: ask(stack, dead) == [(2,)])
    home = ("--home", str(stack.home))

    def problems() -> set[str]:
        told = json.loads(exchange("status", "--json", *home).stdout)
        return {one["code"] for one in told["problems"]}

    wait_for("the problem in status", lambda: "webhooks_undelivered" in problems())
    assert len(teller.lines("webhook_dead")) == 2
    listed = exchange("webhooks", "list", "--json", *home).stdout.splitlines()
    found = {row["case_id"]: row for row in map(json.loads, listed)}
    assert found[live.case_id(hers)]["state"] == "DEAD"
    assert found[live.case_id(hers)]["problem"] == "status_500"
    table = exchange("webhooks", "list", "--lang", "zh", *home).stdout
    assert "已停止重试" in table
    portal.answer = lambda _: TAKEN
    live.publish(applied(9, label="hook 12", id_number=hers))
    portal.wait_for(lambda: len(portal.taken(live.case_id(hers))) == 1)
    hers_id, his_id = (found[live.case_id(number)]["webhook_id"] for number in (hers, his))
    assert exchange("webhooks", "retry", hers_id, *home).returncode == 0
    portal.wait_for(lambda: hers_id in {one.webhook_id for one in portal.taken(live.case_id(hers))})
    closed = exchange("webhooks", "discard", his_id, "--reason", "门户已重新读取", "--actor", "运维 1", *home)
    assert closed.returncode == 0
    assert exchange("webhooks", "retry", his_id, *home).returncode == 1
    assert exchange("webhooks", "discard", "--all", *home).returncode == 2
    assert "webhooks_undelivered" not in problems()
    kept = ask(stack, "SELECT actor, reason FROM notifier.deliveries WHERE webhook_id = %s", his_id)
    assert kept == [("运维 1", "门户已重新读取")]


def test_where_nobody_is_told_the_command_says_how_to_begin(stack: Settings, exchange: Exchange) -> None:
    """No table, no traceback."""
    do(stack, "DROP SCHEMA IF EXISTS notifier CASCADE")
    told = exchange("webhooks", "list", "--home", str(stack.home))
    assert told.returncode == 1
    assert "EXCHANGE_WEBHOOK_URL" in told.stderr
