"""The files beside the rules: a slip is named with file, line and what is allowed; a good edit holds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.domain.access.may import may
from exchange.domain.policy_files.access import TopicOperation
from exchange.runtime.city import City
from tests.examples import share
from tests.policies import edited
from topics.catalogue import CATALOGUE_PATH

ANNEX, SITUATIONS, STATISTICS = "annex1.yaml", "situations.yaml", "statistics.yaml"
WEBHOOKS, CITY, SAMPLE, GATEWAY_LIMITS = "webhooks.yaml", "city.yaml", "sample.yaml", "gateway.yaml"
ACCESS, ACCOUNTS, GUIDE = "access.yaml", "accounts.yaml", "guide.yaml"
HALL_B = "{where: {zh: 乙厅, en: Hall B}, when: null, telephone: null, online: null, url: null, source: here}"


def city_with(folder: Path, file: str, before: str, after: str) -> City:
    """The shipped city with one edit."""
    own = edited(folder, (file, before, after))
    (own / CATALOGUE_PATH.name).write_bytes(CATALOGUE_PATH.read_bytes())
    return City(own)


def slip(name: str, file: str, before: str, after: str, told: str, line: str = "") -> object:
    """A case of the first table; `line` is what stands in the line named, where it is not the slip."""
    return pytest.param(file, before, after, told, line or after.splitlines()[0], id=name)


SLIPS = [
    slip(
        "a topic that there is not",
        *(
            ACCESS,
            "reads: [cases, tasks, receipts, matters, quarantine, quarantine_actions, access]",
            "reads: [cases, task, quarantine]",
        ),
        "own.projector.reads.1: no such topic: task (tasks?); known: access, accounts, applicant_codes,",
    ),
    slip(
        "a word that there is not",
        *(ACCESS, "    groups: [join]\n", "    group: [join]\n"),
        "no such key: group (groups?); known: reads, writes",
    ),
    slip(
        "nobody reads a topic",
        *(ACCESS, "redeliveries, case_states]", "redeliveries]"),
        "nobody may read topic case_states",
        "own:",
    ),
    slip(
        "nobody writes a topic",
        *(ACCESS, "writes: [schemas, policies, credentials,", "writes: [policies, credentials,"),
        "nobody may write topic schemas",
        "own:",
    ),
    slip(
        "a department that writes receipts",
        *(ACCESS, "    writes: [records]\n    groups", "    writes: [records, receipts]\n    groups"),
        "outside.department.writes.1: catalogue.yaml lets no department write receipts",
    ),
    slip(
        "a department that reads cases",
        *(ACCESS, "reads: [records, matters, receipts, quarantine, tasks]", "reads: [records, cases]"),
        "catalogue.yaml lets no department read cases",
    ),
    slip(
        "a bank that comes to the brokers",
        *(ACCESS, "bank: {source: assumed}", "bank: {reads: [matters], source: assumed}"),
        "outside.bank.reads.0: catalogue.yaml lets no bank read matters",
    ),
    slip(
        "a group that there is not",
        *(ACCESS, "    asks_groups: [join]\n", "    asks_groups: [jion]\n"),
        "Input should be 'join' or 'own', not jion (join?)",
    ),
    slip(
        "no source",
        *(ACCESS, '    source: "consumers/notifier"\n', '    source: ""\n'),
        "String should have at least 1 character",
    ),
    slip(
        "an action that there is not",
        *(ACCESS, "may: [read_progress, enquire, reply]", "may: [read_progres, enquire, reply]"),
        "roles.hotline.may: no such action: read_progres (read_progress?); known: publish",
    ),
    slip(
        "an action that nobody may do",
        *(ACCESS, "hand_out, appoint, enquire, reply", "hand_out, appoint, burn, enquire, reply"),
        "no role may burn",
        "actions:\n",
    ),
    slip(
        "within what nobody can be kept",
        *(ACCESS, "applicant: {within: [case]", "applicant: {within: [family]"),
        "Input should be 'department', 'county', 'bank' or 'case', not family",
    ),
    slip(
        "a one-time code for what nobody does",
        *(ACCOUNTS, "totp_for: [unmask, replay", "totp_for: [unmsk, replay"),
        "totp_for.0: no such action: unmsk (unmask?); known: publish",
    ),
    slip(
        "accounts of a role that there is not",
        *(ACCOUNTS, "  window_clerk: 300", "  window_clark: 300"),
        "people_a_day.window_clark: no such role: window_clark (window_clerk?); known: department_system",
    ),
    slip(
        "waits that become shorter",
        *(ACCOUNTS, "first_wait_seconds: 1,", "first_wait_seconds: 60,"),
        "longest_wait_seconds is at least first_wait_seconds, 60, not 30",
        "guesses:",
    ),
    slip(
        "a field that the form does not have",
        *(ANNEX, "{field: applicant.sex}", "{field: applicant.gender}"),
        "no such field of the form: applicant.gender (applicant.name?); known: deceased.name",
    ),
    slip(
        "a label and a field",
        *(ANNEX, "{label: 联系电话}", "{label: 联系电话, field: applicant.phone}"),
        "a cell has either a label or a field",
    ),
    slip(
        "an unknown word in a cell",
        *(ANNEX, "{label: 死亡时间, columns: 2}", "{label: 死亡时间, colums: 2}"),
        "no such key: colums (columns?); known: label",
    ),
    slip(
        "a hole in the table",
        *(ANNEX, "{label: 联系电话}, ", ""),
        "the cells do not fill the table: row 3",
        "table:",
    ),
    slip(
        "a row of no height",
        *(ANNEX, "height_mm: 16.5", "height_mm: 0"),
        "Input should be greater than 0, not 0",
    ),
    slip(
        "a guide of no matter",
        *(GUIDE, "  - matter: 12\n", "  - matter: 112\n"),
        "guides.11.matter: no such matter: 112 (12?); known: 1, 2",
    ),
    slip(
        "a guide that stands twice",
        *(GUIDE, "  - matter: 12\n", "  - matter: 11\n"),
        "guides: matter 11 stands here twice",
        "guides:",
    ),
    slip(
        "a counter that there is not",
        *(GUIDE, "counter: one_window", "counter: window"),
        "guides: matter 1: no such counter: window (one_window?); known: one_window",
        "guides:",
    ),
    slip(
        "something assumed that is not said",
        *(GUIDE, "assumed: [url]", "assumed: [when]"),
        "counters.one_window: no such field that is filled in: when (where?); known: where, telephone",
        "  one_window:",
    ),
    slip(
        "an address that is none",
        *(GUIDE, "url: https://zwfw", "url: zwfw"),
        "String should match pattern",
    ),
    slip(
        "a guide without a source",
        *(GUIDE, 'source: "plan 二.职责分工(五)"', 'source: ""'),
        "guides.1.source: String should have at least 1 character",
        '    source: ""',
    ),
    slip(
        "an unknown state",
        *(SITUATIONS, "states: [READY, WAITING]", "states: [REDY, WAITING]"),
        "no such state of a matter: REDY (READY?); known: NOT_APPLICABLE",
    ),
    slip(
        "something that nobody asks for",
        *(SITUATIONS, "asks: [choose, name_bank]", "asks: [chose, name_bank]"),
        "'way_out' or 'other_way', not chose (choose?)",
    ),
    slip(
        "a deadline beyond the calendar",
        *(SITUATIONS, "months: 1", "months: 120000"),
        "Input should be less than or equal to 1200, not 120000",
    ),
    slip(
        "a wait beyond the calendar",
        *(WEBHOOKS, "longest_wait_seconds: 43200", "longest_wait_seconds: 99999999999999"),
        "Input should be less than or equal to 31536000, not 99999999999999",
    ),
    slip(
        "kept beyond the calendar",
        *(WEBHOOKS, "kept_days: 30", "kept_days: 99999999999"),
        "Input should be less than or equal to 36500, not 99999999999",
    ),
    slip(
        "a deadline before the death",
        *(SITUATIONS, "months: 1", "months: -1"),
        "Input should be greater than or equal to 0, not -1",
    ),
    slip(
        "an unknown detail",
        *(SITUATIONS, "may_see: [name, instance,", "may_see: [nane, instance,"),
        "Input should be 'name', 'instance', 'amount', 'document', 'reason', 'answer', 'enquiry' "
        "or 'appointment', not nane",
    ),
    slip(
        "a situation twice",
        *(SITUATIONS, "situation: suspended", "situation: rejected"),
        "rejected stands here twice",
        "situations:",
    ),
    slip(
        "nothing is ever done",
        *(SITUATIONS, "situation: done", "situation: finished"),
        "there must be a situation done",
        "situations:",
    ),
    slip(
        "no English",
        *(SITUATIONS, "heading: {zh: 已办结, en: Done}", "heading: {zh: 已办结}"),
        "heading.en: Field required",
    ),
    slip(
        "an unknown channel",
        *(STATISTICS, "{ONLINE: 0", "{ONLIN: 0"),
        "no such channel: ONLIN (ONLINE?); known: ONLINE, WINDOW",
    ),
    slip(
        "less than no visit",
        *(STATISTICS, "visits_otherwise: 1", "visits_otherwise: -1"),
        "Input should be greater than or equal to 0, not -1",
    ),
    slip(
        "nothing is small",
        *(STATISTICS, "small_number: 5", "small_number: 0"),
        "Input should be greater than 0, not 0",
    ),
    slip(
        "an unknown word of the statistics",
        *(STATISTICS, "small_number: 5", "small_number: 5\nsmal: 5"),
        "no such key: smal; known: small_number",
        "smal: 5",
    ),
    slip(
        "no attempt",
        *(WEBHOOKS, "attempts: 16", "attempts: 0"),
        "Input should be greater than or equal to 1, not 0",
    ),
    slip(
        "the longest wait is shorter than the first",
        *(WEBHOOKS, "longest_wait_seconds: 43200", "longest_wait_seconds: 0.5"),
        "Input should be a valid integer, got a number with a fractional part, not 0.5",
    ),
    slip(
        "the first wait is longer than the longest",
        *(WEBHOOKS, "first_wait_seconds: 1", "first_wait_seconds: 90000"),
        "longest_wait_seconds is at least first_wait_seconds, 90000, not 43200",
        "# How the portal is told",
    ),
    slip(
        "batches are not kept",
        *(GATEWAY_LIMITS, "batches_kept_days: 30", "batches_kept_days: 0"),
        "Input should be greater than or equal to 1, not 0",
    ),
    slip(
        "all at once",
        *(WEBHOOKS, "at_once: 4", "at_once: 400"),
        "Input should be less than or equal to 32, not 400",
    ),
    slip(
        "a city without a name",
        *(CITY, "name: {zh: 天水市, en: Tianshui}", 'name: {zh: "", en: Tianshui}'),
        "name.zh: String should have at least 1 character",
    ),
    slip(
        "an unknown word of the city",
        *(CITY, "plan: ", "plans: none\nplan: "),
        "no such key: plans (plan?); known: name, plan, form, materials_list",
    ),
    slip(
        "a district of five digits",
        *(SAMPLE, '"620524": 武山县', '"62052": 武山县'),
        "String should match pattern '^[0-9]{6}$', not 62052",
    ),
    slip(
        "burials in an unknown district",
        *(SAMPLE, 'burying_district: "620525"', 'burying_district: "620526"'),
        "no such district: 620526 (620525?); known: 620502",
    ),
    slip(
        "a code whose check is wrong",
        *(SAMPLE, "91620500439150008B", "91620500439150008C"),
        "91620500439150008C is no unified social credit code",
    ),
    slip(
        "a number that YAML reads as one",
        *(SAMPLE, 'routing_no: "103825889952"', "routing_no: 103825889952"),
        "Input should be a valid string, not 103825889952",
    ),
    slip(
        "no road",
        *(SAMPLE, "\nroads: [", "\nroads: []\n# ["),
        "should have at least 1 item after validation, not 0",
        "roads: []",
    ),
]


@pytest.mark.parametrize(("file", "before", "after", "told", "line"), share(SLIPS))
def test_a_slip_is_named_with_its_line(
    tmp_path: Path, file: str, before: str, after: str, told: str, line: str
) -> None:
    """And with what may stand there."""
    city = city_with(tmp_path, file, before, after)
    text = city.path_of(file).read_text(encoding="utf-8")
    (found,) = city.findings()
    assert (found.file, found.line) == (file, 1 + text[: text.index(line)].count("\n"))
    assert told in found.problem


Holds = Callable[[City], bool]


def _topics(city: City, principal: str, operation: TopicOperation) -> set[str]:
    return {topic.name for topic in city.access.topics(principal, operation, city.catalogue)}


def edit(name: str, file: str, before: str, after: str, holds: Holds) -> object:
    """A case of the second table."""
    return pytest.param(file, before, after, holds, id=name)


EDITS = [
    edit(
        "the notifier hears of tasks",
        *(ACCESS, "    reads: [cases]\n", "    reads: [cases, tasks]\n"),
        lambda c: "tasks" in _topics(c, "notifier", "read"),
    ),
    edit(
        "departments do not read what was refused",
        *(
            ACCESS,
            "reads: [records, matters, receipts, quarantine, tasks]",
            "reads: [records, matters, receipts, tasks]",
        ),
        lambda c: "quarantine.health" not in _topics(c, "health", "read"),
    ),
    edit(
        "departments keep no place in the log",
        *(ACCESS, "    writes: [records]\n    groups: [own]\n", "    writes: [records]\n"),
        lambda c: c.access.outside.department.groups == (),
    ),
    edit(
        "auditors do not read ticks",
        *(
            ACCESS,
            "quarantine, access, clock, moves, tasks, redeliveries, credentials, grants",
            "quarantine, access, moves, tasks, redeliveries, credentials, grants",
        ),
        lambda c: "clock" not in _topics(c, "auditors", "read"),
    ),
    edit(
        "who accepts signs in with a code",
        *(ACCOUNTS, "totp_for: [unmask,", "totp_for: [unmask, accept,"),
        lambda c: c.accounts.needs_totp("bank_clerk", c.access),
    ),
    edit(
        "a leader is shown a few people",
        *(ACCOUNTS, "  leader: 0", "  leader: 5"),
        lambda c: c.accounts.people_a_day["leader"] == 5,
    ),
    edit(
        "the operator does not publish",
        *(ACCESS, "writes: [records, receipts, quarantine, access", "writes: [access"),
        lambda c: "records.cremation" not in _topics(c, "operator", "write"),
    ),
    edit(
        "the notifier sees replicas",
        *(
            ACCESS,
            '    source: "consumers/notifier"\n',
            '    sees_all_topics: true\n    source: "consumers/notifier"\n',
        ),
        lambda c: c.access.own.notifier.sees_all_topics,
    ),
    edit(
        "departments write in transactions",
        *(
            ACCESS,
            "    writes: [records]\n    groups: [own]\n",
            "    writes: [records]\n    transactions: [own]\n",
        ),
        lambda c: c.access.outside.department.transactions == ("own",),
    ),
    edit(
        "another source",
        *(ACCESS, "bank: {source: assumed}", "bank: {source: 市里 2026-12}"),
        lambda c: c.access.outside.bank.source == "市里 2026-12",
    ),
    edit(
        "the hotline may look",
        *(ACCESS, "may: [read_progress, enquire, reply]", "may: [read_progress, enquire, reply, look]"),
        lambda c: may(c.access, "hotline", "look", {}, {}),
    ),
    edit(
        "the window is kept within a county",
        *(ACCESS, "  window_clerk:\n", "  window_clerk:\n    within: [county]\n"),
        lambda c: not may(c.access, "window_clerk", "apply", {}, {}),
    ),
    edit(
        "a role of the city's own",
        *(ACCESS, "  portal: {", "  mayor: {may: [read_statistics], source: assumed}\n  portal: {"),
        lambda c: may(c.access, "mayor", "read_statistics", {}, {}),
    ),
    edit("another annex", *(ANNEX, "annex: 附件 1", "annex: 样式 A"), lambda c: c.layout.annex == "样式 A"),
    edit("another title", *(ANNEX, "title: 个人身后", "title: 身后"), lambda c: c.layout.title[:2] == "身后"),
    edit("a wider column", *(ANNEX, "[34, 28", "[30, 32"), lambda c: c.layout.columns_mm[:2] == (30, 32)),
    edit(
        "a field that is not printed",
        *(ANNEX, "{field: accounts.payee_bank_name}", "{label: 空}"),
        lambda c: c.layout.cells[-1].label == "空",
    ),
    edit(
        "one signature fewer",
        *(ANNEX, ", 申请日期：]", "]"),
        lambda c: len(c.layout.below.signed_by[0]) == 1,
    ),
    edit(
        "the hotline may hear amounts",
        *(SITUATIONS, "may_see: [enquiry]", "may_see: [amount]"),
        lambda c: "amount" in c.family.audiences[1].may_see,
    ),
    edit(
        "another number of the hotline",
        *(SITUATIONS, 'audience: "12345"', 'audience: "88110"'),
        lambda c: c.family.audience("88110") is not None and c.family.audience("12345") is None,
    ),
    edit(
        "a longer deadline",
        *(SITUATIONS, "working_days: 20", "working_days: 30"),
        lambda c: [one.working_days for one in c.family.deadlines] == [0, 30, 0],
    ),
    edit(
        "a note beside another matter",
        *(SITUATIONS, "notes:\n  - matters: [5]", "notes:\n  - matters: [5, 6]"),
        lambda c: c.family.notes[0].matters == (5, 6),
    ),
    edit(
        "another sentence",
        *(SITUATIONS, "zh: 无需再办理任何手续。", "zh: 办好了。"),
        lambda c: c.family.situations[-1].next.zh == "办好了。",
    ),
    edit(
        "a situation of another name",
        *(SITUATIONS, "situation: in_progress", "situation: going_on"),
        lambda c: c.family.situation_of("APPLIED", ()).situation == "going_on",
    ),
    edit(
        "somebody responsible",
        *(GUIDE, "    person: null\n", "    person: {zh: 户籍科, en: Registry}\n"),
        lambda c: (said := c.guide.of(1)) and said.person and said.person.zh == "户籍科",
    ),
    edit(
        "hours",
        *(GUIDE, "when: null", "when: {zh: 工作日九点至十七点, en: working days 9 to 17}"),
        lambda c: "counters.one_window.when" not in str(c.warnings()),
    ),
    edit(
        "an address that was checked",
        *(GUIDE, "    assumed: [url]\n", ""),
        lambda c: "counters.one_window.url" not in str(c.warnings()),
    ),
    edit(
        "another counter",
        *(GUIDE, "  one_window:\n", f"  hall_b: {HALL_B}\n  one_window:\n"),
        lambda c: "hall_b" in c.guide.counters,
    ),
    edit(
        "another telephone",
        *(GUIDE, 'telephone: "12345"', 'telephone: "0938-12345"'),
        lambda c: c.guide.counters["one_window"].telephone == "0938-12345",
    ),
    edit(
        "larger small numbers",
        *(STATISTICS, "small_number: 5", "small_number: 10"),
        lambda c: c.statistics.small_number == 10,
    ),
    edit(
        "two visits at the window",
        *(STATISTICS, "WINDOW: 1", "WINDOW: 2"),
        lambda c: c.statistics.visits_saved("WINDOW", 5) == 3,
    ),
    edit("more patience", *(WEBHOOKS, "attempts: 16", "attempts: 20"), lambda c: c.webhooks.attempts == 20),
    edit("no chance", *(WEBHOOKS, "jitter: 0.2", "jitter: 0"), lambda c: c.webhooks.jitter == 0),
    edit(
        "kept for long",
        *(WEBHOOKS, "kept_days: 30", "kept_days: 99"),
        lambda c: c.webhooks.kept_days == 99,
    ),
    edit(
        "batches kept for long",
        *(GATEWAY_LIMITS, "batches_kept_days: 30", "batches_kept_days: 90"),
        lambda c: c.gateway.batches_kept_days == 90,
    ),
    edit(
        "another city",
        *(CITY, "zh: 天水市", "zh: 青河市"),
        lambda c: c.sample.courts[0] == "青河市秦州区人民法院",
    ),
    edit(
        "another plan",
        *(CITY, "plan: 天政办电〔2025〕7号", "plan: 青政发〔2026〕1号"),
        lambda c: c.policy.city.plan == "青政发〔2026〕1号",
    ),
    edit(
        "another name of the list",
        *(CITY, "en: annex 2", "en: list B"),
        lambda c: c.policy.city.materials_list.en == "list B",
    ),
    edit(
        "a district more",
        *(SAMPLE, '  "620525": 张', '  "620526": 新区\n  "620525": 张'),
        lambda c: c.sample.districts.get("620526") == "新区",
    ),
    edit(
        "a bank of another name",
        *(SAMPLE, "name: 甘肃银行天水分行", "name: 青河银行"),
        lambda c: c.sample.banks[2].name == "青河银行",
    ),
    edit(
        "other numbers of documents",
        *(SAMPLE, "cremation: TSHH######", "cremation: QH-{year}-####"),
        lambda c: c.sample.numbers.cremation == "QH-{year}-####",
    ),
]


@pytest.mark.parametrize(("file", "before", "after", "holds"), share(EDITS))
def test_a_good_edit_is_taken_and_holds(
    tmp_path: Path, file: str, before: str, after: str, holds: Holds
) -> None:
    """It is so in the city's own folder, and not in the shipped one."""
    own = city_with(tmp_path, file, before, after)
    assert own.findings() == ()
    assert holds(own)
    assert not holds(City())


