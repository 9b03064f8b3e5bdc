"""The story that people read."""

from collections.abc import Sequence
from dataclasses import replace
from io import StringIO

from rich.console import Console

from consumers.history.changes import changes
from consumers.history.events import CaseEvent, masked_event
from exchange.command.views.changes import ChangeLines
from exchange.command.views.history import HistoryView
from exchange.desk.past_rows import event_row
from exchange.domain.policy import load_policy
from tests.case_documents import case_document, filled, form, matter
from tests.cases import given, next_of, record_id
from tests.consumers.history.past_world import PastWorld
from tests.people import LI_XIULAN, id_number
from topics.labels import Language

POLICY = load_policy()
DEATH = given("death_certificate")


def shown(events: Sequence[CaseEvent], language: Language = "zh") -> str:
    """The story as text."""
    out = StringIO()
    console = Console(file=out, width=220, markup=False, highlight=False)
    for part in HistoryView(POLICY, language).render(events):
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def corrected() -> PastWorld:
    """A certificate revoked and issued anew."""
    world = PastWorld()
    world.publish(given("social_insurance"))
    world.publish(DEATH)
    world.publish(next_of(DEATH, "REVOKED", "revoked"))
    world.publish(given("death_certificate", "anew", death_time="2026-02-28T22:00:00+08:00"))
    return world


def test_one_line_says_when_who_what_and_how_it_was_answered() -> None:
    """In Tianshui's time; the rest stands below it."""
    text = shown(corrected().history())
    assert "2026-07-02 08:00:02  市卫生健康委: 死亡证明 提交 r1 — 已接收" in text
    assert "死亡事实成立 · The death is established" in text
    assert "待部门共享数据 → 可申办 · ready to apply: 2 出具火化证；3 户口注销；4 " in text
    assert "已通知 可申办 · ready to apply: 市民政局 (2)；市公安局 (3)；市人社局 (4、5)；市司法局 (9)" in text


def test_the_story_is_told_in_english_too() -> None:
    """The same lines."""
    text = shown(corrected().history(), "en")
    assert "Health Commission: death certificate submitted r1 — accepted" in text
    assert "Told ready to apply · 可申办: Civil Affairs Bureau (2); Public Security Bureau (3)" in text


def test_a_correction_reads_as_one() -> None:
    """Nobody is frightened by a second death."""
    lines = shown(corrected().history()).splitlines()
    marked = [line for line in lines if "[更正] 市卫生健康委" in line]
    assert ["撤销" in line for line in marked] == [True, False]
    assert "并非死而复生，也非再次死亡" in "".join(lines)
    assert "已通知 可申办 · ready to apply [更正]: " in "".join(lines)


def test_a_refusal_says_why_and_changes_nothing() -> None:
    """So that the department can put it right."""
    world = PastWorld()
    world.publish(DEATH)
    world.publish(given("death_certificate", death_cause="肺炎"))
    for language, status, why in (
        ("zh", "退回", "已用于另一内容"),
        ("en", "rejected", "stands for other content"),
    ):
        story = shown(world.history(), language).split(status)[1]
        assert why in story
        assert "已通知" not in story
        assert "Told" not in story


def test_a_held_record_names_the_doubt_and_what_else_is_held() -> None:
    """Names that differ hold every record that disagrees."""
    world = PastWorld()
    world.publish(DEATH)
    world.publish(given("cremation", name="别人"))
    text = shown(world.history())
    assert "市民政局: 火化证明 提交 r1 — 暂存待核" in text
    assert "死亡证明 提交 (市卫生健康委): 暂存待核" in text
    assert "须办 核实身份: 市政务服务中心" in text


def test_decisions_and_signatures_say_by_whom_and_on_what() -> None:
    """A named handler, with a reason; a signature, for what was withdrawn."""
    world = PastWorld()
    world.publish(DEATH)
    world.publish(given("decision", kind="MATTER_HELD", matter=3))
    withdrawn = next(one for one in world.told("police") if one["transition"] == "SUSPENDED")
    signature = given(
        "acknowledgement", department="police", announcement_id=withdrawn["id"], handler="王警官"
    )
    world.publish(signature)
    text = shown(world.history())
    assert "人工核定 暂停办理 3 户口注销 (综窗03、土葬) — 已接收" in text
    assert "市公安局: 签收 3 已中止 (王警官) — 已接收" in text
    assert "已办 签收通知: 市公安局 (3)" in text


