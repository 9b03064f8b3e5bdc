"""Every made-up family: how its matters stand, who was told, what its page says, and what it asks for."""

from collections import defaultdict
from functools import cache

from avro_schemas.typed_documents import CaseDocument
from consumers.family.next_steps import FAMILY
from consumers.family.progress import CaseProgress, progress_of
from exchange.command.views.family import ProgressPage
from exchange.domain.policy import load_policy
from exchange.runtime.city import City
from tests.cases import document, tell
from tests.cells import each_cell
from tests.consumers.family.families import FAMILIES, Family
from topics.labels import Language

LETTERS = {
    "NOT_APPLICABLE": "N",
    "WAITING": "W",
    "READY": "R",
    "APPLIED": "A",
    "ACCEPTED": "I",
    "COMPLETED": "C",
    "REJECTED": "X",
    "SUSPENDED": "S",
}
POLICY, FAMILY_POLICY = load_policy(), City().family
BY_NAME = {one.name: one for one in FAMILIES}
EACH = each_cell("family", FAMILIES, ids=lambda one: one.name)


@cache
def case_of(name: str) -> CaseDocument:
    """The case of the family called so."""
    return document(*BY_NAME[name].records)


def states(family: Family) -> str:
    """The letters of all rows."""
    return "".join(LETTERS[one["state"]] for one in case_of(family.name)["matters"])


def told(family: Family) -> dict[str, str]:
    """What each department was told, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in tell(family.records)[1]:
        found[one.department].append(f"{one.matter}{LETTERS.get(one.transition, one.transition)}")
    return {department: " ".join(announced) for department, announced in found.items()}


def view(family: Family, audience: str = "applicant") -> CaseProgress:
    """What the family's page tells."""
    case, reader = case_of(family.name), FAMILY_POLICY.audience(audience)
    assert reader is not None
    application = case["applications"][-1] if case["applications"] else None
    return progress_of(case, application, reader, FAMILY_POLICY, POLICY, family.day)


def asks(family: Family) -> dict[int, str]:
    """Matter → what is asked of the family; the materials by their kinds."""
    found: dict[int, list[str]] = defaultdict(list)
    for one in view(family)["matters"]:
        for step in one["next_steps"]:
            if FAMILY in step["acts"]:
                kind = "" if step["material"] is None else str(step["material"])
                found[one["matter"]].append(kind or step["what"])
    return {number: " ".join(wanted) for number, wanted in sorted(found.items())}


def page(family: Family, audience: str = "applicant", language: Language = "zh") -> str:
    """What people read."""
    return "\n".join(ProgressPage(POLICY, language).lines(view(family, audience), FAMILY_POLICY, ()))


@EACH
def test_how_every_matter_stands(family: Family) -> None:
    """All of them, in the order of the policy."""
    assert states(family) == family.states


@EACH
def test_who_was_told(family: Family) -> None:
    """Each department its own matters, in order; nobody else."""
    assert told(family) == family.told


@EACH
def test_what_the_family_is_asked_for(family: Family) -> None:
    """No more, and no less."""
    assert asks(family) == family.asks


@EACH
def test_what_the_page_says(family: Family) -> None:
    """The same sentences for the applicant and for the hotline, but for what the hotline may not hear."""
    for said in (*family.says, *family.to_applicant):
        assert said in page(family)
    for said in (*family.to_applicant, *family.not_said):
        assert said not in page(family, "12345")
    for said in family.not_said:
        for audience in ("applicant", "12345"):
            assert said not in page(family, audience)


@EACH
def test_the_english_page_has_no_chinese_punctuation(family: Family) -> None:
    """Only what departments and people wrote themselves is Chinese in it."""
    assert set("【】（），、：；。") & set(page(family, language="en")) == set()


def test_matters_are_counted_up_as_a_sentence_does() -> None:
    """Matter 3, matters 4 and 5, matters 4, 5 and 6; in Chinese 事项4、5、6."""
    hospital, home, over = (
        next(one for one in FAMILIES if one.name == name)
        for name in (
            "a death in hospital, nobody has applied",
            "a pension applied for without its papers",
            "a bank over the limit",
        )
    )
    assert "\n  Matters 4 and 5: by law" in page(hospital, language="en")
    assert "\n  Matter 3: by law" in page(hospital, language="en")
    assert "missing (for matter 4; annex 2 row 5" in page(home, language="en")
    assert "\n  Matters 4, 5 and 6: by law" in page(over, language="en")
    assert "\n  事项4、5、6，" in page(over)
