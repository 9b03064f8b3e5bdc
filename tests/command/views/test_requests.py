"""What the family must bring, as the window reads it out."""

from pathlib import Path

from rich.console import Console

from exchange.command.views.requests import request_table
from exchange.command.views.sheet import Sheet
from exchange.domain.policy import Policy, load_policy
from tests.cases import Given, applied, document, given
from tests.policies import edited

EVERY_WORD = 300
KINSHIP = "{kind: 8, assumed: true}]"


def shown(
    *matters: int,
    language: str = "zh",
    policy: Policy | None = None,
    records: tuple[Given, ...] = (given("death_certificate"),),
) -> str:
    """The table of a case in which somebody has applied for these."""
    found = document(*records, applied(*matters))
    console = Console(width=EVERY_WORD)
    with console.capture() as output:
        console.print(request_table(Sheet(policy or load_policy(), language), found))  # type: ignore[arg-type]
    return output.get()


def test_each_request_says_for_which_matters_and_by_which_row_of_annex_2() -> None:
    """The reason for each paper is shown, with annex 2's own remark."""
    said = shown(3, 9)
    assert "附件2第3行：线下办理，线下提供" in said
    assert "3 户口注销" in said
    assert "9 遗嘱继承公证信息核查" in said
    assert said.count("居民户口簿") == 1
    assert "annex 2 row 2: the original is needed for the cremation certificate" in shown(3, language="en")


def test_what_the_plan_does_not_list_is_set_by_the_city_only_where_the_city_did_so(tmp_path: Path) -> None:
    """Nobody is told that annex 2 wants what it does not, or that the city decided what it did not."""
    for language, provisional, decided in (
        ("zh", "方案未列材料，暂按此准备", "方案未列材料，本市设定"),
        ("en", "provisional, the service counter tells you what is needed", "set by the city"),
    ):
        assert provisional in shown(12, language=language)
        assert decided not in shown(12, language=language)
        own = edited(
            tmp_path / language, ("matters.yaml", KINSHIP, KINSHIP.replace("}", ", set_by_city: true}"))
        )
        assert decided in shown(12, language=language, policy=load_policy(own))
    assert "附件2" not in shown(12)


def test_the_remark_on_originals_is_for_matters_that_want_them() -> None:
    """Who applies for the death certificate need not read what the register's office wants."""
    assert "需要材料原件" in shown(3)
    assert "需要材料原件" not in shown(1, records=())