def test_a_department_is_not_called_like_one_of_ours(tmp_path: Path) -> None:
    """It would have the rights of that part at the brokers."""
    own = city_with(tmp_path, ACCESS, "bank: {source: assumed}", "bank: {source: here}")
    path = own.path_of(CATALOGUE_PATH.name)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  counties: ", "  clock: ", 1), encoding="utf-8")
    (found,) = (one for one in own.findings() if one.file == ACCESS)
    assert "a department clock, which is the name of a principal" in found.problem


def test_where_the_rules_are_wrong_the_files_beside_them_are_looked_at_all_the_same(tmp_path: Path) -> None:
    """One check names all slips, but for what only a policy in order can tell."""
    own = city_with(tmp_path, "periods.yaml", "correction_minutes: 60", "correction_minutes: 0")
    for file, before, after in (
        (WEBHOOKS, "at_once: 4", "at_once: 0"),
        (ANNEX, "applicant.sex", "applicant.x"),
    ):
        path = own.path_of(file)
        path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    assert {one.file for one in own.findings()} == {"periods.yaml", WEBHOOKS}


def test_a_situation_of_an_earlier_version_means_what_it_meant(tmp_path: Path) -> None:
    """A city's folder is not made anew with each version."""
    family = city_with(tmp_path, SITUATIONS, "asks: [bring, correct]", "owing: true").family
    found = [family.situation_of("APPLIED", asks) for asks in (["bring"], ["correct"], [])]
    assert [one and one.situation for one in found] == ["bring", "bring", "in_progress"]
