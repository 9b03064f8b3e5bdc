"""The policy files: what is shipped loads, and a slip in any of them is named with file and line."""

import shutil
from pathlib import Path

import pytest

from avro_schemas.catalogue import record_types
from exchange.domain.policy import HERE, load_policy
from topics.catalogue import load_catalogue
from topics.policy_file import PolicyFileError


def planted(folder: Path, file: str, before: str, after: str) -> int:
    """Put one slip into a copy of the shipped policy and return its line."""
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    at = text.index(before)
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    # Where the slip begins, not where the words around it do.
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    return text[: at + same].count("\n") + 1


def test_the_shipped_policy_is_the_plans() -> None:
    """Twelve matters, seven materials, nine deciding departments, every record type with its rule."""
    policy = load_policy()
    assert [matter.matter for matter in policy.matters] == list(range(1, 13))
    assert sorted(policy.materials) == list(range(1, 8))
    assert set(policy.grants) == set(load_catalogue().deciding)
    assert set(policy.facts) == set(record_types())
    assert policy.death.established_by == ("death_certificate", "abnormal_death", "death_declaration")


def test_who_decides_which_matter() -> None:
    """The departments that acceptance lets publish a matter's results; the police decide 1 if abnormal."""
    deciders = {number: set(codes) for number, codes in load_policy().deciders.items()}
    assert deciders.pop(1) == {"health", "police"}
    assert {number: codes.pop() for number, codes in deciders.items()} == {
        2: "civil_affairs",
        3: "police",
        4: "human_resources",
        5: "human_resources",
        6: "human_resources",
        7: "medical_insurance",
        8: "provident_fund",
        9: "justice",
        10: "financial_regulation",
        11: "police",
        12: "market_regulation",
    }


def test_everything_that_the_plan_does_not_give_is_marked_assumed() -> None:
    """A city sees which lines are ours to change: every limit is."""
    assert all("assumed" in matter.source for matter in load_policy().matters)


