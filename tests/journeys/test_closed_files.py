"""The files of a home are its owner's alone: what lies there is everything that anybody ever said."""

import os
import stat
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil
import pytest

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_state
from tests.conftest import PARTS

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="locks of the embedded parts")
NOBODY: Final = 65534


def open_to_others(home: Path) -> list[str]:
    """All that lies in a home and is not closed to group and others."""
    found = []
    for path in (home, *home.rglob("*")):
        with suppress(FileNotFoundError):  # databases make and remove files all the time
            mode = path.lstat().st_mode
            if not stat.S_ISLNK(mode) and mode & 0o077:
                found.append(f"{stat.filemode(mode)} {path.relative_to(home)}")
    return found


def test_no_file_and_no_folder_of_a_running_home_is_open_to_others(stack: Settings) -> None:
    """Logs, secrets, what runs, and what Kafka, RocksDB and PostgreSQL make, while they make it."""
    assert {path.name for path in (stack.home / "data").iterdir()} >= {"kafka", "joiner", "postgres"}
    assert open_to_others(stack.home) == []


def test_no_secret_stands_in_the_arguments_or_the_environment_of_a_process(stack: Settings) -> None:
    """Arguments are shown to every user of the machine, and an environment is inherited and written out."""
    secrets = {
        path.name: path.read_text(encoding="ascii").strip()
        for path in (stack.home / "secrets").iterdir()
        if path.suffix == "" and path.name != "pgpass"
    }
    assert secrets.keys() >= {"case_key", "kafka_admin", "postgres_projector", "registry_deployer"}
    state = read_state(Home(stack.home))
    assert state is not None
    supervisor = psutil.Process(state.supervisor.pid)
    told = [
        text
        for process in (supervisor, *supervisor.children(recursive=True))
        for text in (*process.cmdline(), *process.environ().values())
    ]
    assert [name for name, secret in secrets.items() for text in told if secret in text] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_another_user_of_the_machine_reads_nothing(stack: Settings) -> None:
    """Not even with every folder above the home open to all."""
    above = stack.home.parent
    before = stat.S_IMODE(above.stat().st_mode)
    above.chmod(0o755)
    try:
        seen = subprocess.run(
            ["/usr/bin/find", str(stack.home), "-readable"],
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            capture_output=True,
            check=False,
        )
    finally:
        above.chmod(before)
    assert b"Permission denied" in seen.stderr
    assert seen.stdout == b""
