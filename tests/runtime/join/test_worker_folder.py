"""Where the library that joins the group keeps its files: below the home, whatever that is called."""

from pathlib import Path
from typing import Any, cast

import pytest

from exchange.runtime.join.worker import make_app
from tests.nowhere import nowhere


@pytest.mark.parametrize("name", ["home", "家目录, a\\b", "{0}", "{conf.id}", "a{b", "a}b", "{{}}", "%s"])
def test_the_library_keeps_its_files_in_the_home(name: str, tmp_path: Path) -> None:
    """It replaces what stands in braces, and ended every joiner of a home that had some."""
    nothing = cast(Any, None)
    home = tmp_path / name
    app = make_app(nowhere(home), nothing, nothing)
    assert app.conf.datadir == home / "data" / "faust-joiner"
    assert app.conf.tabledir.is_relative_to(home / "data" / "faust-joiner")
