"""Wrong usage is told in both languages, whatever the library calls it."""

import pytest
import typer

from exchange.command.app import build_app
from exchange.command.terminal.usage import in_both, tell_in_both


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        (["backup", "--hom", "x"], "没有选项 --hom。", "No such option: --hom (Possible options: --home)"),
        (["backup"], "Missing argument 'DIR'. 请补上。", "It is required."),
        (["backup", "a", "b c"], "多出了参数：b c。", "Got unexpected extra arguments (b c)."),
        (
            ["backup", "a", "—home", "b"],
            "选项以两个半角减号（--）开头",
            "An option begins with two plain hyphens",
        ),
        (["backup", "a", "－－home=b"], "多出了参数：－－home=b。", "(－－home=b)"),
        (["backup", "a", "--home"], "选项 --home 后面应有一个值。", "Option '--home' requires an argument."),
        (["bakup"], "没有命令 bakup；", "Did you mean 'backup'?"),
        (["备份"], "没有命令 备份；", "No such command '备份';"),
        (["run"], "没有命令 run；", "No such command 'run';"),
        (["backup", "a", "--x\033[31m"], "没有选项 --x", "No such option: --x"),
    ],
)
def test_wrong_usage_is_told_in_both_languages(
    capsys: pytest.CaptureFixture[str], words: list[str], chinese: str, english: str
) -> None:
    """The library's own words are English."""
    command = tell_in_both(typer.main.get_command(build_app(["backup", "restore"])))
    with pytest.raises(SystemExit) as ended:
        command(args=words, prog_name="exchange")
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert chinese in told
    assert english in told
    assert "\033" not in told


def test_what_is_unknown_is_told_with_the_librarys_words() -> None:
    """A new version may say what nobody has translated."""
    assert in_both("something new") == "用法有误（something new）。\n  something new"


@pytest.mark.parametrize("words", [["backup", "--help"], []])
def test_a_help_is_shown_as_it_is(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """Who asks for nothing gets the help: that is no wrong usage."""
    command = tell_in_both(typer.main.get_command(build_app(["backup", "restore"])))
    with pytest.raises(SystemExit):
        command(args=words, prog_name="exchange")
    told = capsys.readouterr()
    assert "用法有误" not in told.out + told.err
    assert "Usage: exchange" in told.out + told.err
