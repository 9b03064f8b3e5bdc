"""Policy files that name what there is, but not of the kind that is wanted: refused, with file and line.

Each of these slips was once taken. Most then let the join fail on records of the whole city; with the others
a matter applied to nobody, and nobody was told.
"""

from pathlib import Path

import pytest

from exchange.domain.policy import HERE, load_policy
from tests.domain.test_policy import CONFLICTS, FORM, MATERIALS, MATTERS, PERIODS, planted
from topics.policy_file import PolicyFileError

CAUSE = "death_cause: {term: 死亡原因, from: [death_certificate.death_cause]"
DEEDS = "applies: {record: driving_licence, where: {status: {one_of: [VALID, CANCELLED]}}}"
DEPOSITS = (
    "together: {balance_fen: {above: 0, at_most: 5000000}}, "
    "not_counted: {balance_fen: paid_in_after_death_fen}"
)
SLIPS = [
    (
        FORM,
        CAUSE,
        f"{CAUSE}, date_only: true",
        "death_certificate.death_cause is text, and has to be one of: date",
    ),
    (
        FORM,
        CAUSE,
        f"{CAUSE}, event_time: true",
        "death_certificate.death_cause is text, and has to be one of: date",
    ),
    (FORM, CAUSE, f"{CAUSE}, code_list: sex", "code_list: its values are no codes of sex"),
    (FORM, CAUSE, "death_cause: {term: 死亡原因, from: []", "nothing ever says its value"),
    (
        CONFLICTS,
        "[cremation.cremation_time]",
        "[cremation.cremation_place]",
        "cremation.cremation_place is text",
    ),
    (CONFLICTS, "notary.notarised_at]", "notary.kind]", "notary.kind is enum"),
    (MATTERS, "named_by: [bank_name, bank_uscc]", "named_by: []", "at least 1 item"),
    (MATTERS, "named_by: [bank_name, ", "named_by: [balance_fen, ", "bank_deposit.balance_fen is long"),
    (
        MATTERS,
        "in_application: banks",
        "in_application: channel",
        "is no list of what has bank_name or bank_uscc",
    ),
    (
        MATTERS,
        "in_application: banks",
        "in_application: materials",
        "is no list of what has bank_name or bank_uscc",
    ),
    (
        MATTERS,
        "{record: bank_deposit, named_by: [bank_name, bank_uscc], in_application: banks}",
        "{record: provident_fund, named_by: [account_no]}",
        "it applies by bank_deposit, and exists once for each provident_fund",
    ),
    (MATTERS, "by: burial", "by: channel", "application.channel is not answered by yes or no"),
    (MATTERS, DEPOSITS, "together: {bank_name: 甘肃银行}", "bank_deposit.bank_name is text"),
    (MATTERS, "paid_in_after_death_fen", "bank_name", "bank_deposit.bank_name is text"),
    (MATTERS, "above: 0, at_most", "above: 9000000, at_most", "never above 9000000 and at most 5000000"),
    (
        MATTERS,
        DEEDS,
        "applies: {record: notary, where: {beneficiaries: 王}}",
        "beneficiaries is never 王: it is list",
    ),
    (
        MATTERS,
        "established_by: [death_certificate, abnormal_death, death_declaration]",
        "established_by: []",
        "at least 1 item",
    ),
    (
        MATTERS,
        "established_by: [death_certificate, abnormal_death, death_declaration]",
        "established_by: [death_certificate, hukou_cancellation]",
        "hukou_cancellation need not say when somebody died, by death_time or declared_death_date",
    ),
    (MATTERS, "any_record: [social_insurance]", "any_record: []", "no record meets it"),
    (MATTERS, "term: 出具火化证", 'term: ""', "at least 1 character"),
    (MATTERS, "[{kind: 1}, {kind: 2}, {kind: 3}]", "[{kind: 1}, {kind: 1}]", "material 1 stands here twice"),
    (MATTERS, "limit_working_days: 15", "limit_working_days: 100000", "less than or equal to 36500"),
    (MATERIALS, "{record: notary, naming_applicant: true}", "{}", "verified_by is one of"),
    (
        MATERIALS,
        "{record: notary, naming",
        "{record: notary, prerequisite: death, naming",
        "verified_by is one of",
    ),
    (CONFLICTS, "grace_days: 60", "grace_days: 6000000000", "less than or equal to 36500"),
    (PERIODS, "acknowledge_hours: 24", "acknowledge_hours: 100000000000", "less than or equal to"),
]


@pytest.mark.parametrize(
    ("file", "before", "after", "told"), SLIPS, ids=[f"{after[-40:]}" for _, _, after, _ in SLIPS]
)
def test_what_is_not_of_the_kind_that_is_wanted_is_refused(
    tmp_path: Path, file: str, before: str, after: str, told: str
) -> None:
    """A city learns of it from `check`, and not from its quarantine."""
    line = planted(tmp_path, file, before, after)
    with pytest.raises(PolicyFileError) as refused:
        load_policy(tmp_path)
    found = [one for one in str(refused.value).splitlines() if one.startswith(f"{file}:{line}: ")]
    assert any(told in one for one in found), refused.value


@pytest.mark.parametrize("name", ["name", "id_number", "death_time"])
def test_a_form_without_what_is_read_by_its_name_is_refused(tmp_path: Path, name: str) -> None:
    """A city's words for it are its term; under another name the deadlines would go unsaid."""
    planted(
        tmp_path,
        FORM,
        f"  deceased:\n{_until(name)}    {name}:\n",
        f"  deceased:\n{_until(name)}    its_{name}:\n",
    )
    with pytest.raises(
        PolicyFileError, match=rf"form\.yaml:\d+: fields: there must be a field deceased\.{name}: "
    ):
        load_policy(tmp_path)


def _until(name: str) -> str:
    """What the form has of the deceased before a field."""
    text = (HERE / FORM).read_text(encoding="utf-8").partition("  deceased:\n")[2]
    return text[: text.index(f"    {name}:\n")]
