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
    """Twelve matters, seven materials and two of ours, nine deciders, every record type with its rule."""
    policy = load_policy()
    assert [matter.matter for matter in policy.matters] == list(range(1, 13))
    assert sorted(policy.materials) == list(range(1, 10))
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
    ("file", "before", "after", "told"),
    [
        pytest.param(
            MATTERS,
            "decides: health",
            "decides: heath",
            "no such deciding department: heath (health?); known: health",
            id="an unknown department decides",
        ),
        pytest.param(
            MATTERS,
            "decides: health",
            "decides: data_bureau",
            "no such deciding department: data_bureau; known: health",
            id="who decides nothing decides",
        ),
        pytest.param(
            MATTERS,
            "decides_instead: {abnormal_death: police}",
            "decides_instead: {abnormal_death: service_centre}",
            "no such deciding department: service_centre; known: health",
            id="who decides nothing decides instead",
        ),
        pytest.param(
            FORM,
            "block: card, from",
            "block: purse, from",
            "Input should be 'card' or 'applicant', not purse",
            id="an unknown block",
        ),
        pytest.param(
            MATTERS,
            "owed_by: [human_resources]",
            "owed_by: [human]",
            "no such department: human; known: data_bureau",
            id="an unknown department owes",
        ),
        pytest.param(
            MATTERS,
            "decides_instead: {abnormal_death: police}",
            "decides_instead: {abnormal_death: polise}",
            "no such deciding department: polise (police?); known: health",
            id="an unknown department decides instead",
        ),
        pytest.param(
            MATTERS,
            "decides_instead: {abnormal_death: police}",
            "decides_instead: {abnormal: police}",
            "no such record type: abnormal (abnormal_death?); known: abnormal_death",
            id="an unknown record changes who decides",
        ),
        pytest.param(
            MATTERS,
            "established_by: [death_certificate, ",
            "established_by: [certificate, ",
            "no such record type: certificate (death_certificate?); known: abnormal_death",
            id="an unknown record proves death",
        ),
        pytest.param(
            MATTERS,
            "any_record: [notary]",
            "any_record: [deed]",
            "no such record type: deed; known: abnormal_death",
            id="an unknown record is wanted",
        ),
        pytest.param(
            MATTERS,
            "done_by: {record: [cremation]}",
            "done_by: {record: [burial]}",
            "no such record type: burial; known: abnormal_death",
            id="an unknown record ends it",
        ),
        pytest.param(
            MATTERS,
            "prerequisites: [death, social_insurance]",
            "prerequisites: [death, pension]",
            "no such prerequisite: pension; known: death",
            id="an unknown prerequisite",
        ),
        pytest.param(
            MATTERS,
            "materials: [{kind: 1}, {kind: 2}, {kind: 3}]",
            "materials: [{kind: 99}]",
            "no such material: 99 (9?); known: 1",
            id="an unknown material",
        ),
        pytest.param(
            MATTERS,
            "or_material: 7",
            "or_material: 99",
            "no such material: 99 (9?); known: 1",
            id="an unknown material in its stead",
        ),
        pytest.param(
            MATTERS,
            "{above: 0}}}",
            "{over: 0}}}",
            "no such bound: over (above?); known: above",
            id="an unknown bound",
        ),
        pytest.param(
            MATTERS,
            "{above: 0}}}",
            "{above: much}}}",
            "above wants a whole number, and a field that holds one: account_balance_fen",
            id="a bound that is no number",
        ),
        pytest.param(
            MATTERS,
            "{account_balance_fen: {above",
            "{acount_balance_fen: {above",
            "medical_insurance: acount_balance_fen (account_balance_fen?); known: record_id",
            id="an unknown field in a condition",
        ),
        pytest.param(
            MATTERS,
            "together: {balance_fen:",
            "together: {balance:",
            "no such field of bank_deposit: balance (balance_fen?); known: record_id",
            id="an unknown field in a sum",
        ),
        pytest.param(
            MATTERS,
            "named_by: [bank_name, bank_uscc]",
            "named_by: [bank, bank_uscc]",
            "no such field of bank_deposit: bank (bank_uscc?); known: record_id",
            id="an unknown field names the instance",
        ),
        pytest.param(
            MATTERS,
            "in_application: banks",
            "in_application: bank",
            "no such field of application: bank (banks?); known: record_id",
            id="an unknown field of an application names the instance",
        ),
        pytest.param(
            MATTERS,
            "not_counted: {balance_fen: paid",
            "not_counted: {balance: paid",
            "no such sum to count less of: balance (balance_fen?); known: balance_fen",
            id="less of what is not added up",
        ),
        pytest.param(
            MATTERS,
            "paid_in_after_death_fen}",
            "paid_in_fen}",
            "no such field of bank_deposit: paid_in_fen",
            id="an unknown part of a sum",
        ),
        pytest.param(
            MATTERS,
            "{name: 甘肃银行, uscc: null,",
            "{name: 甘肃银行, uscc: 91620500736625851J,",
            "91620500736625851J is no unified social credit code",
            id="a code with a wrong check character",
        ),
        pytest.param(
            MATTERS,
            "- {way_out: inheritance_notarisation,",
            "- {way_out: inheritance,",
            "no such way out: inheritance (inheritance_notarisation?); known: inheritance_notarisation",
            id="an unknown way out",
        ),
        pytest.param(
            MATTERS,
            "way_out: ask_the_bank\n",
            "way_out: ask_a_bank\n",
            "no such way out: ask_a_bank (ask_the_bank?); known: inheritance_notarisation",
            id="an unknown way out of whom it is not meant for",
        ),
        pytest.param(
            MATTERS,
            "without_application: police_act_themselves",
            "without_application: police_act",
            "no such way out: police_act (police_act_themselves?); known: inheritance_notarisation",
            id="an unknown way out of who need not apply",
        ),
        pytest.param(
            MATTERS,
            "{scheme: CIVIL_SERVICE_PENSION}",
            "{scheme: CIVIL_PENSION}",
            "no such value: CIVIL_PENSION (CIVIL_SERVICE_PENSION?)",
            id="an unknown code on the way out",
        ),
        pytest.param(
            MATTERS,
            "waits_for: burial_or_cremation",
            "waits_for: burial",
            "no such prerequisite: burial",
            id="an unknown choice to wait for",
        ),
        pytest.param(
            MATTERS,
            "by: burial\n",
            "by: buried\n",
            "no such field of application: buried (burial?)",
            id="a choice by a field that no application has",
        ),
        pytest.param(
            MATTERS,
            'peoples: ["03", "05"',
            'peoples: ["3", "05"',
            "no such people of GB/T 3304: 3",
            id="a people that no list knows",
        ),
        pytest.param(
            MATTERS,
            'regions: ["620525"]',
            'regions: ["张家川"]',
            "String should match pattern '^[0-9]{6}$', not 张家川",
            id="a region by its name",
        ),
        pytest.param(
            MATTERS,
            "[A00, A20, A22]",
            "[A0, A20, A22]",
            "String should match pattern",
            id="a cause of death that is no code",
        ),
        pytest.param(
            MATTERS,
            "declined: buried",
            "declined: burried",
            "no such way out: burried (buried?)",
            id="an unknown way out of a burial",
        ),
        pytest.param(
            MATTERS,
            "bound: must_be_cremated",
            "bound: cremated",
            "no such way out: cremated (must_be_cremated?)",
            id="an unknown way out where there is no choice",
        ),
        pytest.param(
            MATTERS,
            "  - matter: 9\n",
            "  - family_chooses: {waits_for: death, by: burial, declined: buried, bound: buried, source: x}\n"
            "    matter: 9\n",
            "what the family chooses, a record ends",
            id="a choice, and ended by a result",
        ),
        pytest.param(
            CONFLICTS,
            "way_out: another_applicant",
            "way_out: other_applicant",
            "no such way out: other_applicant (another_applicant?)",
            id="an unknown way out of who was not chosen",
        ),
        pytest.param(
            MATTERS,
            'relations: ["10",',
            'relations: ["1",',
            "no such relation of GB/T 4761: 1",
            id="an unknown relation to the deceased",
        ),
        pytest.param(
            MATTERS,
            "id_type: [RESIDENT_ID]",
            "id_type: [RESIDENT]",
            "no such value: RESIDENT (RESIDENT_ID?); known: FOREIGN_PERMANENT_RESIDENT_ID",
            id="an unknown kind of document",
        ),
        pytest.param(
            MATTERS, "  - matter: 12", "  - matter: 11", "matter 11 stands here twice", id="a matter twice"
        ),
        pytest.param(
            MATTERS,
            "  - matter: 12",
            "  - matter: 0",
            "Input should be greater than or equal to 1, not 0",
            id="a matter that nothing counts from",
        ),
        pytest.param(
            MATTERS,
            "limit_working_days: 15",
            "limit_working_days: soon",
            "Input should be a valid integer, unable to parse string as an integer, not soon",
            id="a limit that is no number",
        ),
        pytest.param(
            MATTERS,
            "limit_working_days: 15",
            "limit_working_days: 0",
            "Input should be greater than 0, not 0",
            id="a limit of no days",
        ),
        pytest.param(
            MATTERS,
            "limit_working_days: 15",
            "limit_days: 15",
            "no such key: limit_days (limit_working_days?); known: matter",
            id="an unknown word in a matter",
        ),
        pytest.param(
            MATTERS,
            "done_by: {result: true}",
            "done_by: {result: true, record: [notary]}",
            "done_by is either record: [...] or result: true",
            id="done in two ways",
        ),
        pytest.param(
            MATTERS,
            "examine_first: []",
            "examine_first: [WINDOW]",
            "it needs examine_since, or what departments were told would be taken back",
            id="examined first since nobody knows when",
        ),
        pytest.param(
            MATTERS,
            "{kind: 4}, {kind: 7}]",
            "{kind: 4}, {kind: 7, waived_together: {balance: {at_most: 1000000}}}]",
            "no such field of provident_fund: balance (balance_fen?)",
            id="waived by what no record says",
        ),
        pytest.param(
            MATTERS,
            "{kind: 3}, {kind: 4, original: true}]",
            "{kind: 3, waived_together: {balance_fen: {at_most: 1}}}, {kind: 4, original: true}]",
            "a condition is there, and no record of which to ask it",
            id="waived where no record is asked",
        ),
        pytest.param(
            MATTERS,
            "opened_by_application: true",
            "opened_by_application: death",
            "Input should be a valid boolean, unable to interpret input, not death",
            id="opened by what opens nothing",
        ),
        pytest.param(
            MATTERS,
            "  - matter: 9\n",
            "  - opened_by_application: true\n    matter: 9\n",
            "what opened_by_application opens, a record ends",
            id="opened by an application and ended by a result",
        ),
        pytest.param(
            MATTERS,
            "scheme: EMPLOYEE_PENSION",
            "scheme: EMPLOYE_PENSION",
            "no such value: EMPLOYE_PENSION (EMPLOYEE_PENSION?); known: CIVIL_SERVICE_PENSION",
            id="an unknown code in a condition",
        ),
        pytest.param(
            MATERIALS,
            "- kind: 7",
            "- kind: seven",
            "Input should be a valid integer, unable to parse string as an integer, not seven",
            id="a material that is no number",
        ),
        pytest.param(
            MATERIALS, "- kind: 7", "- kind: 6", "material 6 stands here twice", id="a material twice"
        ),
        pytest.param(
            MATERIALS,
            "or_materials: [3, 7]",
            "or_materials: [3, 99]",
            "no such other material: 99 (9?); known: 1",
            id="an unknown material will do as well",
        ),
        pytest.param(
            MATERIALS,
            "or_materials: [3, 7]",
            "or_materials: [8, 7]",
            "no such other material: 8; known: 1",
            id="a material stands for itself",
        ),
        pytest.param(
            MATTERS,
            "required: false",
            "required: hardly",
            "Input should be a valid boolean, unable to interpret input, not hardly",
            id="required and not",
        ),
        pytest.param(
            MATERIALS,
            "{record: notary,",
            "{record: notery,",
            "no such record type: notery (notary?); known: abnormal_death",
            id="an unknown record verifies",
        ),
        pytest.param(
            MATERIALS,
            "{prerequisite: death}",
            "{prerequisite: dead}",
            "no such prerequisite: dead (death?); known: death",
            id="an unknown prerequisite verifies",
        ),
        pytest.param(
            MATERIALS,
            "where: {social_card.active:",
            "where: {social_card.activ:",
            "of social_insurance: social_card.activ (social_card.active?); known: record_id",
            id="an unknown nested field",
        ),
        pytest.param(
            MATERIALS,
            "any_record: true",
            "any_record: perhaps",
            "Input should be a valid boolean, unable to interpret input, not perhaps",
            id="neither yes nor no",
        ),
        pytest.param(
            FORM,
            "from: [death_certificate.sex]",
            "from: [certificate.sex]",
            "no such record type: certificate (death_certificate?); known: abnormal_death",
            id="an unknown source",
        ),
        pytest.param(
            FORM,
            "from: [death_certificate.sex]",
            "from: [death_certificate.gender]",
            "no such field of death_certificate: gender; known: record_id",
            id="an unknown field",
        ),
        pytest.param(
            CONFLICTS,
            "against: [cremation.death_time,",
            "against: [cremation.died,",
            "no such field of cremation: died; known: record_id",
            id="an unknown field to agree with",
        ),
        pytest.param(
            CONFLICTS,
            "rule: sign_of_life",
            "rule: cremation_differs",
            "rule cremation_differs stands here twice",
            id="a rule twice",
        ),
        pytest.param(
            CONFLICTS,
            "holds: death",
            "holds: birth",
            "no such prerequisite: birth; known: death",
            id="an unknown prerequisite to hold",
        ),
        pytest.param(
            CONFLICTS,
            "deceased.death_time",
            "deceased.died",
            "no such field of the form: deceased.died (deceased.sex?); known: deceased.name",
            id="an unknown field to empty",
        ),
        pytest.param(
            CONFLICTS,
            "must: be_of_one_day",
            "must: be_nice",
            "Input should be 'be_of_one_day', 'be_of_that_day', 'not_be_earlier' or 'not_be_later', not be_",
            id="an unknown relation",
        ),
        pytest.param(
            CONFLICTS,
            "must: be_of_one_day",
            "must: be_of_that_day",
            "be_of_that_day needs against: what has to be of the day of a value",
            id="of the day of nothing",
        ),
        pytest.param(
            CONFLICTS,
            "    must: be_of_one_day\n    source",
            "    must: be_of_one_day\n    holds_beyond_days: 3\n    source",
            "holds_beyond_days needs holds and against: how far what is, to hold what",
            id="a bound for what holds nothing",
        ),
        pytest.param(
            CONFLICTS,
            "holds_beyond_days: 3",
            "holds_beyond_days: -1",
            "Input should be greater than or equal to 0, not -1",
            id="a bound below nought",
        ),
        pytest.param(
            CONFLICTS,
            "matters: [4, 5, 6, 7, 8, 10]",
            "matters: [4, 5, 6, 7, 8, 13]",
            "no such matter: 13 (3?); known: 1",
            id="an unknown matter of money",
        ),
        pytest.param(
            CONFLICTS,
            "money_matters:\n  matters",
            "money_maters:\n  matters",
            "money_maters",
            id="the money matters misspelt",
        ),
        pytest.param(
            CONFLICTS,
            "  holds: money_matters\n  source",
            "  holds: money_maters\n  source",
            "Input should be 'money_matters', not money_maters",
            id="two applicants hold what nobody knows",
        ),
        pytest.param(
            CONFLICTS,
            "kind: WILL",
            "kind: WISH",
            "kind is never WISH: no such value: WISH; known: INHERITANCE",
            id="a condition that never holds",
        ),
        pytest.param(
            PERIODS,
            "acknowledge_hours: 24",
            "acknowledge_hours: 0",
            "Input should be greater than 0, not 0",
            id="no time at all",
        ),
        pytest.param(
            FORM,
            "code_list: sex",
            "code_list: gender",
            "no such code list: gender; known: sex",
            id="an unknown code list",
        ),
        pytest.param(
            FORM,
            "  applicant:\n",
            "  petitioner:\n",
            "Input should be 'deceased', 'applicant', 'accounts' or 'further', not petitioner",
            id="an unknown section",
        ),
        pytest.param(
            FORM,
            "otherwise: for_applicant, code_list: relation",
            "otherwise: somebody, code_list: relation",
            "Input should be 'missing' or 'for_applicant', not somebody",
            id="an unknown state",
        ),
        pytest.param(
            FORM,
            "only_if: {social_insurance: {social_card.active: true}}",
            "only_if: {social_insurance: {social_card.live: true}}",
            "of social_insurance: social_card.live (social_card.active?); known: record_id",
            id="an unknown field decides",
        ),
        pytest.param(
            FORM,
            "- A00  #",
            "- Cholera  #",
            r"String should match pattern '^[A-Z][0-9]{2}(\.[0-9A-Za-z]{1,8})?$', not Cholera",
            id="a word for a code of ICD-10",
        ),
        pytest.param(
            FORM,
            "from: [cremation.cremation_time], date_only: true}",
            "from: [cremation.cremation_time], yes_for_icd10: [A00]}",
            "yes_for_icd10 is asked of codes of ICD-10",
            id="words are asked for a code of ICD-10",
        ),
        pytest.param(
            FORM,
            "implied_by: {abnormal_death: ABNORMAL}",
            "implied_by: {unnatural_death: ABNORMAL}",
            "no such record type: unnatural_death",
            id="what implies a value is no record",
        ),
        pytest.param(
            FORM,
            "    notary_deed_no: {term: 公证书编号, from: [notary.deed_no]}",
            "    notary_deed_no: {term: 公证书编号, from: [notary.deed_no], of_applicant: true}",
            "of_applicant is asked of lists of persons, each with name and id_number",
            id="the applicant in what lists nobody",
        ),
        pytest.param(
            DISCLOSURE,
            "reader: auditors",
            "reader: inspectors",
            "no such reader: inspectors; known: auditors, data_bureau",
            id="an unknown reader",
        ),
        pytest.param(
            DISCLOSURE,
            "reader: auditors",
            "reader: justice",
            "no such reader: justice",
            id="who is told by its grant reads besides",
        ),
        pytest.param(
            DISCLOSURE,
            "reader: auditors",
            "reader: service_centre",
            "service_centre stands here twice",
            id="a reader twice",
        ),
        pytest.param(
            DISCLOSURE,
            "reader: auditors, may_see: [deceased.*,",
            "reader: auditors, may_see: [deceased.all,",
            "no such field or group: deceased.all",
            id="an unknown field is read",
        ),
        pytest.param(
            DISCLOSURE,
            "county: {any_record: [hukou_cancellation]",
            "county: {any_record: [hukou]",
            "no such record type: hukou",
            id="the county is asked of no record",
        ),
        pytest.param(
            DISCLOSURE,
            "department: justice",
            "department: court",
            "no such department: court (counties?); known: data_bureau",
            id="an unknown department sees",
        ),
        pytest.param(
            DISCLOSURE,
            "department: justice",
            "department: police",
            "police stands here twice",
            id="a department twice",
        ),
        pytest.param(
            DISCLOSURE,
            "identity: [deceased.name,",
            "identity: [deceased.surname,",
            "no such field or group: deceased.surname (deceased.name?); known: deceased.name",
            id="an unknown field is granted",
        ),
        pytest.param(
            DISCLOSURE,
            "may_see: [identity, death, cause,",
            "may_see: [identity, grief,",
            "no such field or group: grief; known: deceased.name",
            id="an unknown group",
        ),
        pytest.param(
            DISCLOSURE,
            "applicant: [applicant.*]",
            "applicant: applicant.*",
            "Input should be a valid tuple, not applicant.*",
            id="no list",
        ),
        pytest.param(
            CALENDAR,
            "years: {}",
            "years: {2030: {days_off: [], make_up_days: [], source: ours}}",
            "2027 is known neither here nor to chinesecalendar",
            id="years between are missing",
        ),
        pytest.param(
            FORM,
            "from: [death_certificate.sex]",
            "form: [death_certificate.sex]",
            "no such key: form (from?); known: term, block, from",
            id="a key misspelt beside its own name",
        ),
        pytest.param(
            PERIODS,
            "acknowledge_hours: 24",
            "acknowledge_hour: 24",
            "no such key: acknowledge_hour (acknowledge_hours?); known: correction_minutes",
            id="a key without its s",
        ),
        pytest.param(
            DISCLOSURE,
            "{department: justice, may_see:",
            "{department: justice, sees:",
            "no such key: sees; known: department, may_see, materials",
            id="a key like no other",
        ),
        pytest.param(
            MATTERS,
            "matters:\n  - matter: 1\n",
            "maters:\n  - matter: 1\n",
            "no such key: maters (matters?); known: death, window, banks, ways_out, prerequisites, matters",
            id="a whole part misspelt",
        ),
        pytest.param(
            MATERIALS,
            "{record: notary, naming",
            "{record: notary, nameing",
            "no such key: nameing_applicant (naming_applicant?)",
            id="a key within what may be left out",
        ),
        pytest.param(
            CALENDAR,
            "years: {}",
            "years: {2026: {days_of: [], make_up_days: [], source: ours}}",
            "no such key: days_of (days_off?); known: days_off, make_up_days, source",
            id="a key within a year",
        ),
        pytest.param(
            ACCEPTANCE,
            '  times: "2026',
            '  hours: "2026',
            "'value_forms', 'name_values' or 'name_notes', not hours",
            id="an unknown set of rules",
        ),
        pytest.param(
            ACCEPTANCE,
            '29T00:00:00+08:00"',
            '29T00:00:00"',
            "Input should have timezone info, not 2026-11-29T00:00:00",
            id="a moment of no zone",
        ),
        pytest.param(
            ACCEPTANCE,
            "name_misread: warning",
            "name_unread: warning",
            "'name_is_value' or 'name_with_lookalikes', not name_unread (name_misread?)",
            id="an unknown fault",
        ),
        pytest.param(
            ACCEPTANCE,
            "name_misread: warning",
            "name_misread: remark",
            "Input should be 'refused', 'held' or 'warning', not remark",
            id="an unknown weight",
        ),
        pytest.param(
            ACCEPTANCE,
            "[recorded_at]",
            "[recorded]",
            "no such time of a record: recorded (recorded_at?); known: birth_date",
            id="an unknown time",
        ),
        pytest.param(
            ACCEPTANCE,
            "1990-01-01",
            "1990-13-01",
            "1990-13-01: month must be in 1..12",
            id="no day of the calendar",
        ),
    ],
)
def test_a_slip_is_named_with_its_file_and_line(
    tmp_path: Path, file: str, before: str, after: str, told: str
) -> None:
    """Whoever edits the policy is told where the slip is, what may stand there and what is like it."""
    line = planted(tmp_path, file, before, after)
    with pytest.raises(PolicyFileError) as refused:
        load_policy(tmp_path)
    found = [one for one in str(refused.value).splitlines() if one.startswith(f"{file}:{line}: ")]
    assert any(told in one for one in found), refused.value


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
    """Whoever changes one line need not copy those that a later version adds."""
    planted(tmp_path, ACCEPTANCE, "  name_misread: warning", "  name_misread: held")
    path = tmp_path / ACCEPTANCE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("  names: ", "  name_damaged: "))]
    path.write_text("".join(kept), encoding="utf-8")
    own, shipped = load_policy(tmp_path).acceptance, load_policy().acceptance
    assert own.since == shipped.since
    assert own.names == {**shipped.names, "name_misread": "held"}
