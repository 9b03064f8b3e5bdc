"""The window's work on what families apply for: 预约, 初审 with 补正, 出件 by hand or by post, 诉求."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from producers.sample.clerk import Clerk, SampleLine

_TO_CORRECT = (
    "户口簿缺少索引页，请补充",
    "申请表收款账户一栏未填写开户银行名称",
    "委托代办的，请补充授权委托书",
)
_ASKED = ("请问什么时候能办结？", "材料已在线补传，请问是否收到？", "能否改为邮寄送达？")
_REPLY = "已转办理部门，在规定时限内办结后由窗口统一发放。"
_CARRIED = ("id_number", "id_type", "name", "county")
"""The window writes of whom it is about as the application does."""


def window_work(clerk: Clerk, story: list[SampleLine], *, all_of_it: bool) -> list[SampleLine]:
    """What the window did for the applications of a story; `all_of_it`: nothing is left to chance."""
    results = [one for one in story if one["type"] == "result" and one["record"]["outcome"] == "COMPLETED"]
    lines: list[SampleLine] = []
    for application in (one["record"] for one in story if one["type"] == "application"):
        filed = datetime.fromisoformat(application["recorded_at"])
        if application["channel"] == "HOME_VISIT" or all_of_it or clerk.chance(0.1):
            lines.append(_appointment(clerk, application, filed))
        if application["channel"] != "ONLINE":
            lines += _examinations(clerk, application, filed, asks=all_of_it or clerk.chance(0.2))
        if results and (all_of_it or clerk.chance(0.8)):
            lines.append(_handover(clerk, application, [one["record"] for one in results]))
        if all_of_it or clerk.chance(0.15):
            lines += _enquiry(
                clerk, application, clerk.after(filed, 2, 6), closes=all_of_it or clerk.chance(0.6)
            )
    return lines


def _line(clerk: Clerk, record_type: str, of: dict[str, Any], at: datetime, **own: Any) -> SampleLine:
    about = {name: of[name] for name in _CARRIED if name in of}
    header = {"record_id": clerk.record_id(), "recorded_at": at.isoformat(), **about}
    return {"type": record_type, "record": {**header, **own, "handler": clerk.pick(clerk.places.handlers)}}


def _appointment(clerk: Clerk, application: dict[str, Any], filed: datetime) -> SampleLine:
    visit = application["channel"] == "HOME_VISIT"
    applicant = application["applicant"]
    place = applicant["residential_address"] if visit else application.get("window")
    return _line(
        clerk,
        "appointment",
        application,
        filed - timedelta(days=1, hours=1),
        scheduled_at=filed.isoformat(),
        place=place or clerk.pick(clerk.places.windows),
        channel="HOME_VISIT" if visit else "WINDOW",
        applicant_name=applicant["name"],
        applicant_phone=applicant["phone"],
    )


def _examinations(
    clerk: Clerk, application: dict[str, Any], filed: datetime, *, asks: bool
) -> Iterable[SampleLine]:
    """What is in order at once, or once the family has put it right."""
    about = {"application": application["record_id"]}
    seen = [{"kind": one["kind"], "original_sighted": True} for one in application["materials"]]
    first = filed + timedelta(minutes=clerk.rng.randint(10, 50))
    if asks:
        missing = clerk.rng.sample(_TO_CORRECT, clerk.rng.randint(1, 2))
        yield _line(clerk, "examination", application, first, **about, to_correct=missing)
        first = clerk.after(first, 1, 3)
    yield _line(clerk, "examination", application, first, **about, materials=seen)


def _handover(clerk: Clerk, application: dict[str, Any], results: list[dict[str, Any]]) -> SampleLine:
    """One window hands out all results; what comes later is handed out later."""
    last = max(datetime.fromisoformat(one["recorded_at"]) for one in results)
    by_post = application["delivery"] == "MAIL"
    return _line(
        clerk,
        "handover",
        application,
        clerk.after(last, 1, 2),
        results=[one["record_id"] for one in results],
        delivery=application["delivery"],
        recipient_name=application["applicant"]["name"],
        **({"postal_no": f"1{clerk.digits(12)}"} if by_post else {}),
    )


def _enquiry(
    clerk: Clerk, application: dict[str, Any], asked_at: datetime, *, closes: bool
) -> Iterable[SampleLine]:
    text = clerk.pick(_ASKED)
    asked = _line(clerk, "enquiry", application, asked_at, text=text)
    yield asked
    if closes:
        closed_at = clerk.after(asked_at, 1, 3).isoformat()
        about = {"action": "AMENDED", "revision": 2, "supersedes": asked["record"]["record_id"]}
        yield clerk.anew(asked, **about, recorded_at=closed_at, closed_at=closed_at, reply=_REPLY)
