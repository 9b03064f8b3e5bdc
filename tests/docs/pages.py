"""The documentation as tests see it: pages, their fenced blocks, headings and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README, README_ZH = ROOT / "README.md", ROOT / "README.zh-CN.md"

_FENCED = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """One fenced block; `info` is what stands behind the fence."""

    page: Path
    info: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Its lines that say something; of shell, without comments."""
        lines = (line.split("  #")[0].strip() for line in self.text.splitlines())
        return [line for line in lines if line and not line.startswith("#")]


def pages() -> list[Path]:
    """Every page that people wrote or that was generated."""
    return [README, README_ZH, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path, info: str | None = None) -> list[Block]:
    """The fenced blocks of a page in order, or those with this behind the fence."""
    found = [Block(page, *match.groups()) for match in _FENCED.finditer(page.read_text(encoding="utf-8"))]
    return [block for block in found if info is None or block.info == info]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def headings(page: Path) -> list[str]:
    """The headings in order, with their marks."""
    return re.findall(r"^#+ .*$", prose(page), re.MULTILINE)


def links(page: Path) -> Iterator[str]:
    """Where a page points to within the repository."""
    return (target for target in _LINK.findall(prose(page)) if not re.match(r"[a-z]+:", target))


def anchor(heading: str) -> str:
    """The anchor that a heading gets."""
    words = heading.lstrip("#").strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
