"""What is owed, what is in doubt and what handlers decided, in Chinese and in English."""

from collections.abc import Mapping
from typing import Final

from consumers.labels.remarks import REMARKS
from consumers.labels.words import Words, words
from exchange.domain.form import APPLICANTS_DIFFER
from exchange.domain.policy import Policy
from verification.acceptance_rules import FAULTS

TASK_KINDS: Final[Mapping[str, Words]] = {
    "ACKNOWLEDGE": Words("签收通知", "acknowledge the announcement"),
    "RECOVER": Words("追回", "recover what was paid or issued"),
    "DECIDE": Words("限时办结", "decide the matter within its limit"),
    "RESOLVE_CONFLICT": Words("裁定冲突", "resolve the conflict"),
    "IDENTIFY_PERSON": Words("核实身份", "identify the person"),
    "REVIEW_DECISION": Words("复核裁定", "review the decision"),
}
TASK_STATES: Final[Mapping[str, Words]] = {
    "OPEN": Words("待办", "open"),
    "LATE": Words("逾期", "late"),
    "DONE": Words("已完成", "done"),
}
DECISION_KINDS: Final[Mapping[str, Words]] = {
    "MATTER_NOT_APPLICABLE": Words("事项不适用", "matter not applicable"),
    "CONFLICT_RESOLVED": Words("冲突裁定", "conflict resolved"),
    "PERSON_LINKED": Words("认定为本人", "linked to the person"),
    "PERSON_UNLINKED": Words("认定非本人", "unlinked from the person"),
    "MATTER_HELD": Words("暂停办理", "matter held"),
    "MATTER_RELEASED": Words("恢复办理", "matter released"),
}
STANDINGS: Final[Mapping[str, Words]] = {
    "IN_FORCE": Words("有效", "in force"),
    "REOPENED": Words("须重新裁定", "to be decided again"),
    "OVERTAKEN": Words("已被后续裁定取代", "overtaken by a later decision"),
}
HOLDS: Final[Mapping[str, Words]] = {
    "name_differs": Words("姓名不一致", "Names differ"),
    "birth_date_differs": Words("出生日期与证件号码不符", "Birth date differs from the number's"),
    "sex_differs": Words("性别与证件号码不符", "Sex differs from the number's"),
    "person_without_number": Words("无证件号码", "No ID number"),
    "unlinked": Words("认定非本人", "Unlinked from the person"),
    "amendments_differ": Words("同一版次的更正内容不一致", "Amendments of one revision differ"),
    **{code: REMARKS[code] for code in FAULTS},
}
"""Why a record is put aside until a handler has decided."""


def conflict_words(rule: str, policy: Policy) -> Words:
    """Return the name of the rule that records do not keep; names that differ are no rule of the policy."""
    if rule == APPLICANTS_DIFFER:
        return Words(policy.applicants_differ.term, policy.applicants_differ.english)
    for known in policy.conflicts:
        if known.rule == rule:
            return Words(known.term, known.english)
    return words(HOLDS, rule)
