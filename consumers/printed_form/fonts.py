"""The fonts that the form is printed in, and which characters they lack.

Noto Serif SC (宋体) for the form itself and Noto Sans CJK (黑体) for headings and for what the first lacks;
both SIL OFL 1.1, both from wheels that hold fonts alone.
"""

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import typst
from fontTools.ttLib import TTCollection, TTFont

from verification.characters import without_shape

SONG: Final = "Noto Serif SC"
HEI: Final = "Noto Sans CJK SC"
STAND_IN: Final = "〓"
"""What printers set if they have no type for a character."""

_SONG_FILE: Final = ("pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf")
_HEI_FILE: Final = ("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc")


@cache
def typst_fonts() -> typst.Fonts:
    """Return these fonts and no others, for Typst to set and to embed."""
    folders = (_place(name).parent for name in (_SONG_FILE, _HEI_FILE))
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )


def lacking(text: str) -> tuple[str, ...]:
    """Return the characters for which neither font has a glyph, each once, in the order of the text.

    Characters without shape need none.
    """
    seen = without_shape(text)
    return tuple(dict.fromkeys(character for character in seen if ord(character) not in _covered()))


def set_in_type(text: str) -> str:
    """Return the text with a stand-in for every character that cannot be printed.

    What has no shape is left out, even joiners: neither font has a script that they shape.
    """
    seen = without_shape(text)
    return "".join(character if ord(character) in _covered() else STAND_IN for character in seen)


def code_points(characters: Iterable[str]) -> str:
    """Return characters by their numbers, which print everywhere."""
    return "、".join(f"U+{ord(character):04X}" for character in characters)


@cache
def _covered() -> frozenset[int]:
    with TTFont(_place(_SONG_FILE), lazy=True) as song, TTCollection(_place(_HEI_FILE), lazy=True) as hei:
        return _characters(song) | _characters(hei.fonts[0])


def _characters(font: TTFont) -> frozenset[int]:
    font.setGlyphOrder(range(font["maxp"].numGlyphs))  # else it reads all names of glyphs, for nobody
    return frozenset(font.getBestCmap())


def _place(file: tuple[str, str]) -> Path:
    package, name = file
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"the font package {package} is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / name
