"""How the command begins: Ctrl-C is met from the first line of it on."""

import gc
import sys
from types import ModuleType

import pytest

from exchange.__main__ import INTERRUPTED, main


class Loading(ModuleType):
    """The command's modules, which somebody does not wait for."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_ctrl_c_while_the_command_is_loaded_is_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is shown where in its own code a command was."""
    monkeypatch.setitem(sys.modules, "exchange.command.app", Loading("exchange.command.app"))
    try:
        with pytest.raises(SystemExit) as end:
            main()
    finally:
        gc.enable()
    assert end.value.code == INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_what_begins_the_command_loads_nothing() -> None:
    """The time in which Ctrl-C could not be met is Python's own."""
    source = sys.modules[main.__module__].__dict__
    assert [name for name, value in source.items() if isinstance(value, ModuleType)] == ["gc", "sys"]
