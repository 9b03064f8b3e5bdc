"""PostgreSQL refuses root, and still has to reach what only root may enter."""

import os
import subprocess
from pathlib import Path

import pytest

from exchange.runtime.stack.identity import command, find_identity, own
from exchange.runtime.stack.postgres import binaries

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="about what root must give up")
ASK = "id -u; cat secret; test -r secret && echo readable; touch made"


def _run(identity: str, folder: Path) -> list[str]:
    argv = command(identity, 0, 0, ("sh", "-c", ASK))
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.split()


def _private(tmp_path: Path) -> Path:
    folder = tmp_path / "private" / "data"
    folder.mkdir(parents=True)
    (folder / "secret").write_text("found\n", encoding="ascii")
    (folder / "secret").chmod(0o600)
    folder.parent.chmod(0o700)
    return folder


@AS_ROOT
def test_the_server_is_not_root_and_reaches_its_files_below_a_private_folder(tmp_path: Path) -> None:
    """A home of root's own, or a checkout in a temporary folder, is as good as any."""
    folder = _private(tmp_path)
    identity = find_identity(binaries() / "initdb")
    own(folder, identity)
    user, *rest = _run(identity, folder)
    assert user != "0"
    assert rest == ["found", "readable"]
    owned = "nobody" if identity.startswith("drop") else "root"
    assert (folder / "made").owner() == owned


@AS_ROOT
def test_a_home_moves_between_the_two_ways(tmp_path: Path) -> None:
    """The same home is used in a container today and without one tomorrow."""
    folder = _private(tmp_path)
    own(folder, "drop:65534:65534")
    assert {path.stat().st_uid for path in (folder, folder / "secret")} == {65534}
    own(folder, "map:65534:65534")
    assert {path.stat().st_uid for path in (folder, folder / "secret")} == {0}


def test_whoever_is_not_root_stays_who_he_is(tmp_path: Path) -> None:
    """Nothing is changed for a user whom PostgreSQL accepts."""
    assert _run("same", _private(tmp_path))[0] == str(os.geteuid())