def test_a_story_through_two_numbers_says_which_case_each_line_is_of() -> None:
    """And that another case has claimed the record."""
    world, right = PastWorld(), id_number(sequence=33)
    world.publish(DEATH)
    world.publish(next_of(DEATH, "AMENDED", "right", id_number=right))
    text = shown(world.history())
    assert f"{world.case_id(LI_XIULAN)} → {world.case_id(right)}" in text
    assert f"其他办件认领记录 ({world.case_id(right)})" in text
    assert "死亡证明 提交 (市卫生健康委): 改在其他办件中计入" in text
    starts = [line[:8] for line in text.splitlines()[2:]]
    assert {world.case_id(LI_XIULAN)[:8], world.case_id(right)[:8]} <= set(starts)


def test_a_masked_story_shows_no_number() -> None:
    """Whoever has no reason sees that it changed, and not to what."""
    world, card = PastWorld(), "6217003860000123456"
    insured = given("social_insurance", social_card={"account_no": card, "active": True})
    world.publish(insured)
    changed = {"account_no": card[::-1], "active": True}
    world.publish(next_of(insured, "AMENDED", "other", social_card=changed))
    events = world.history()
    assert card[::-1] in shown(events)
    text = shown([masked_event(event, POLICY) for event in events])
    assert "申请表 账户 银行账号: 621***56 → 654***26" in text
    assert not any(number in text for number in (card, card[::-1], LI_XIULAN))


def test_numbers_in_what_a_handler_wrote_are_masked_too() -> None:
    """They are masked as in the case: a reason may quote the paper that was shown."""
    world = PastWorld()
    world.publish(DEATH)
    world.publish(given("decision", kind="MATTER_HELD", matter=3, reason=f"原证号 {LI_XIULAN}"))
    events = world.history()
    assert LI_XIULAN in shown(events)
    masked = [masked_event(event, POLICY) for event in events]
    assert "原证号 620***" in shown(masked)
    assert LI_XIULAN not in shown(masked) + str([event_row(event) for event in masked])


def test_what_a_terminal_would_obey_is_not_passed_on() -> None:
    """A reason that a handler typed cannot hide a line."""
    world = PastWorld()
    world.publish(DEATH)
    (event,) = world.history()
    event = replace(
        event, about={**event.about, "type": "decision", "kind": "MATTER_HELD", "reason": "\x1b[2J"}
    )
    assert "\x1b" not in shown([event])


def test_changes_that_belong_together_stand_in_one_line() -> None:
    """What matters wait for, and materials, by what is the same of them."""
    wanted = [{"prerequisite": "death", "owed_by": ["health"], "since": None}]
    other = form()
    other["deceased"]["name"] = filled(None, "conflict")
    before = case_document(matters=[matter(n, "police", "READY") for n in (3, 11)])
    after = case_document(
        matters=[matter(n, "police", "SUSPENDED", waiting_for=wanted, materials=[]) for n in (3, 11)],
        form=other,
    )
    lines = list(ChangeLines(POLICY, "zh").lines(changes(before, after)))
    assert lines == [
        "可申办 → 已中止 · suspended: 3 户口注销；11 驾驶证注销",
        "事项 3、11: 等待 死亡事实",
        "申请表因数据冲突存疑: 已故人 姓名",
    ]


def test_the_record_that_brought_it_about_is_not_told_twice() -> None:
    """Its line stands above."""
    world = PastWorld()
    world.publish(DEATH)
    (event,) = world.history()
    lines = ChangeLines(POLICY, "zh")
    assert any("死亡证明" in line for line in lines.lines(event.changes))
    own = record_id("death_certificate")
    assert not any(
        line.startswith(("死亡证明", "新增: 死亡证明")) for line in lines.lines(event.changes, own=own)
    )
