"""`exchange guide`: what a matter takes, in the words of every page, window and answer of the hotline."""

from typing import Annotated

import typer

from consumers.guide.sheet import sheet_of
from consumers.guide.text import guide_of, guide_row
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.output_file import write_output
from exchange.command.views.guide import GuidePage
from exchange.domain.policy import Policy
from exchange.runtime.city import find_city
from exchange.runtime.sentences import said


def guide(
    matter: Annotated[
        int | None, typer.Argument(metavar="[MATTER]", show_default=False, help="Its number; else all.")
    ] = None,
    json: JsonOption = False,
    lang: LangOption = "",
    pdf: Annotated[
        str, typer.Option("--pdf", metavar="FILE", help="Write it to be printed; - is standard output.")
    ] = "",
    home: HomeOption = None,
) -> None:
    """Show the guide of a matter: what is done, materials, time limit, who, where, when, telephone, online.

    What the city has not said yet is to be announced, for programs null; `exchange policy check` lists it.
    It says nothing of anybody, so it leaves no access record. For example: exchange guide 3 --pdf - | lp

    Exit 1 where there is no such matter.
    """
    del home  # the city is the same in every home: that of EXCHANGE_POLICY
    language, city = language_of(lang), find_city()
    policy = city.policy
    guides = [guide_of(number, city.guide, policy) for number in _wanted(matter, policy)]
    if pdf:
        write_output(sheet_of(guides, policy.city, language), pdf)
    if json:
        for one in guides:
            print_json(guide_row(one, language))
    elif not pdf:
        page = GuidePage(policy, language)
        shown = page.lines(guides[0]) if matter is not None else (page.overview(guides),)
        for line in shown:
            paper().print(line, soft_wrap=matter is not None)


def _wanted(matter: int | None, policy: Policy) -> tuple[int, ...]:
    if matter is None:
        return tuple(policy.by_number)
    if matter not in policy.by_number:
        say(said("no_such_matter", matter=matter, known=", ".join(map(str, policy.by_number))))
        raise typer.Exit(1)
    return (matter,)
