"""What people read."""

from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from consumers.labels.words import department_words, for_people, in_lines, matter_words, record_words, words
from consumers.privacy.masking import masked_case
from exchange.command.views.announcements import announcement_line
from exchange.command.views.case import CaseView
from exchange.domain.policy import load_policy
from tests.case_documents import (
    BANK,
    ESTABLISHED_AT,
    announcement_document,
    as_at_first,
    case_document,
    filled,
    matter,
)
from tests.cases import applied, examined, given, handed_over, resulted
from tests.cases import document as made
from tests.cells import each_cell
from tests.people import LI_XIULAN
from tests.unseen import BLANKS, GOOD_NAMES, LINE_BREAKS, SHAPELESS, TURNING
from topics.labels import Language

POLICY = load_policy()


def shown(document: dict[str, object], language: Language = "zh") -> str:
    """The view as text."""
    out = StringIO()
    console = Console(file=out, width=240, markup=False, highlight=False)
    for part in CaseView(POLICY, language, ESTABLISHED_AT.date()).render(document):
        console.print(part)
    return out.getvalue()


def test_a_case_says_when_death_was_established_and_by_what() -> None:
    """The first thing a handler looks for, in Tianshui's time."""
    text = shown(case_document())
    assert "死亡事实已成立 · Death established  2026-01-05 10:30:00" in text
    assert "死亡证明 (市卫生健康委)" in text
    assert "北京时间" in text
    assert "火化证明" in text


def test_a_case_without_an_established_death_says_so() -> None:
    """Records of the living also come."""
    text = shown(case_document(death_established=False, established_at=None))
    assert "死亡事实未成立 · Death not established" in text


def test_a_matter_is_named_and_its_state_told_in_both_languages() -> None:
    """Handlers and visitors read the same line."""
    text = shown(case_document())
    for words_wanted in (
        "户口注销",
        "Cancellation of household registration",
        "可申办 · ready to apply",
        BANK,
    ):
        assert words_wanted in text


RESULT = {
    "record_id": "r",
    "department": "provident_fund",
    "recorded_at": ESTABLISHED_AT,
    "outcome": "REJECTED",
    "reason": "账号 6217003860000123456 已注销",
    "amount_fen": None,
    "document_no": None,
    "to_correct": [],
    "answer": [],
}
LIMIT = {
    "state": "RUNNING",
    "applied_at": ESTABLISHED_AT,
    "working_days": 5,
    "days_left": None,
    "owed_materials": [],
    "returned": None,
}


@pytest.mark.parametrize(
    ("due", "limit", "said"),
    [
        (date(2026, 10, 10), {}, "办理期限：2026-10-10"),
        (None, {"state": "PAUSED", "days_left": 4}, "办理期限：暂停计时，剩余4个工作日"),
        (None, {"state": "NO_CALENDAR"}, "办理期限：工作日历未定"),
    ],
)
def test_a_matter_says_by_which_day_it_has_to_be_decided_or_why_there_is_none(
    due: date | None, limit: dict[str, object], said: str
) -> None:
    """The family at the window hears a day, or what they owe."""
    asked = matter(8, "provident_fund", "APPLIED", due=due, limit={**LIMIT, **limit})
    assert said in shown(case_document(matters=[asked]))


def test_a_matter_shows_what_has_to_be_put_right() -> None:
    """All of it, as the family is told once."""
    wanted = ["账号 6217003860000123456 已注销，请换卡", "申请表第二页未签名"]
    back = {**RESULT, "outcome": "RETURNED", "reason": None, "to_correct": wanted}
    document = case_document(matters=[matter(8, "provident_fund", "APPLIED", results=[back])])
    text = shown(masked_case(document, POLICY))
    assert "一次性补正 补正内容：账号 621***56 已注销，请换卡；申请表第二页未签名" in text.replace("\n", "")


def test_a_matter_shows_what_a_query_has_found() -> None:
    """Each holding, with long numbers masked."""
    found = {
        **RESULT,
        "outcome": "COMPLETED",
        "reason": None,
        "answer": ["天水花牛果业 10%", "91620500439150008"],
    }
    document = case_document(matters=[matter(12, "market_regulation", "COMPLETED", results=[found])])
    text = shown(masked_case(document, POLICY)).replace("\n", "")
    assert "查询结果：天水花牛果业 10%；916***08" in text


