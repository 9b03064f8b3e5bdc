"""What the family must bring, as the window reads it out."""

from rich.console import Console

from exchange.command.views.requests import request_table
from exchange.command.views.sheet import Sheet
from exchange.domain.policy import load_policy
from tests.cases import applied, document, given

EVERY_WORD = 300


def shown(*matters: int, language: str = "zh") -> str:
    """The table of a case in which somebody has applied for these."""
    found = document(given("death_certificate"), applied(*matters))
    console = Console(width=EVERY_WORD)
    with console.capture() as output:
        console.print(request_table(Sheet(load_policy(), language), found))  # type: ignore[arg-type]
    return output.get()


def test_each_request_says_for_which_matters_and_by_which_row_of_annex_2() -> None:
    """The reason for each paper is shown, with annex 2's own remark."""
    said = shown(3, 9)
    assert "附件2第3行: 线下办理，线下提供" in said
    assert "3 户口注销" in said
    assert "9 遗嘱继承公证信息核查" in said
    assert said.count("居民户口簿") == 1
    assert "annex 2 row 2: cremation certificate and hukou need the original" in shown(3, language="en")


def test_what_the_plan_does_not_list_is_shown_as_assumed() -> None:
    """Nobody is told that annex 2 wants what it does not."""
    assert "方案未列材料" in shown(12)
    assert "附件2" not in shown(12)
