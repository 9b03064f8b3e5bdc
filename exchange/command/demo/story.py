"""One case told in plain words, Chinese first and English below, and its form as it came out."""

from collections.abc import Iterator

from rich import box
from rich.table import Table

from avro_schemas.typed_documents import CaseDocument, MatterDocument
from consumers.labels.words import (
    FIELD_STATES,
    Words,
    department_words,
    field_words,
    for_people,
    local_time,
    material_words,
    matter_words,
    record_words,
    words,
)
from consumers.privacy.masking import masked_case
from exchange.domain.form import FORM_SECTIONS
from exchange.domain.policy import Policy

_SECTIONS = {
    "deceased": Words("已故人员", "The deceased"),
    "applicant": Words("申请人", "The applicant"),
    "accounts": Words("账户", "Accounts"),
}
_TITLE = "一个人的“一件事” · One person's case"
_TOLD = ("READY", "APPLIED", "ACCEPTED", "COMPLETED", "REJECTED")
_STEPS = (
    ("COMPLETED", Words("已办结", "Done")),
    ("ACCEPTED", Words("已受理", "Accepted")),
    ("APPLIED", Words("已申请，待受理", "Applied for, not yet accepted")),
    ("READY", Words("可申办", "Ready, nobody has applied")),
    ("NOT_APPLICABLE", Words("不适用", "Does not apply")),
)


def story(case: CaseDocument, policy: Policy) -> Table:
    """What happened to one person's case, sentence by sentence; numbers masked."""
    table = Table.grid(padding=(0, 1), pad_edge=True)
    table.title, table.title_justify, table.title_style = _TITLE, "left", "bold"
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for number, sentence in enumerate(_sentences(masked_case(case, policy), policy), 1):
        table.add_row(f"{number}.", sentence.zh)
        table.add_row("", sentence.en, style="dim")
    return table


def form_table(case: CaseDocument, policy: Policy) -> Table:
    """Annex 1 as prefilled: every field with its value, its state and the department it comes from."""
    table = Table(
        title="\n申请表（附件1） · The form, prefilled",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
    )
    for heading in ("项目 Field", "内容 Value", "状态 State", "来源 Source"):
        table.add_column(heading, overflow="fold")
    form = masked_case(case, policy)["form"]
    for section in FORM_SECTIONS:
        table.add_row(_SECTIONS[section].both("zh"), style="bold")
        for name, field in form[section].items():
            source = field["source"]
            label = field_words(f"{section}.{name}", policy)
            table.add_row(
                f"  {label.zh} {label.en}",
                for_people(field["value"] or ""),
                words(FIELD_STATES, field["state"]).both("zh"),
                f"{department_words(source['department']).zh} {local_time(source['recorded_at'])}"
                if source
                else "",
            )
    return table


def _sentences(case: CaseDocument, policy: Policy) -> Iterator[Words]:
    yield _death(case)
    yield _proof(case, policy)
    yield _known(case)
    yield _told(case)
    applicant = case["form"]["applicant"]["name"]["value"]
    if applicant:
        yield from _application(case, applicant, policy)
    for state, label in _STEPS:
        names = [_matter(matter, policy) for matter in case["matters"] if matter["state"] == state]
        if names:
            yield Words(
                f"{label.zh}：{'；'.join(name.zh for name in names)}。",
                f"{label.en}: {'; '.join(name.en for name in names)}.",
            )


def _death(case: CaseDocument) -> Words:
    told = {name: for_people(field["value"] or "?") for name, field in case["form"]["deceased"].items()}
    return Words(
        f"{told['name']}（{told['sex']}，{told['id_number']}）"
        f"于 {told['death_time']} 在{told['death_place']}去世。",
        f"{told['name']} ({told['id_number']}) died at {told['death_time']}, at {told['death_place']}.",
    )


def _proof(case: CaseDocument, policy: Policy) -> Words:
    proof = next(r for r in case["records"] if r["in_force"] and r["type"] in policy.death.established_by)
    by, record = department_words(proof["department"]), record_words(proof["type"])
    at = local_time(case["established_at"]) if case["established_at"] else "?"
    corroborating = [record_words(name) for name in case["corroborated_by"]]
    return Words(
        f"{by.zh}于 {at} 登记{record.zh}，死亡事实成立"
        + (f"；{'、'.join(w.zh for w in corroborating)}佐证。" if corroborating else "。"),
        f"The {by.en} recorded a {record.en} at {at}: the death is established"
        + (f", and {' and '.join(w.en for w in corroborating)} agree." if corroborating else "."),
    )


def _known(case: CaseDocument) -> Words:
    departments = {record["department"] for record in case["records"]}
    count = len(case["records"])
    return Words(
        f"{len(departments)} 个部门先后提供 {count} 条记录，到达次序杂乱，结果不受影响。",
        f"{len(departments)} departments handed in {count} records, in no order; that changes nothing.",
    )


def _told(case: CaseDocument) -> Words:
    matters = [matter for matter in case["matters"] if matter["state"] in _TOLD]
    departments = {matter["department"] for matter in matters}
    return Words(
        f"死亡成立后，{len(departments)} 个部门各自收到自己的事项（共 {len(matters)} 项），"
        "所附表单只含该部门可见的内容。",
        f"Since then {len(departments)} departments have been told of their own matters ({len(matters)} in "
        "all), each with a draft of the form that holds what that department may see and nothing else.",
    )


def _application(case: CaseDocument, applicant: str, policy: Policy) -> Iterator[Words]:
    asked = [matter for matter in case["matters"] if matter["state"] in {"APPLIED", "ACCEPTED"}]
    states: dict[int, set[str]] = {}
    for matter in asked:
        for material in matter["materials"]:
            states.setdefault(material["kind"], set()).add(material["state"])
    waived = [material_words(kind, policy) for kind in sorted(states) if states[kind] == {"verified_by_data"}]
    missing = [material_words(kind, policy) for kind in sorted(states) if "missing" in states[kind]]
    yield Words(
        f"{applicant}一次提出申请。数据核验免交：{'、'.join(w.zh for w in waived) or '无'}；"
        f"还缺：{'、'.join(w.zh for w in missing) or '无'}。",
        f"{applicant} applied once, for everything. Verified by data, so not asked for: "
        f"{'; '.join(w.en for w in waived) or 'nothing'}. Still missing: "
        f"{'; '.join(w.en for w in missing) or 'nothing'}.",
    )


def _matter(matter: MatterDocument, policy: Policy) -> Words:
    name = matter_words(matter["matter"], policy)
    bank = f" ({for_people(matter['instance'])})" if matter["instance"] else ""
    return Words(name.zh + bank, name.en + bank)
