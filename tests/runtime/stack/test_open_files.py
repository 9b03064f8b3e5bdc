"""A machine that lets too few files be open is told before anything is made."""

import resource
import subprocess

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.stack.identity import command
from exchange.runtime.stack.open_files import LEAST, require_open_files


@pytest.mark.parametrize("hard", [LEAST, LEAST + 1, 65_536, 1_048_576, resource.RLIM_INFINITY])
@pytest.mark.parametrize("soft", [64, 256, 1024])
def test_a_low_soft_limit_is_no_matter(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> None:
    """Each part raises its own as far as it may."""
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (soft, hard))
    require_open_files()


@pytest.mark.parametrize("hard", [0, 1, 64, 255, 256, 512, 1000, 1024, 2048, LEAST - 1])
def test_a_low_hard_limit_is_refused(monkeypatch: pytest.MonkeyPatch, hard: int) -> None:
    """Kafka would die of it later, in the middle of its work."""
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (min(hard, 256), hard))
    with pytest.raises(ExchangeError, match=f"Only {hard} files") as refused:
        require_open_files()
    assert "LimitNOFILE" in refused.value.hint


def test_a_part_may_open_as_many_files_as_there_may_be() -> None:
    """A shell of macOS, and many a service, lets 256 be open until one asks for more."""
    asked = command("same", 0, 0, ("sh", "-c", "ulimit -n"))
    done = subprocess.run(
        ("sh", "-c", 'ulimit -Hn; ulimit -Sn 256; exec "$@"', "sh", *asked),
        capture_output=True,
        text=True,
        check=True,
    )
    hard, part = done.stdout.split()
    assert part == hard
