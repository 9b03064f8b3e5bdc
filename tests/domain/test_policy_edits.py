"""What a city may edit in the policy files without a change of code: each edit is taken, and holds."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from exchange.domain.policy import Policy, load_policy
from exchange.domain.policy_files.models import Matter
from tests.examples import share
from tests.policies import PROOF_OF_TITLE, THIRTEENTH, TRANSFER, Edit, edited

MATTERS, MATERIALS, FORM, DISCLOSURE = "matters.yaml", "materials.yaml", "form.yaml", "disclosure.yaml"
CONFLICTS, PERIODS, CALENDAR = "conflicts.yaml", "periods.yaml", "working_days.yaml"
ACCEPTANCE = "acceptance.yaml"
EQUITY = """
  equity:
    term: 股权登记信息
    any_record: [equity]
    owed_by: [market_regulation]
    source: assumed
"""
Holds = Callable[[Policy], bool]


def matter(policy: Policy, number: int) -> Matter:
    """One of the policy's matters."""
    return next(one for one in policy.matters if one.matter == number)


def edit(name: str, file: str, before: str, after: str, holds: Holds) -> object:
    """A case of the table."""
    return pytest.param(((file, before, after),), holds, id=name)


EDITS = [
    pytest.param(THIRTEENTH, lambda p: matter(p, TRANSFER).decides == "police", id="a thirteenth matter"),
    pytest.param(THIRTEENTH, lambda p: PROOF_OF_TITLE in p.materials, id="a kind of material more"),
    edit(
        "a matter under a far number",
        *(MATTERS, "  - matter: 12\n", "  - matter: 2026\n"),
        lambda p: 2026 in p.deciders and 12 not in p.deciders,
    ),
    edit(
        "a matter of another name",
        *(MATTERS, "term: 出具火化证", "term: 办理火化证"),
        lambda p: matter(p, 2).term == "办理火化证",
    ),
    pytest.param(
        (
            (MATTERS, "examine_first: []", "examine_first: [WINDOW]"),
            (MATTERS, "examine_since: null", 'examine_since: "2026-07-01T00:00:00+08:00"'),
        ),
        lambda p: p.window_rule.since == "2026-06-30T16:00:00.000000Z",
        id="examined first from a day on",
    ),
    edit(
        "another department decides",
        *(MATTERS, "decides: civil_affairs", "decides: health"),
        lambda p: p.deciders[2] == {"health"},
    ),
    edit(
        "nobody decides in its stead",
        *(MATTERS, "    decides_instead: {abnormal_death: police}\n", ""),
        lambda p: p.deciders[1] == {"health"},
    ),
    edit(
        "another decides after a judgment",
        *(
            MATTERS,
            "decides: provident_fund\n",
            "decides: provident_fund\n    decides_instead: {death_declaration: justice}\n",
        ),
        lambda p: p.deciders[8] == {"provident_fund", "justice"},
    ),
    edit(
        "who has no certificate waits for one",
        *(MATTERS, "    opened_by_application: true\n", ""),
        lambda p: not matter(p, 1).opened_by_application,
    ),
    edit(
        "nobody is asked about a burial",
        *(MATTERS, 'peoples: ["03", "05", "17", "26", "29", "35", "41", "43", "47", "50"]', "peoples: []"),
        lambda p: not (rule := matter(p, 2).family_chooses) or not rule.peoples,
    ),
    edit(
        "another region is asked",
        *(MATTERS, 'regions: ["620525"]', 'regions: ["620525", "620522"]'),
        lambda p: bool((rule := matter(p, 2).family_chooses) and "620522" in rule.regions),
    ),
    edit(
        "a shorter limit",
        *(MATTERS, "limit_working_days: 15", "limit_working_days: 10"),
        lambda p: matter(p, 4).limit_working_days == 10,
    ),
    edit(
        "a limit of one day",
        *(MATTERS, "limit_working_days: 3\n", "limit_working_days: 1\n"),
        lambda p: matter(p, 8).limit_working_days == 1,
    ),
    edit(
        "a material more",
        *(
            MATTERS,
            "materials: [{kind: 1}, {kind: 2}, {kind: 3}]",
            "materials: [{kind: 1}, {kind: 2}, {kind: 3}, {kind: 7}]",
        ),
        lambda p: [one.kind for one in matter(p, 1).materials] == [1, 2, 3, 7],
    ),
    edit(
        "the card is a must for medical insurance, too",
        *(MATTERS, "{kind: 5, required: false}", "{kind: 5}"),
        lambda p: all(one.required for one in matter(p, 7).materials),
    ),
    edit(
        "no other material stands for kinship",
        *(MATERIALS, "    or_materials: [3, 7]\n", ""),
        lambda p: p.materials[8].or_materials == (),
    ),
    edit(
        "no material at all",
        *(MATTERS, "materials: [{kind: 1}, {kind: 2}, {kind: 3}]", "materials: []"),
        lambda p: matter(p, 1).materials == (),
    ),
    edit(
        "an original no more",
        *(
            MATTERS,
            "[{kind: 1, original: true}, {kind: 2, original: true}, {kind: 4",
            "[{kind: 1}, {kind: 2}, {kind: 4",
        ),
        lambda p: [one.original for one in matter(p, 2).materials] == [False, False, True],
    ),
    edit(
        "a prerequisite more",
        *(
            MATTERS,
            "prerequisites: [death, social_insurance]",
            "prerequisites: [death, social_insurance, inheritance_document]",
        ),
        lambda p: "inheritance_document" in matter(p, 4).prerequisites,
    ),
    edit(
        "a prerequisite less",
        *(
            MATTERS,
            "prerequisites: [death, provident_fund, inheritance_document]",
            "prerequisites: [death, provident_fund]",
        ),
        lambda p: matter(p, 8).prerequisites == ("death", "provident_fund"),
    ),
    edit(
        "a prerequisite of the city's own",
        *(
            MATTERS,
            "matters:\n  - matter: 1\n",
            f"{EQUITY}\nmatters:\n  - matter: 1\n",
        ),
        lambda p: p.prerequisites["equity"].any_record == ("equity",),
    ),
    edit(
        "another record will do as well",
        *(MATTERS, "any_record: [notary]", "any_record: [notary, equity]"),
        lambda p: p.prerequisites["inheritance_document"].any_record == ("notary", "equity"),
    ),
    edit(
        "no material in a record's stead",
        *(MATTERS, "    or_material: 7\n", ""),
        lambda p: p.prerequisites["inheritance_document"].or_material is None,
    ),
    edit(
        "others owe it",
        *(MATTERS, "owed_by: [justice, service_centre]", "owed_by: [justice]"),
        lambda p: p.prerequisites["inheritance_document"].owed_by == ("justice",),
    ),
    edit(
        "a higher bound",
        *(MATTERS, "at_most: 5000000", "at_most: 10_000_000"),
        lambda p: matter(p, 10).applies.together == {"balance_fen": {"above": 0, "at_most": 10_000_000}},
    ),
    edit(
        "also for other documents",
        *(MATTERS, "{id_type: [RESIDENT_ID]}", "{id_type: [RESIDENT_ID, HMT_RESIDENCE_PERMIT]}"),
        lambda p: len(matter(p, 3).applies.id_type) == 2,
    ),
    edit(
        "without regard to the benefit",
        *(
            MATTERS,
            "where: {scheme: EMPLOYEE_PENSION, receiving_benefit: true}",
            "where: {scheme: EMPLOYEE_PENSION}",
        ),
        lambda p: matter(p, 4).applies.where == {"scheme": "EMPLOYEE_PENSION"},
    ),
    edit(
        "by the code first",
        *(MATTERS, "named_by: [bank_name, bank_uscc]", "named_by: [bank_uscc, bank_name]"),
        lambda p: matter(p, 10).instance.named_by == ("bank_uscc", "bank_name"),
    ),
    edit(
        "a bank's code is filled in",
        *(MATTERS, "{name: 甘肃银行, uscc: null,", "{name: 甘肃银行, uscc: 91620500736625851H,"),
        lambda p: p.banks.instance_of("甘肃银行天水分行") == "91620500736625851H",
    ),
    edit(
        "another bank",
        *(
            MATTERS,
            "  known:\n",
            "  known:\n    - {name: 麦积农商银行, aliases: [麦积信用社], branches: [社棠信用社]}\n",
        ),
        lambda p: {*map(p.banks.instance_of, ("麦积信用社", "社棠信用社"))} == {"麦积农商银行"},
    ),
    edit(
        "no other bank asks for less",
        *(MATTERS, ", not_counted: {balance_fen: paid_in_after_death_fen}", ""),
        lambda p: matter(p, 10).applies.not_counted == {},
    ),
    edit(
        "the family has to apply",
        *(MATTERS, "    without_application: police_act_themselves\n", ""),
        lambda p: matter(p, 11).without_application is None,
    ),
    edit(
        "small amounts without a deed",
        *(
            MATTERS,
            "{kind: 4}, {kind: 7}]",
            "{kind: 4}, {kind: 7, waived_together: {balance_fen: {at_most: 1000000}}}]",
        ),
        lambda p: matter(p, 8).materials[-1].waived_together == {"balance_fen": {"at_most": 1_000_000}},
    ),
    edit(
        "another way out",
        *(MATTERS, "zh: 存款合计超过5万元", "zh: 存款合计超过限额"),
        lambda p: p.ways_out["inheritance_notarisation"].zh.startswith("存款合计超过限额"),
    ),
    edit(
        "brothers and sisters, too",
        *(MATTERS, 'relations: ["10",', 'relations: ["70", "10",'),
        lambda p: matter(p, 10).entitled.relations[0] == "70",
    ),
    edit(
        "done by a record instead of a result",
        *(
            MATTERS,
            "    prerequisites: [death]\n    done_by: {result: true}",
            "    prerequisites: [death]\n    done_by: {record: [notary]}",
        ),
        lambda p: matter(p, 9).done_by.record == ("notary",),
    ),
    edit(
        "a declaration proves nothing",
        *(
            MATTERS,
            "established_by: [death_certificate, abnormal_death, death_declaration]",
            "established_by: [death_certificate, abnormal_death]",
        ),
        lambda p: p.death.established_by == ("death_certificate", "abnormal_death"),
    ),
    edit(
        "a remark on a material",
        *(
            MATERIALS,
            '    source: "annex 2 row 7"',
            '    remark: {zh: 提供原件, en: bring the original}\n    source: "annex 2 row 7"',
        ),
        lambda p: p.materials[7].remark.zh == "提供原件",
    ),
    edit(
        "a material never waived",
        *(MATERIALS, "    verified_by: {prerequisite: death}\n", ""),
        lambda p: p.materials[4].verified_by is None,
    ),
    edit(
        "a material that a record proves",
        *(
            MATERIALS,
            '    source: "annex 2 row 3',
            '    verified_by: {record: hukou_cancellation}\n    source: "annex 2 row 3',
        ),
        lambda p: p.materials[3].verified_by.record == "hukou_cancellation",
    ),
    edit(
        "whoever inherits",
        *(MATERIALS, "{record: notary, naming_applicant: true}", "{record: notary}"),
        lambda p: not p.materials[7].verified_by.naming_applicant,
    ),
    edit(
        "another source of a field",
        *(
            FORM,
            "from: [provident_fund.employer]",
            "from: [provident_fund.employer, social_insurance.issuer_name]",
        ),
        lambda p: len(p.form["deceased"]["employer"].sources) == 2,
    ),
    edit(
        "a field that is masked",
        *(
            FORM,
            "      term: 户籍地址\n      from",
            "      term: 户籍地址\n      sensitive: true\n      from",
        ),
        lambda p: p.form["deceased"]["registered_address"].sensitive,
    ),
    edit(
        "a field of the city's own",
        *(
            FORM,
            "  further:\n",
            "  further:\n    vehicle_class: {term: 准驾车型, from: [driving_licence.vehicle_class]}\n",
        ),
        lambda p: "vehicle_class" in p.form["further"],
    ),
    edit(
        "less is shown",
        *(
            DISCLOSURE,
            "{department: health, may_see: [identity, death, cause, applicant]}",
            "{department: health, may_see: [identity, death]}",
        ),
        lambda p: p.grants["health"] == {"deceased.name", "deceased.id_number", "deceased.death_time"},
    ),
    edit(
        "nothing is shown",
        *(
            DISCLOSURE,
            "  - {department: justice, may_see: [identity, death, applicant, notary, "
            "further.notary_beneficiaries]}\n",
            "",
        ),
        lambda p: "justice" not in p.grants,
    ),
    edit(
        "a disease more is infectious",
        *(FORM, "        - A00  #", "        - G03  # 其他脑膜炎\n        - A00  #"),
        lambda p: "G03" in p.form["further"]["infectious"].yes_for_icd10,
    ),
    edit(
        "another record implies a value",
        *(FORM, "implied_by: {abnormal_death: ABNORMAL}", "implied_by: {abnormal_death: 非正常死亡}"),
        lambda p: p.form["further"]["death_manner"].implied_by == {"abnormal_death": "非正常死亡"},
    ),
    edit(
        "the service centre reads materials",
        *(DISCLOSURE, "accounts.*], materials: false}", "accounts.*]}"),
        lambda p: "service_centre" in p.shown_materials,
    ),
    edit(
        "nobody else reads",
        *(
            DISCLOSURE,
            "  - {reader: auditors, may_see: [deceased.*, applicant.*, accounts.*, further.*]}\n",
            "",
        ),
        lambda p: set(p.readers) == {"service_centre"},
    ),
    edit(
        "the certificate says whose people somebody is",
        *(
            DISCLOSURE,
            "any_record: [hukou_cancellation]",
            "any_record: [hukou_cancellation, death_certificate]",
        ),
        lambda p: p.county_records == ("hukou_cancellation", "death_certificate"),
    ),
    edit(
        "materials are not shown",
        *(DISCLOSURE, "death, applicant, card]}", "death, applicant, card], materials: false}"),
        lambda p: "medical_insurance" not in p.shown_materials,
    ),
    edit(
        "a group with a field more",
        *(DISCLOSURE, "death: [deceased.death_time]", "death: [deceased.death_time, deceased.death_place]"),
        lambda p: "deceased.death_place" in p.grants["civil_affairs"],
    ),
    edit(
        "a conflict that is shown and holds nothing",
        *(CONFLICTS, "    must: be_of_one_day\n    holds: death\n", "    must: be_of_one_day\n"),
        lambda p: p.conflicts[0].holds is None,
    ),
    edit(
        "a week for a slip",
        *(CONFLICTS, "holds_beyond_days: 3", "holds_beyond_days: 7"),
        lambda p: p.conflicts[1].holds_beyond_days == 7,
    ),
    edit(
        "fewer matters of money",
        *(CONFLICTS, "matters: [4, 5, 6, 7, 8, 10]", "matters: [4, 5, 6]"),
        lambda p: p.money_matters == {4, 5, 6},
    ),
    edit(
        "two applicants hold every matter",
        *(CONFLICTS, "  holds: money_matters\n  source", "  source"),
        lambda p: 9 in p.of_one_applicant,
    ),
    edit(
        "more days of grace",
        *(CONFLICTS, "grace_days: 60", "grace_days: 90"),
        lambda p: p.conflicts[-1].grace_days == 90,
    ),
    edit(
        "more time to acknowledge",
        *(PERIODS, "acknowledge_hours: 24", "acknowledge_hours: 48"),
        lambda p: p.periods.acknowledge_hours == 48,
    ),
    edit(
        "told three days before",
        *(PERIODS, "due_soon_working_days: 1", "due_soon_working_days: 3"),
        lambda p: p.periods.due_soon_working_days == 3,
    ),
    edit(
        "limits from when a source recorded",
        *(PERIODS, "count_from: told ", "count_from: recorded "),
        lambda p: p.periods.count_from == "recorded",
    ),
    edit(
        "nothing said of it",
        *(PERIODS, "count_from: told ", "# count_from: "),
        lambda p: p.periods.count_from == "told",
    ),
    edit(
        "the next year's holidays",
        *(
            CALENDAR,
            "years: {}",
            "years: {2027: {days_off: [2027-01-01], make_up_days: [2027-02-06], source: 国办}}",
        ),
        lambda p: p.working_days.from_on(date(2027, 1, 1), 1) == date(2027, 1, 4),
    ),
    edit(
        "a placeholder is refused",
        *(ACCEPTANCE, "name_placeholder: held ", "name_placeholder: refused "),
        lambda p: p.acceptance.names["name_placeholder"] == "refused",
    ),
    edit(
        "a later moment",
        *(ACCEPTANCE, 'numbers: "2026-11-29T20:00:00+08:00"', 'numbers: "2027-01-01T00:00:00+00:00"'),
        lambda p: p.acceptance.since["numbers"] == datetime(2027, 1, 1, tzinfo=UTC),
    ),
    edit(
        "an older age",
        *(ACCEPTANCE, "oldest_age_years: 122", "oldest_age_years: 115"),
        lambda p: p.acceptance.oldest_age_years == 115,
    ),
]


@pytest.mark.parametrize(("edits", "holds"), share(EDITS))
def test_a_good_edit_is_taken_and_holds(tmp_path: Path, edits: tuple[Edit, ...], holds: Holds) -> None:
    """The policy says so, where the shipped one does not."""
    taken = load_policy(edited(tmp_path, *edits))
    assert holds(taken)
    assert taken != load_policy()
