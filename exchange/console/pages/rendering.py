"""Templates into HTML, each with the words, names and addresses of one reader."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from consumers.labels.words import for_people, in_lines
from exchange.console.pages.frame import Frame
from exchange.console.pages.parts import material_state_words, state_words
from exchange.console.pages.static_files import static_files
from topics.labels import Labels, Language, Words
from verification.times import calendar_date

FOLDER: Final = Path(__file__).parent
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
}
"""What a page says otherwise than every answer (`console.headers`): nothing of elsewhere, nothing inline."""


def render(screen: str, frame: Frame, **values: Any) -> str:
    """Return the page of a screen.

    Args:
        screen: the name of its template, without its ending.
        frame: what stands around it.
        values: of the template; one that it asks for and is not given is a fault.
    """
    naming, addresses = frame.naming, frame.addresses
    known = {
        "t": _teller(naming.language),
        "say": naming.say,
        "naming": naming,
        "url": addresses.page,
        "file": lambda name: addresses.page(f"/static/{static_files()[name].name}"),
        "frame": frame,
    }
    return _environment().get_template(f"{screen}.j2").render(**known, **values)


def _teller(language: Language) -> Callable[..., str]:
    """Return what a template asks for its words: `t("queue.title")`, `t("queue.columns.due")`."""

    def t(name: str, /, **details: object) -> str:
        return label(name).filled(**details).first(language)

    return t


def label(name: str) -> Words:
    """Return a label by file and name, and by its code where it stands in a table.

    Raises:
        KeyError: there is none.
    """
    file, key, *code = name.split(".")
    labels = _labels(file)
    return labels.table(key)[code[0]] if code else labels[key]


@cache
def _labels(file: str) -> Labels:
    return Labels(str(FOLDER / f"{file}.py"))


@cache
def _environment() -> Environment:
    made = Environment(
        autoescape=True,
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "state_words": state_words,
        "material_state_words": material_state_words,
        "day_of": calendar_date,
        "scans": False,
    }
    made.filters["shown"] = for_people
    made.filters["lines"] = in_lines
    return made
