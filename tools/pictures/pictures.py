"""The pictures of README and how-to pages."""

from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image

from exchange.runtime.errors import ExchangeError
from tools.pictures import deeds
from tools.pictures.deeds import Deed
from tools.pictures.seen import SIZES
from tools.pictures.visitors import Visitors

PLACE: Final = Path("docs/pictures")
MOST_BYTES: Final = 120_000
"""Of one picture: a page with some of them has to load over a line that is shared."""
_COLOURS: Final = 128
"""The console has few; with more, a picture is larger and looks no better."""


class Picture(NamedTuple):
    """A picture: how to come to the screen, and on what it is looked at."""

    name: str
    deed: Deed
    size: str = "desktop"


PICTURES: Final = (
    Picture("workbench", deeds.workbench),
    Picture("queue", deeds.queue),
    Picture("case", deeds.case),
    Picture("application", deeds.application),
    Picture("receipt", deeds.receipt),
    Picture("ruling", deeds.ruling),
    Picture("family", deeds.family, "phone"),
    Picture("parts", deeds.parts),
)


def take_pictures(visitors: Visitors, place: Path = PLACE) -> list[str]:
    """Take all pictures, and return what there is to say of each: its name and bytes.

    Raises:
        ExchangeError: one has become too large.
    """
    place.mkdir(parents=True, exist_ok=True)
    return [_taken(one, visitors, place / f"{one.name}.png") for one in PICTURES]


def _taken(one: Picture, visitors: Visitors, file: Path) -> str:
    page = one.deed(visitors)
    page.set_viewport_size(SIZES[one.size])
    content = _small(page.screenshot())
    if len(content) > MOST_BYTES:
        raise ExchangeError(f"{file} has {len(content)} bytes: too many.", f"{MOST_BYTES} may be.")
    file.write_bytes(content)
    return f"{file} {len(content)}"


def _small(content: bytes) -> bytes:
    small = BytesIO()
    Image.open(BytesIO(content)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
        small, "PNG", optimize=True
    )
    return small.getvalue()
