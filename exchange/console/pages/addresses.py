"""The addresses of pages and files: all of them are made here, so that the console can lie under a path."""

import os
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

_PLAIN: Final = "/"
VARIABLE: Final = "EXCHANGE_CONSOLE_PATH"
"""The path under which a proxy shows the console, such as `/console`; unset or empty: the root."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes addresses.

    Attributes:
        base: the path under which a proxy shows the console, such as `/console`; empty for the root.
    """

    base: str = ""

    def page(self, path: str, **query: object) -> str:
        """Return the address of a page, such as `/queue`; of its query, what is empty or None is left out."""
        asked = {name: value for name, value in query.items() if value not in (None, "", [], ())}
        told = f"?{urlencode(asked, doseq=True)}" if asked else ""
        return f"{self.base}{quote(path)}{told}"

    def own(self, target: str) -> str:
        """Return where somebody came from, if that is a page of ours; else the first page."""
        plain = target.startswith(f"{self.base}/") and not target.startswith(("//", "/\\"))
        return target if plain and "\n" not in target and "\r" not in target else self.page(_PLAIN)


def own_addresses() -> Addresses:
    """Return what makes the addresses of this console."""
    path = os.environ.get(VARIABLE, "").strip("/")
    return Addresses(f"/{path}" if path else "")
