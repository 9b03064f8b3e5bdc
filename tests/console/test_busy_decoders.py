"""Files are looked at a few at a time: whoever comes while others are, is told when to come again."""

import threading
from types import SimpleNamespace
from typing import Final

import pytest

from exchange.desk.asker import Asker
from exchange.runtime.uploads import upload
from tests.console.made_console import ROOM, MadeConsole
from tests.paper_files import picture

CLERK: Final = Asker("zhang", "window_clerk", {}, "api")


@pytest.mark.process
@pytest.mark.parametrize(("free", "status"), [(0, 429), (1, 201)])
def test_a_file_is_taken_only_while_a_decoder_is_free(
    monkeypatch: pytest.MonkeyPatch, free: int, status: int
) -> None:
    """It waits for a while, and holds a thread so long; then its sender is told."""
    monkeypatch.setattr(upload, "DECODERS", threading.Semaphore(free))
    monkeypatch.setattr(upload, "DECODER_WAIT_S", 0)
    made = MadeConsole(ROOM, uploads=SimpleNamespace(put=lambda _content: "ab" * 32))
    headers = {**made.token(CLERK), "Content-Type": "image/jpeg"}
    for _ in range(2):  # a decoder is free again once it has looked
        told = made.asked(
            "POST", "/desk/v1/materials", params={"kind": 1}, content=picture("JPEG"), headers=headers
        )
        assert told.status_code == status
        assert told.headers.get("retry-after") == ("5" if status == 429 else None)
