"""`exchange materials show`: for whom, and what comes of it where nothing is theirs."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, Final

import pytest
import typer

from exchange.command import materials
from exchange.desk.asker import Asker, NotAllowedError, shell
from exchange.desk.materials import ReadableFiles
from exchange.runtime.city import City

SETTINGS: Final = SimpleNamespace(city=City())
HANDLER: Final = Asker("王芳", "department_handler", {"department": "justice"}, "api")
CLERK: Final = Asker("李娜", "window_clerk", {}, "api")


def signed_in(monkeypatch: pytest.MonkeyPatch, asker: Asker) -> None:
    """Let somebody ask of a case of which nothing is theirs."""
    monkeypatch.setattr(materials, "_settings", lambda _home: SETTINGS)
    monkeypatch.setattr(materials, "asker_of", lambda *_: asker)
    monkeypatch.setattr(materials, "open_desk", lambda _settings: nullcontext())
    monkeypatch.setattr(materials, "person_at", lambda *_: None)
    monkeypatch.setattr(materials, "list_materials", lambda *_: ReadableFiles("c", ()))


@pytest.mark.parametrize(
    ("asker", "department", "refused"),
    [
        (HANDLER, "justice", False),
        (HANDLER, "police", True),
        (CLERK, SETTINGS.city.policy.window, False),
        (CLERK, "justice", True),
        (shell("root"), "police", False),
    ],
)
def test_whoever_signed_in_asks_for_the_own_department_alone(
    monkeypatch: pytest.MonkeyPatch, asker: Asker, department: str, refused: bool
) -> None:
    """Another was passed over in silence. Where nothing is theirs, it is said, and the end is 1."""
    signed_in(monkeypatch, asker)
    expected: Any = NotAllowedError if refused else typer.Exit
    with pytest.raises(expected) as end:
        materials.show("c", department, json=True)
    assert refused or end.value.exit_code == 1