MATTERS, MATERIALS, FORM, DISCLOSURE = "matters.yaml", "materials.yaml", "form.yaml", "disclosure.yaml"
CONFLICTS, PERIODS, CALENDAR = "conflicts.yaml", "periods.yaml", "working_days.yaml"
ACCEPTANCE = "acceptance.yaml"


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        pytest.param(MATTERS, "decides: health", "decides: heath", id="an unknown department decides"),
        pytest.param(MATTERS, "decides: health", "decides: data_bureau", id="who decides nothing decides"),
        pytest.param(
            MATTERS,
            "decides_instead: {abnormal_death: police}",
            "decides_instead: {abnormal_death: service_centre}",
            id="who decides nothing decides instead",
        ),
        pytest.param(FORM, "block: card, from", "block: purse, from", id="an unknown block"),
        pytest.param(
            MATTERS, "owed_by: [human_resources]", "owed_by: [human]", id="an unknown department owes"
        ),
        pytest.param(
            MATTERS,
            "decides_instead: {abnormal_death: police}",
            "decides_instead: {abnormal_death: polise}",
            id="an unknown department decides instead",
        ),
        pytest.param(
            MATTERS,
            "decides_instead: {abnormal_death: police}",
            "decides_instead: {abnormal: police}",
            id="an unknown record changes who decides",
        ),
        pytest.param(
            MATTERS,
            "established_by: [death_certificate, ",
            "established_by: [certificate, ",
            id="an unknown record proves death",
        ),
        pytest.param(MATTERS, "any_record: [notary]", "any_record: [deed]", id="an unknown record is wanted"),
        pytest.param(
            MATTERS,
            "done_by: {record: [cremation]}",
            "done_by: {record: [burial]}",
            id="an unknown record ends it",
        ),
        pytest.param(
            MATTERS,
            "prerequisites: [death, social_insurance]",
            "prerequisites: [death, pension]",
            id="an unknown prerequisite",
        ),
        pytest.param(
            MATTERS,
            "materials: [{kind: 1}, {kind: 2}, {kind: 3}]",
            "materials: [{kind: 9}]",
            id="an unknown material",
        ),
        pytest.param(MATTERS, "or_material: 7", "or_material: 8", id="an unknown material in its stead"),
        pytest.param(MATTERS, "{above: 0}}}", "{over: 0}}}", id="an unknown bound"),
        pytest.param(MATTERS, "{above: 0}}}", "{above: much}}}", id="a bound that is no number"),
        pytest.param(
            MATTERS,
            "{account_balance_fen: {above",
            "{acount_balance_fen: {above",
            id="an unknown field in a condition",
        ),
        pytest.param(
            MATTERS, "together: {balance_fen:", "together: {balance:", id="an unknown field in a sum"
        ),
        pytest.param(
            MATTERS,
            "named_by: [bank_name, bank_uscc]",
            "named_by: [bank, bank_uscc]",
            id="an unknown field names the instance",
        ),
        pytest.param(
            MATTERS, "id_type: [RESIDENT_ID]", "id_type: [RESIDENT]", id="an unknown kind of document"
        ),
        pytest.param(MATTERS, "  - matter: 12", "  - matter: 11", id="a matter twice"),
        pytest.param(MATTERS, "  - matter: 12", "  - matter: 0", id="a matter that nothing counts from"),
        pytest.param(
            MATTERS, "limit_working_days: 15", "limit_working_days: soon", id="a limit that is no number"
        ),
        pytest.param(MATTERS, "limit_working_days: 15", "limit_working_days: 0", id="a limit of no days"),
        pytest.param(MATTERS, "limit_working_days: 15", "limit_days: 15", id="an unknown word in a matter"),
        pytest.param(
            MATTERS,
            "done_by: {result: true}",
            "done_by: {result: true, record: [notary]}",
            id="done in two ways",
        ),
        pytest.param(
            MATTERS,
            "scheme: EMPLOYEE_PENSION",
            "scheme: EMPLOYE_PENSION",
            id="an unknown code in a condition",
        ),
        pytest.param(MATERIALS, "- kind: 7", "- kind: seven", id="a material that is no number"),
        pytest.param(MATERIALS, "- kind: 7", "- kind: 6", id="a material twice"),
        pytest.param(MATERIALS, "{record: notary,", "{record: notery,", id="an unknown record verifies"),
        pytest.param(
            MATERIALS, "{prerequisite: death}", "{prerequisite: dead}", id="an unknown prerequisite verifies"
        ),
        pytest.param(
            MATERIALS,
            "where: {social_card.active:",
            "where: {social_card.activ:",
            id="an unknown nested field",
        ),
        pytest.param(MATERIALS, "any_record: true", "any_record: perhaps", id="neither yes nor no"),
        pytest.param(
            FORM, "from: [death_certificate.sex]", "from: [certificate.sex]", id="an unknown source"
        ),
        pytest.param(
            FORM, "from: [death_certificate.sex]", "from: [death_certificate.gender]", id="an unknown field"
        ),
        pytest.param(
            CONFLICTS,
            "against: [cremation.death_time,",
            "against: [cremation.died,",
            id="an unknown field to agree with",
        ),
        pytest.param(CONFLICTS, "rule: sign_of_life", "rule: cremation_differs", id="a rule twice"),
        pytest.param(CONFLICTS, "holds: death", "holds: birth", id="an unknown prerequisite to hold"),
        pytest.param(CONFLICTS, "deceased.death_time", "deceased.died", id="an unknown field to empty"),
        pytest.param(CONFLICTS, "must: be_of_one_day", "must: be_nice", id="an unknown relation"),
        pytest.param(CONFLICTS, "kind: WILL", "kind: WISH", id="a condition that never holds"),
        pytest.param(PERIODS, "acknowledge_hours: 24", "acknowledge_hours: 0", id="no time at all"),
        pytest.param(FORM, "code_list: sex", "code_list: gender", id="an unknown code list"),
        pytest.param(FORM, "  applicant:\n", "  petitioner:\n", id="an unknown section"),
        pytest.param(
            FORM,
            "otherwise: for_applicant, code_list: relation",
            "otherwise: somebody, code_list: relation",
            id="an unknown state",
        ),
        pytest.param(
            FORM,
            "only_if: {social_insurance: {social_card.active: true}}",
            "only_if: {social_insurance: {social_card.live: true}}",
            id="an unknown field decides",
        ),
        pytest.param(DISCLOSURE, "department: justice", "department: court", id="an unknown department sees"),
        pytest.param(DISCLOSURE, "department: justice", "department: police", id="a department twice"),
        pytest.param(
            DISCLOSURE,
            "identity: [deceased.name,",
            "identity: [deceased.surname,",
            id="an unknown field is granted",
        ),
        pytest.param(
            DISCLOSURE,
            "may_see: [identity, death, cause,",
            "may_see: [identity, grief,",
            id="an unknown group",
        ),
        pytest.param(DISCLOSURE, "applicant: [applicant.*]", "applicant: applicant.*", id="no list"),
        pytest.param(
            CALENDAR,
            "years: {}",
            "years: {2030: {days_off: [], make_up_days: [], source: ours}}",
            id="years between are missing",
        ),
        pytest.param(ACCEPTANCE, '  times: "2026', '  hours: "2026', id="an unknown set of rules"),
        pytest.param(ACCEPTANCE, '29T00:00:00+08:00"', '29T00:00:00"', id="a moment of no zone"),
        pytest.param(ACCEPTANCE, "name_misread: warning", "name_unread: warning", id="an unknown fault"),
        pytest.param(ACCEPTANCE, "name_misread: warning", "name_misread: remark", id="an unknown weight"),
        pytest.param(ACCEPTANCE, "[recorded_at]", "[recorded]", id="an unknown time"),
        pytest.param(ACCEPTANCE, "1990-01-01", "1990-13-01", id="no day of the calendar"),
    ],
)
def test_a_slip_is_named_with_its_file_and_line(tmp_path: Path, file: str, before: str, after: str) -> None:
    """Whoever edits the policy is told where the slip is, before anything starts."""
    line = planted(tmp_path, file, before, after)
    with pytest.raises(PolicyFileError) as refused:
        load_policy(tmp_path)
    assert f"{file}:{line}:" in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A policy without disclosure is no policy: nothing would be denied."""
    shutil.copytree(HERE, tmp_path, dirs_exist_ok=True)
    (tmp_path / DISCLOSURE).unlink()
    with pytest.raises(PolicyFileError, match=DISCLOSURE):
        load_policy(tmp_path)


def test_without_a_group_of_identity_nothing_starts(tmp_path: Path) -> None:
    """A withdrawal tells what that group names; without it nobody knows how little that is."""
    shutil.copytree(HERE, tmp_path, dirs_exist_ok=True)
    path = tmp_path / DISCLOSURE
    path.write_text(path.read_text(encoding="utf-8").replace("identity", "person"), encoding="utf-8")
    with pytest.raises(PolicyFileError, match=f"{DISCLOSURE}:.*identity"):
        load_policy(tmp_path)


def test_a_folder_without_the_acceptance_file_has_what_is_shipped(tmp_path: Path) -> None:
    """A city's copy of an earlier version goes on."""
    shutil.copytree(HERE, tmp_path, dirs_exist_ok=True)
    (tmp_path / ACCEPTANCE).unlink()
    assert load_policy(tmp_path).acceptance == load_policy().acceptance


def test_what_a_citys_acceptance_file_leaves_out_is_as_shipped(tmp_path: Path) -> None:
    """Who changes one line has not to copy those that a later version adds."""
    planted(tmp_path, ACCEPTANCE, "  name_misread: warning", "  name_misread: held")
    path = tmp_path / ACCEPTANCE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("  names: ", "  name_damaged: "))]
    path.write_text("".join(kept), encoding="utf-8")
    own, shipped = load_policy(tmp_path).acceptance, load_policy().acceptance
    assert own.since == shipped.since
    assert own.names == {**shipped.names, "name_misread": "held"}
