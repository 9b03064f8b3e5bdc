"""The notifier between the log, its tables and the portal."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from consumers.notifier import worker as notifier
from consumers.notifier.worker import Notifier
from exchange.runtime.errors import RegistryAwayError
from exchange.runtime.monitor import Monitor
from exchange.runtime.stopping import Stop
from exchange.runtime.webhook_endpoint import Endpoint
from tests.nowhere import nowhere


class Reader:
    """Comes with something that nobody can read now."""

    def read(self, _: float) -> list[Any]:
        """Fail as the decoder does."""
        raise RegistryAwayError("away")


class Dispatch:
    """Knows whether it was asked for the answers that are still to come."""

    finished = False

    def __init__(self, *_: object) -> None:
        pass

    def finish(self) -> None:
        """Note that it was."""
        Dispatch.finished = True


def test_what_the_portal_answers_is_noted_where_another_part_is_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Else it would be told the same again, and again, until that part is back."""
    monkeypatch.setattr(notifier, "LogReader", lambda *_: nullcontext(Reader()))
    monkeypatch.setattr(notifier, "opened", lambda *_: nullcontext())
    monkeypatch.setattr(notifier, "Sending", lambda *_: nullcontext())
    monkeypatch.setattr(notifier, "Dispatch", Dispatch)
    settings = nowhere(tmp_path)
    endpoint = Endpoint("https://portal.example.cn/", (bytes(24),))
    made = Notifier(settings, endpoint, lambda _: {}, lambda: None, Monitor("notifier"))
    with pytest.raises(RegistryAwayError):
        made.follow(Stop())
    assert Dispatch.finished
