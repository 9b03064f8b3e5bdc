"""A file that a command writes is there whole or not at all, and a device stays one."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from exchange.command.terminal.output_file import OWNER_ALONE, write_file
from exchange.runtime.errors import ExchangeError


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """And where it says something about a person, its owner alone reads it."""
    place = tmp_path / "file"
    for content in (b"before", b"after"):
        write_file(content, place, OWNER_ALONE)
        assert (place.read_bytes(), stat.S_IMODE(place.stat().st_mode)) == (content, 0o600)
    assert list(tmp_path.iterdir()) == [place]


def test_a_link_stays_one(tmp_path: Path) -> None:
    """What it names is replaced."""
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for content in (b"before", b"after"):
        write_file(content, tmp_path / "link")
        assert (tmp_path / "file").read_bytes() == content
    assert (tmp_path / "link").is_symlink()


def test_what_is_no_file_is_written_straight(tmp_path: Path) -> None:
    """A pipe with a name; /dev/stdout and /dev/null are of the same kind, and must stay what they are."""
    pipe, got = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_file(b"content", pipe)
    reader.join()
    assert got == [b"content"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("file", ["/dev/full", "/nowhere/file", "/proc/file", "/", "/dev/null/file"])
def test_where_it_can_not_be_written_it_is_said(file: str) -> None:
    """With the place, and what to do."""
    with pytest.raises(ExchangeError, match=f"{file} cannot be written: ") as problem:
        write_file(b"content", file)
    assert "folder" in problem.value.hint
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


@pytest.mark.process
@pytest.mark.parametrize("out", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_a_device_whose_reader_went_ends_as_a_pipe_does(out: str) -> None:
    """`exchange form … --pdf /dev/stdout | head -c 10` is the same as `--pdf - | head -c 10`."""
    script = f"'{sys.executable}' -m exchange sample --out {out} | head -c 10; echo :${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False, text=True)
    assert done.stdout.endswith(":141\n")
    assert done.stderr == ""


def test_a_name_that_begins_as_a_users_home_does_is_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offices name their own temporary files so."""
    monkeypatch.chdir(tmp_path)
    write_file(b"x", "~$table.csv")
    assert (tmp_path / "~$table.csv").read_bytes() == b"x"