def test_a_matter_shows_every_result_with_its_reason_its_amount_in_yuan_and_its_document() -> None:
    """Rejected, why; completed, how much, by which paper. Long numbers in a reason are masked."""
    done = {
        "outcome": "COMPLETED",
        "reason": None,
        "amount_fen": 123_405,
        "document_no": "天公积金〔2026〕7号",
    }
    results = [RESULT, {**RESULT, **done}]
    document = case_document(matters=[matter(8, "provident_fund", "COMPLETED", results=results)])
    text = shown(masked_case(document, POLICY))
    for said in (
        "2026-01-05 10:30:00 不予受理或不予办理 理由：账号 621***56 已注销",
        "金额1,234.05元",
        "文书编号：天公积金〔2026〕7号",
    ):
        assert said in text
    assert "6217003860000123456" not in text
    assert "amount: 1,234.05 yuan" in shown(document, "en")


def test_a_matter_that_waits_says_for_what_who_owes_it_and_since_when() -> None:
    """Whoever asks knows whom to call."""
    assert "公积金缴存信息（市公积金中心，自 2026-01-05 10:30:00 起）" in shown(case_document())
    assert "(Housing Provident Fund Centre, since 2026-01-05 10:30:00" in shown(case_document(), "en")


def test_the_form_shows_values_states_and_sources() -> None:
    """Nothing on the form comes from nowhere."""
    text = shown(case_document())
    assert "李秀兰" in text
    assert "由申请人填写" in text
    assert "市卫生健康委 2026-01-05 10:30:00 r1" in text
    assert "2026-01-04 04:15:00" in text


def test_a_masked_case_shows_no_number() -> None:
    """The view adds nothing that masking took away."""
    assert LI_XIULAN not in shown(masked_case(case_document(), POLICY))


def test_a_held_record_and_a_duplicate_are_marked() -> None:
    """What does not count is seen not to count."""
    document = case_document()
    document["records"][0] |= {"held": True, "backfill": True}
    text = shown(document)
    assert "暂存待核, 历史数据" in text
    assert "重复" in text


def test_a_damaged_name_is_marked_with_the_record_and_on_the_form() -> None:
    """Whoever reads the name sees what is wrong with it, in both languages; others have no mark."""
    found = made(given("death_certificate", name="李?兰"), given("driving_licence", name="李?兰"))
    said: dict[Language, str] = {"zh": "姓名有缺字", "en": "characters of the name missing"}
    for language, words_of_it in said.items():
        assert shown(found, language).count(words_of_it) == 3
    assert "姓名有缺字" not in shown(made(given("death_certificate")))


def test_a_damaged_name_is_marked_in_the_line_of_an_announcement() -> None:
    """A department's duty screen has the name, and what is wrong with it."""
    draft = {"deceased.name": {**filled("李?兰"), "warnings": ["name_with_gaps"]}}
    line = announcement_line(announcement_document(draft=draft), POLICY, "zh")
    assert line.endswith("李?兰 (姓名有缺字)")


def test_a_case_without_any_word_of_warnings_is_shown_as_well() -> None:
    """An older version wrote it."""
    found = as_at_first(made(given("death_certificate")))
    assert "李秀兰" in shown(found)


def test_what_a_terminal_would_obey_is_not_passed_on() -> None:
    """A name from a department's file cannot move a handler's cursor, or hide a line."""
    document = case_document()
    document["form"]["deceased"]["name"] = filled("李\x1b[2J秀兰")
    assert "\x1b" not in shown(document)


def test_an_announcement_is_one_line_with_the_number_masked() -> None:
    """A department's duty screen: when, what, whom."""
    line = announcement_line(announcement_document(), POLICY, "zh")
    assert line == "2026-01-05 10:30:00  3 户口注销  可申办 · ready to apply  李秀兰  620***4X".replace(
        "620***4X", f"620***{LI_XIULAN[-2:]}"
    )
    assert "\n" not in line


def test_an_announcement_to_a_bank_names_the_bank() -> None:
    """Matter 10 exists once per bank."""
    line = announcement_line(announcement_document(matter=10, instance=BANK, draft={}), POLICY, "en")
    assert line.endswith(f"10 Withdrawal of small deposits ({BANK})  ready to apply · 可申办")


def test_a_withdrawal_names_what_is_to_be_acknowledged() -> None:
    """Whoever reads the line can type the command."""
    line = announcement_line(announcement_document("a-1", transition="SUSPENDED"), POLICY, "zh")
    assert "已中止 · suspended" in line
    assert line.endswith("请签收 · please acknowledge: a-1")


