"""The day's screens: the workbench, what was recalled, and what is handed out."""

import re
from datetime import timedelta
from typing import Any, cast

import pytest

from consumers.read_model.queue_reader import QueueCounts
from consumers.read_model.task_reader import TaskCount
from exchange.console.pages.handovers.counter import signature_page, usual_answers, waiting_page
from exchange.console.pages.recalls.inbox import inbox_page
from exchange.console.pages.workbench.bench import workbench_page
from exchange.desk.recalls import RecalledCase
from exchange.desk.workbench import OWED, OWED_BY_DEPARTMENTS, Workbench
from tests.case_documents import ESTABLISHED_AT, case_document, matter, task_document
from tests.console.pages.made_frames import frame
from tests.console.pages.read_page import Element, faults, find, read_page
from tests.console.pages.test_queue import line
from topics.labels import Language

CASE = "5d41402abc4b2a76b9719d911017c592"
HANDLER = ("department_handler", {"department": "police"})
WAITING = [
    line(4, state="COMPLETED", due=None),
    line(3, case_id="0" * 32, name=None, state="REJECTED"),
    line(5, state="COMPLETED"),
]


def bench(**more: Any) -> Workbench:
    """What there is to do."""
    counted = {
        "ACKNOWLEDGE": TaskCount("ACKNOWLEDGE", 3, 1),
        "RECOVER": TaskCount("RECOVER", 2, 1),
        "HAND_OUT": TaskCount("HAND_OUT", 6, 0),
        "RESOLVE_CONFLICT": TaskCount("RESOLVE_CONFLICT", 25, 0),
    }
    late = {"kind": "RESOLVE_CONFLICT", "state": "LATE", "case_id": CASE, "matter": None, "due": None}
    first = tuple(
        cast(Any, task_document(**(late | one))) for one in ({}, {"matter": 10, "instance": "甘肃银行"})
    )
    known: dict[str, Any] = {"tasks": counted, "listed": OWED, "first": first, "recalled": 4}
    known["names"] = {CASE: "高国栋"}
    return Workbench(queue=QueueCounts({"READY": 12, "APPLIED": 4}, due_today=7, late=8), **(known | more))


