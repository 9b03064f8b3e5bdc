"""A whole exchange in the oddest home that there may be, from a shell that is as odd."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from tests.people import id_number
from tests.running import COMMAND_LIMIT_S, GRACE, NOBODY_TOLD
from tests.runtime.environments import PROXIES
from tests.waiting import wait_for

HOME: Final = " #家目录, a\\b {0} 100%s=!:;'\"$HOME"
SHELL: Final[Mapping[str, str]] = {
    **PROXIES,
    "NO_PROXY": "[::1,*:",
    "LC_ALL": "C",
    "PYTHONIOENCODING": "gbk",
    "JAVA_TOOL_OPTIONS": "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9",
}


@pytest.mark.long
def test_an_exchange_works_in_the_oddest_home_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    """Told of a death, asked, verified, saved, made again elsewhere; no proxy, no locale is in the way."""
    home, number = tmp_path / "city" / HOME, id_number()
    with _running(home):
        _run("publish", str(_certificate(tmp_path, number)), home=home)
        _find(home, number)
    saved, restored = tmp_path / "备份, a\\b", tmp_path / "restored" / f"{HOME}\\"
    _run("backup", str(saved), home=home)
    _run("restore", str(saved), "--key", str(home / "secrets" / "backup_key"), home=restored)
    with _running(restored):
        _find(restored, number)
    assert list(home.parent.iterdir()) == [home]
    assert list(restored.parent.iterdir()) == [restored]


@contextmanager
def _running(home: Path) -> Iterator[None]:
    try:
        _run("up", "--detach", home=home)
        yield
    finally:
        _run("down", home=home)


def _certificate(folder: Path, number: str) -> Path:
    record = {
        "record_id": str(uuid4()),
        "recorded_at": "2026-06-02T09:00:00+08:00",
        "id_number": number,
        "name": "马占山",
        "death_time": "2026-06-01",
        "death_cause": "肺炎",
    }
    file = folder / "记录, 1%.jsonl"
    line = json.dumps({"type": "death_certificate", "record": record}, ensure_ascii=False)
    file.write_text(line + "\n", encoding="utf-8")
    return file


def _find(home: Path, number: str) -> None:
    wait_for("the case", lambda: _ended("case", number, "--json", home=home).returncode == 0)
    assert re.search(rb'"case_id": ?"[0-9a-z-]+"', _run("case", number, "--json", home=home))
    _run("verify", home=home)


def _run(*words: str, home: Path) -> bytes:
    done = _ended(*words, home=home)
    assert done.returncode == 0, done.stderr.decode("gbk", "replace")
    return done.stdout


def _ended(*words: str, home: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "exchange", *words, "--home", str(home)],
        env={**os.environ, **NOBODY_TOLD, **GRACE, **SHELL},
        capture_output=True,
        timeout=COMMAND_LIMIT_S,
        check=False,
    )
