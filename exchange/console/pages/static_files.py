"""The files that pages load: each under a name that holds a digest of it, so that it is kept for good."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).with_name("static")
KEPT: Final = "public, max-age=31536000, immutable"
"""Cache-Control of such a file. A page itself is `no-store`."""
_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_DIGITS: Final = 12


class StaticFile(NamedTuple):
    """A file as it is served."""

    name: str
    media_type: str
    content: bytes


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Return the files by their own names, such as `tokens.css`."""
    return {path.name: _served(path) for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES}


def find_static(name: str) -> StaticFile | None:
    """Return the file that is served under a name; None: there is none, or it was another version's."""
    return next((one for one in static_files().values() if one.name == name), None)


def _served(path: Path) -> StaticFile:
    content = path.read_bytes()
    digest = sha256(content).hexdigest()[:_DIGITS]
    return StaticFile(f"{path.stem}.{digest}{path.suffix}", _TYPES[path.suffix], content)