def numbers(page: Element) -> list[tuple[str, str]]:
    """Each number, and where its list is."""
    (counts,) = find(page, "ul", **{"class": "counts counts--bench box"})
    return [(find(one, "b")[0].text, one["href"]) for one in find(counts, "a")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_number_leads_to_its_list(language: Language) -> None:
    """With one click; the box for the scanner has the focus."""
    page = read_page(workbench_page(frame(language=language), bench()))
    assert faults(page) == []
    assert numbers(page) == [
        ("4", "/console/queue?due=recalled"),
        ("25", "#owed"),
        ("8", "/console/queue?due=late"),
        ("7", "/console/queue?due=today"),
        ("6", "/console/handovers"),
        ("12", "/console/queue?state=READY"),
    ]
    assert "autofocus" in find(page, "input", id="find")[0].attributes
    assert len(find(page, "a", href=f"/console/cases/{CASE}")) == 2
    (rows,) = find(page, "ul", **{"class": "rows rows--owed"})
    assert all("高国栋" in row.text and CASE[:8] in row.text for row in find(rows, "li"))


def test_a_department_has_its_own_numbers() -> None:
    """Its recalls are its inbox; it hands nothing out."""
    shown = numbers(read_page(workbench_page(frame(*HANDLER), bench(first=()))))
    assert [address for _, address in shown] == [
        "/console/recalls",
        "/console/queue?due=late",
        "/console/queue?due=today",
        "/console/queue?state=READY",
    ]


def test_what_a_department_owes_is_listed() -> None:
    """Its recalls, each with the inbox where it is signed for, and what it has to decide within its limit."""
    decide = {"kind": "DECIDE", "owed_by": "police", "case_id": CASE}
    first = tuple(cast(Any, task_document(**one)) for one in ({"owed_by": "police"}, decide))
    page = read_page(workbench_page(frame(*HANDLER), bench(listed=OWED_BY_DEPARTMENTS, first=first)))
    assert faults(page) == []
    assert find(page, "h2", id="owed")[0].text == "本处待办 5"
    signed, decided = find(find(page, "ul", **{"class": "rows rows--owed"})[0], "li")
    assert "签收通知" in signed.text
    assert [find(row, "a")[0]["href"] for row in (signed, decided)] == [
        "/console/recalls",
        f"/console/cases/{CASE}",
    ]


def test_where_nothing_is_owed_that_is_said() -> None:
    """Nobody is shown an empty box."""
    page = read_page(workbench_page(frame(), bench(tasks={}, first=(), recalled=0)))
    assert faults(page) == []
    assert "没有待办" in page.text
    assert {number for number, _ in numbers(page)} == {"0", "7", "8", "12"}


def recalled(**more: Any) -> RecalledCase:
    """A case of which something was recalled."""
    known: dict[str, Any] = {
        "case_id": CASE,
        "name": "孙继平",
        "county": "秦安县",
        "tasks": (task_document(), task_document("task-2", subject="announcement-2", matter=11)),
        "matters": (matter(3, "police", "SUSPENDED"), matter(11, "police", "COMPLETED", recovery=True)),
        "others_done": 1,
        "others_waiting": 2,
    }
    return RecalledCase(**(known | more))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_recall_is_signed_for_by_name_with_one_button(language: Language) -> None:
    """For all matters of a case; how many others have, and have not, stands below."""
    page = read_page(inbox_page(frame(*HANDLER, language=language), [recalled()]))
    assert faults(page) == []
    (box,) = find(page, "article")
    (form,) = find(box, "form", action="/console/recalls")
    assert [one["value"] for one in find(form, "input")] == ["announcement-1", "announcement-2"]
    assert "zhoumin" in form.text
    (foot,) = [one for one in find(box, "footer")]
    assert {"zh": "已签收1个，待签收2个", "en": "1 acknowledged, 2 not yet"}[language] in foot.text
    assert "孙继平" not in find(page, "title")[0].text


@pytest.mark.parametrize(
    ("state", "recovery", "said"),
    [
        ("READY", False, "现已继续办理："),
        ("APPLIED", False, "现已继续办理："),
        ("ACCEPTED", False, "现已继续办理："),
        ("COMPLETED", False, "现已继续办理："),
        ("REJECTED", False, "现已继续办理："),
        ("WAITING", False, "停止办理："),
        ("SUSPENDED", False, "停止办理："),
        ("NOT_APPLICABLE", False, "停止办理："),
        (None, False, "停止办理："),
    ],
)
def test_a_recall_says_what_is_true_of_its_matter_now(state: str | None, recovery: bool, said: str) -> None:
    """A death may have been recorded anew: then nobody is told to stop, nor that the family waits."""
    matters = () if state is None else (matter(3, "police", state, recovery=recovery),)
    text = read_page(inbox_page(frame(*HANDLER), [recalled(tasks=(task_document(),), matters=matters)])).text
    goes_on = said.startswith("现已")
    assert said in text
    assert ("停止审核和发放" in text) is ("暂不需要您做什么" in text) is not goes_on
    assert ("撤回后已继续办理" in text) is goes_on


def test_a_case_stops_while_one_of_its_matters_does() -> None:
    """The other is marked as going on."""
    matters = (matter(3, "police", "READY"), matter(11, "police", "SUSPENDED"))
    text = read_page(inbox_page(frame(*HANDLER), [recalled(matters=matters)])).text
    assert "停止办理：" in text
    assert text.count("撤回后已继续办理") == 1


def test_what_was_completed_is_recovered_not_only_signed_for() -> None:
    """What is acknowledged already is not asked for again."""
    owed = (task_document(kind="RECOVER", matter=11, due=ESTABLISHED_AT + timedelta(days=3)),)
    page = read_page(inbox_page(frame(*HANDLER), [recalled(tasks=owed, others_done=0, others_waiting=0)]))
    assert faults(page) == []
    assert "须追回：" in page.text
    assert not find(page, "form", action="/console/recalls")
    assert find(page, "a", href=f"/console/cases/{CASE}")
    assert "没有待签收" in inbox_page(frame(*HANDLER), [])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whoever_has_signed_is_told_so_first(language: Language) -> None:
    """By name; whoever has only come is not."""
    for signed in (True, False):
        page = read_page(inbox_page(frame(*HANDLER, language=language), [], signed=signed))
        assert faults(page) == []
        told = ["zhoumin" in one.text for one in find(page, "div", role="status")]
        assert told == [True] * signed


@pytest.mark.parametrize("language", ["zh", "en"])
def test_results_wait_family_by_family(language: Language) -> None:
    """One click leads to all of a family's results, ticked."""
    page = read_page(waiting_page(frame(language=language), WAITING, "onward"))
    assert faults(page) == []
    ways = find(page, "a", **{"class": "whole"})
    assert [one["href"].split("/")[3] for one in ways] == ["0" * 32, CASE]
    assert find(page, "a", href="/console/handovers?after=onward")
    empty = read_page(waiting_page(frame(language=language), []))
    assert faults(empty) == []
    assert not find(empty, "a", **{"class": "whole"})


def handed_out(delivery: str) -> Any:
    """A case of which results went out."""
    said = {"department": "police", "outcome": "COMPLETED", "document_no": "户销0001"}
    results = [{"record_id": f"result-{number}", **said} for number in (1, 2, 3)]
    return case_document(
        case_id=CASE,
        matters=[
            matter(3, "police", "COMPLETED", results=results[:1]),
            matter(10, "financial_regulation", "COMPLETED", instance="甘肃银行", results=results[1:2]),
            matter(9, "justice", "COMPLETED", results=results[2:]),
        ],
        handovers=[
            {
                "record_id": "handover-1",
                "recorded_at": ESTABLISHED_AT,
                "results": ["result-1", "result-2"],
                "delivery": delivery,
                "postal_no": "EX123456789CN" if delivery == "MAIL" else None,
                "recipient_name": "王建国",
                "handler": "zhangmin",
            }
        ],
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("delivery", ["WINDOW", "MAIL"])
def test_the_sheet_has_what_went_out_and_room_for_a_signature(delivery: str, language: Language) -> None:
    """Of what did not go out, nothing; by mail, the number of the mail."""
    case = handed_out(delivery)
    page = read_page(signature_page(frame(language=language), case, case["handovers"][0]))
    assert faults(page) == []
    (sheet,) = find(page, "article")
    assert len(find(find(sheet, "tbody")[0], "tr")) == 2
    assert ("EX123456789CN" in sheet.text) is (delivery == "MAIL")
    assert "王建国" in sheet.text
    assert "zhangmin" not in sheet.text, "who hands it out signs by hand: an account's name is no signature"
    assert {"zh": "经办人", "en": "handler"}[language] in find(sheet, "dl")[0].text.lower()
    told = [find(page, "title")[0].text, *(one["href"] for one in find(page, "a"))]
    assert not any("王建国" in one or re.search(r"\d{17}", one) for one in told)


def test_how_results_go_out_is_known_from_the_application() -> None:
    """As the last applicant wished; where nobody has applied, nothing is."""
    assert usual_answers(handed_out("MAIL")) == {"one.delivery": ["MAIL"], "text.recipient_name": ["王建国"]}
    assert usual_answers(cast(Any, case_document(applications=[]))) == {}