def test_a_correction_a_recovery_and_a_reminder_are_told_in_words() -> None:
    """Codes are for programs."""
    corrected = announcement_line(announcement_document(correction=True), POLICY, "zh")
    assert "可申办 · ready to apply, 更正 · correction" in corrected
    recovery = announcement_line(announcement_document("a-2", transition="RECOVERY"), POLICY, "en")
    assert "to be recovered · 须追回" in recovery
    assert "a-2" in recovery
    late = announcement_line(announcement_document(transition="OVERDUE", reminds_of="a-2"), POLICY, "zh")
    assert "逾期未签收 · not acknowledged in time" in late
    assert late.endswith("a-2")
    over = announcement_document(transition="OVERDUE", due=date(2026, 10, 10))
    assert "已超期 · overdue, 办理期限 2026-10-10 · last day 2026-10-10" in announcement_line(
        over, POLICY, "zh"
    )


@pytest.mark.parametrize("code", ["NEWER_STATE", "99"])
def test_a_code_of_a_newer_version_stands_for_itself(code: str) -> None:
    """An old reader shows what it does not know, rather than failing."""
    assert words({}, code).zh == code
    assert department_words(code, POLICY).en == code
    assert record_words(code, POLICY).zh == code
    assert matter_words(99, POLICY).zh == "99"


def test_a_date_without_a_time_stays_one() -> None:
    """A death time may be a date only."""
    assert for_people("2026-01-03") == "2026-01-03"


@each_cell("unseen", [*SHAPELESS, *TURNING])
def test_what_has_no_shape_is_not_shown_and_is_no_fault_of_the_terminal(unseen: str) -> None:
    """A handler sees the name as it is on paper, not boxes and question marks in it."""
    for written in (f"{unseen}李秀兰", f"李{unseen}秀兰", f"李秀兰{unseen}"):
        assert for_people(written) == in_lines(written) == "李秀兰"


@each_cell("blank", BLANKS)
def test_a_blank_is_shown_as_one(blank: str) -> None:
    """The ideographic space, a no-break space or a tab in an address."""
    assert for_people(f"秦州区{blank}民主西路") == in_lines(f"秦州区{blank}民主西路") == "秦州区 民主西路"


@each_cell("line_break", LINE_BREAKS)
def test_a_line_break_is_one_where_there_is_room_and_a_blank_where_there_is_none(line_break: str) -> None:
    """An announcement is one line; a reason in a table keeps the lines in which it was written."""
    written = f"秦州区{line_break}民主西路{line_break}"
    assert for_people(written) == "秦州区 民主西路"
    assert in_lines(written) == "秦州区\n民主西路"


@each_cell("name", GOOD_NAMES)
def test_a_name_in_any_script_is_shown_as_it_is(name: str) -> None:
    """Rare characters, dots and other scripts stay; a joiner of Mongolian is left to it."""
    assert for_people(name) == in_lines(name) == name
    assert for_people("ᠪᠠ\u180bᠲᠤ") == "ᠪᠠ\u180bᠲᠤ"


def test_views_and_lines_show_nothing_of_what_has_no_shape() -> None:
    """On every page, and in every line that is followed."""
    name = f"李{''.join(SHAPELESS)}秀\u3000兰"
    document = case_document()
    document["form"]["deceased"]["name"] = filled(name)
    draft = {"deceased.name": filled(name)}
    line = announcement_line(announcement_document(draft=draft), POLICY, "zh")
    for text in (shown(document), line):
        assert "李秀 兰" in text
        assert "\ufffd" not in text


def test_a_case_shows_what_the_window_did() -> None:
    """初审 with what was seen and asked, 出件 with its number, 预约 and 诉求; long numbers masked."""
    asked = applied(9, channel="WINDOW")
    records = (
        given("death_certificate"),
        asked,
        examined(asked, "缺第二页", materials=[{"kind": 2, "original_sighted": True}], handler="综窗03"),
        resulted(9),
        handed_over(resulted(9), postal_no="1234567890123"),
        given("appointment", channel="HOME_VISIT"),
        given("enquiry", text=f"{LI_XIULAN} 何时办结？"),
    )
    text = shown(masked_case(made(*records), POLICY))
    for said in ("已补正", "缺第二页", "已故人员居民身份证（已核原件）", "综窗03", "邮寄", "1234567890123"):
        assert said in text
    for said in ("上门", "综合受理3号窗口", "诉求", "何时办结？", "未办结"):
        assert said in text
    assert LI_XIULAN not in text
