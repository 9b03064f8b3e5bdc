"""The supervisor ends credentials whose time is over, whatever hinders it for a moment."""

from pathlib import Path

import pytest

from exchange.command.stack import credential_ends
from exchange.command.stack.credential_ends import ending_in_time
from exchange.domain.credentials import CredentialRequest
from exchange.runtime.errors import ExchangeError
from exchange.runtime.principals import ADMIN
from tests.nowhere import nowhere
from tests.waiting import wait_for


class Desk:
    """Fails the first time."""

    def __init__(self) -> None:
        self.asked: list[CredentialRequest] = []

    def all(self, request: CredentialRequest) -> tuple[()]:
        """Note who asks."""
        self.asked.append(request)
        if len(self.asked) == 1:
            raise ExchangeError("the brokers are away")
        return ()


def test_it_looks_again_and_again_and_tells_what_went_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Brokers that are away for a moment delay an end, and no more."""
    desk, told = Desk(), list[str]()
    monkeypatch.setattr(credential_ends, "open_desk", lambda _settings: desk)
    with ending_in_time(nowhere(tmp_path), told.append, every_s=0.01):
        wait_for("three looks", lambda: len(desk.asked) > 2)
    assert told == ["the brokers are away"]
    assert {one.principal for one in desk.asked} == {ADMIN}
