"""One attempt to tell the portal: what is sent, and what a silence, a refusal or a redirect comes to."""

import threading
from base64 import b64encode
from collections.abc import Iterator

import pytest

from consumers.notifier.attempts import AttemptOutcome
from consumers.notifier.sending import Sending
from consumers.notifier.tables import WebhookDelivery
from exchange.runtime.webhook_endpoint import Endpoint
from tests.journeys.portal import TAKEN, Asked, Portal
from tests.waiting import PATIENCE_S

OLD, NEW = b"o" * 24, b"n" * 32
BODY = '{"type":"case.progress_changed","data":{"case_id":"c1"}}'


def delivery(number: int = 1) -> WebhookDelivery:
    """One that is due."""
    return WebhookDelivery(number, f"msg_{number}", "c1", BODY, attempts=0)


@pytest.fixture
def portal() -> Iterator[Portal]:
    """One that takes everything, until a test says otherwise."""
    with Portal().serving() as portal:
        yield portal


def attempt(url: str, timeout_s: float = PATIENCE_S) -> AttemptOutcome:
    """What one attempt comes to."""
    with Sending(Endpoint(url, (NEW, OLD)), timeout_s, at_once=1) as sending:
        return sending.begin(delivery()).result(PATIENCE_S)


def test_what_is_taken_was_signed_with_each_key(portal: Portal) -> None:
    """A portal that has only one of two verifies all the same, while a secret is replaced."""
    assert attempt(portal.url) == AttemptOutcome()
    (asked,) = portal.asked
    assert asked.body == BODY
    assert asked.webhook_id == "msg_1"
    for key in (NEW, OLD):
        assert asked.verified("whsec_" + b64encode(key).decode())["data"] == {"case_id": "c1"}


def test_a_redirect_is_a_failure_and_is_not_followed(portal: Portal) -> None:
    """Else whoever answers there would be told, whoever that is."""
    portal.answer = lambda _: 307
    assert attempt(portal.url) == AttemptOutcome("status_307")
    assert len(portal.asked) == 1


def test_a_portal_that_is_silent_or_not_there_has_failed(portal: Portal) -> None:
    """Only the kind of trouble is named: the address may hold a token."""
    may_answer = threading.Event()

    def answer(_: Asked) -> int:
        may_answer.wait(PATIENCE_S)
        return TAKEN

    portal.answer = answer
    assert attempt(f"{portal.url}?token=t", timeout_s=0.2) == AttemptOutcome("ReadTimeout")
    may_answer.set()
    assert attempt("http://127.0.0.1:1/hooks") == AttemptOutcome("ConnectError")


def test_whatever_goes_wrong_is_an_attempt_that_has_failed() -> None:
    """An address that only the socket finds impossible ends no process: it counts, and dies in the end."""
    assert attempt("http://portal..cn/hooks").problem is not None


def test_an_answer_that_is_slow_holds_up_no_other(portal: Portal) -> None:
    """The second comes back while the first still waits."""
    may_answer = threading.Event()

    def answer(asked: Asked) -> int:
        if asked.webhook_id == "msg_1":
            may_answer.wait(PATIENCE_S)
        return TAKEN

    portal.answer = answer
    with Sending(Endpoint(portal.url, (NEW,)), PATIENCE_S, at_once=2) as sending:
        slow, quick = sending.begin(delivery(1)), sending.begin(delivery(2))
        assert quick.result(PATIENCE_S) == AttemptOutcome()
        assert not slow.done()
        may_answer.set()
        assert slow.result(PATIENCE_S) == AttemptOutcome()
