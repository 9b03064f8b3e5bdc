"""What a reader of identity cards types, as a keyboard would: name and number, in any order."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from exchange.console.pages.forms import Posted
from topics.labels import Labels
from verification.code_lists import name_of
from verification.identity import UnfitIdentityError, identify

_NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9]{15}|[A-Z]{3}[0-9]{12})(?![0-9A-Za-z])"
)
LABELS: Final = Labels(__file__)
_PRINTED: Final = [text for one in LABELS.table("printed").values() for text in (one.zh, one.en)]
_BESIDE: Final = re.compile("|".join([*map(re.escape, _PRINTED), r"[:：,，;；|\t]+"]))
CARDS: Final[Mapping[str, Mapping[str, str]]] = {
    "applicant": {
        "name": "text.applicant.name",
        "number": "text.applicant.id_number",
        "sex": "text.applicant.sex",
    },
    "deceased": {"name": "text.name", "number": "text.id_number"},
}
"""Whose card it is → which fields it fills."""


class CardRead(NamedTuple):
    """What stands on a card: name, number, and the sex that the number tells, as a word; empty: not there."""

    name: str
    number: str
    sex: str


def read_card(text: str) -> CardRead | None:
    """Return what a reader has typed; None if there is no number in it."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    around = (_BESIDE.sub(" ", part) for part in (text[: found.start()], text[found.end() :]))
    name = next((" ".join(part.split()) for part in around if part.strip()), "")
    return CardRead(name, found[0], _sex(found[0]))


def with_cards(posted: Posted) -> tuple[Posted, tuple[str, ...]]:
    """Return what was typed with the cards' fields filled in, and whose card could not be read."""
    filled, unread = dict(posted), []
    for whose, fields in CARDS.items():
        text = (filled.pop(f"card.{whose}", None) or ("",))[0].strip()
        card = read_card(text) if text else None
        if card is not None:
            values = card._asdict()
            filled |= {field: [values[part]] for part, field in fields.items() if values[part]}
        elif text:
            unread.append(whose)
    return filled, tuple(unread)


def _sex(number: str) -> str:
    try:
        sex = identify(number).sex
    except UnfitIdentityError:
        return ""
    return name_of("sex", sex) or "" if sex else ""
