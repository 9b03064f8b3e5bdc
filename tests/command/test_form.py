"""Where a form is written: whole or not at all, and for its maker alone."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from exchange.command.terminal.output_file import write_form
from exchange.runtime.errors import ExchangeError


def test_a_file_is_replaced_whole_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    """Numbers in full lie in it."""
    place = tmp_path / "form.pdf"
    place.write_bytes(b"before")
    place.chmod(0o644)
    write_form(b"after", str(place))
    assert place.read_bytes() == b"after"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [place]


def test_where_it_can_not_be_written_nothing_is_left(tmp_path: Path) -> None:
    """Said with the place and what to do."""
    for place in (tmp_path / "nowhere" / "form.pdf", tmp_path):
        with pytest.raises(ExchangeError, match="cannot be written") as problem:
            write_form(b"form", str(place))
        assert "folder" in problem.value.hint
    assert list(tmp_path.iterdir()) == []
    assert not list(tmp_path.parent.glob(f".{tmp_path.name}.*"))


@pytest.mark.process
def test_standard_output_gets_the_bytes_and_nothing_else() -> None:
    """For a printer at the end of a pipe."""
    program = "from exchange.command.form import write_form; write_form(b'%PDF\\xff', '-')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"%PDF\xff"
