"""What is answered instead: each problem in both languages, in the shape of RFC 9457, quoting nothing."""

import re
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from exchange.console import refusals
from exchange.console.api import outcomes
from exchange.serving import problems
from exchange.serving.language import language_of
from exchange.serving.problems import PROBLEM_JSON, ProblemError
from tests.cells import each_cell
from tests.docs.pages import ROOT
from tests.gateway.made_gateway import MadeGateway
from topics.labels import Words
from topics.yaml_text import read_yaml

WORDS = read_yaml((ROOT / "exchange/serving/problems.yaml").read_text(encoding="utf-8"))
CODES = set(WORDS["titles"])
USED = {
    code
    for room in ("serving", "gateway", "console")
    for path in (ROOT / "exchange" / room).rglob("*.py")
    for code in re.findall(r'(?:ProblemError|challenged)\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
} | {
    *problems._OF_STATUS.values(),
    *(code for code, *_ in (*refusals.REFUSED.values(), *outcomes._REFUSED.values())),
}
DETAILS = {
    "names": "day",
    "wanted": "x",
    "seconds": 1,
    "most": 8,
    "part": "kafka",
    "line": 3,
    "told": Words("甲", "x"),
}


def test_every_problem_that_may_be_answered_has_its_words_and_no_word_is_left_over() -> None:
    """Counted both ways."""
    assert USED == CODES == set(WORDS["details"])
    assert len(CODES) > 20


@each_cell("code", sorted(CODES))
def test_a_problem_has_the_members_of_rfc_9457_in_both_languages(code: str) -> None:
    """Neither language is the other's, and nothing in braces is left."""
    shown = {language: ProblemError(code, 400, **DETAILS).body(language) for language in ("zh", "en")}  # type: ignore[arg-type]
    for body in shown.values():
        assert list(body) == ["type", "title", "status", "detail", "code"]
        assert (body["type"], body["code"], body["status"]) == (f"/problems/{code}", code, 400)
        assert "{" not in f"{body['title']}{body['detail']}"
    for member in ("title", "detail"):
        assert re.search(r"[\u4e00-\u9fff]", str(shown["zh"][member]))
        assert not re.search(r"[\u4e00-\u9fff]", str(shown["en"][member]))


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.1, zh;q=0.9", "zh"),
        ("zh;q=0.1,en;q=0.9", "en"),
        ("fr,en;q=0.5", "en"),
        ("fr", "zh"),
        ("*", "zh"),
        ("EN", "en"),
        ("en;q=0", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        ("en;q=nan", "zh"),
        ("en;q=-1", "zh"),
        ("en;q=x", "zh"),
        (";;;,,,q=", "zh"),
    ],
)
def test_the_language_is_the_one_that_the_client_would_rather_have(accepted: str, language: str) -> None:
    """Chinese where it names neither."""
    request: Any = SimpleNamespace(headers={"accept-language": accepted})
    assert language_of(request) == language


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("DELETE", "/v1/catalogue", 405, "method_wrong"),
        ("GET", "/v1/receipts?day=x", 400, "parameter_wrong"),
        ("GET", "/v1/receipts", 400, "request_wrong"),
        ("GET", "/v1/receipts?day=2026-06-01", 503, "part_away"),
        ("GET", "/v1/announcements?from=x", 400, "parameter_wrong"),
        ("GET", "/v1/announcements?state=nope", 400, "parameter_wrong"),
        ("GET", "/v1/announcements?instance=%00", 400, "parameter_wrong"),
        ("GET", "/v1/announcements?county=%00", 400, "parameter_wrong"),
        ("GET", "/v1/announcements?after=x", 400, "position_wrong"),
        ("POST", "/v1/records/cremation", 415, "media_type_wrong"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(method: str, path: str, status: int, code: str) -> None:
    """With the name of the parameter as the client knows it, and never its value."""
    headers = {"Content-Type": "text/plain", "Accept-Language": "en"}
    found = MadeGateway().asked(method, path, "civil_affairs", headers=headers)
    assert (found.status_code, found.json()["code"]) == (status, code)
    assert found.headers["content-type"] == PROBLEM_JSON
    assert found.headers["cache-control"] == "no-store"
    if code == "parameter_wrong":
        name = path.partition("?")[2].partition("=")[0]
        assert found.json()["detail"] == f"These parameters are not as described: {name}."
    if status == 503:
        assert int(found.headers["retry-after"]) > 0


def test_a_fault_of_our_own_says_nothing_of_the_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its kind goes to the log, and the path without what stood in it."""
    made, person, log = MadeGateway(), "620502194803120246", Mock()
    monkeypatch.setattr(problems, "log", log)

    async def fail(*_: object) -> None:
        raise ZeroDivisionError(person)

    monkeypatch.setattr(made.gateway.intake, "take", fail)
    found = made.asked("POST", f"/v1/records/{person}", "civil_affairs", json={"id_number": person})
    assert (found.status_code, found.json()["code"]) == (500, "fault")
    (told,) = log.error.call_args_list
    assert told.kwargs["error"] == "ZeroDivisionError"
    assert person not in f"{found.text} {told}"
