"""What happens in a copy of the process does not pass unseen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

pytestmark = pytest.mark.process


def shared_out(folder: Path, *modules: str) -> subprocess.CompletedProcess[str]:
    """What pytest says of modules that are shared out among copies."""
    for number, text in enumerate(modules):
        (folder / f"test_{number}.py").write_text(text, encoding="utf-8")
    pytest_ = [sys.executable, "-m", "pytest", "-p", "tests.shares", "-p", "no:cacheprovider"]
    of_none = ["-c", os.devnull, "--rootdir", str(folder)]
    return subprocess.run(
        [*pytest_, *of_none, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_each_test_is_tried_once_and_one_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    """As without copies."""
    found = shared_out(
        tmp_path,
        "import pytest\n\n@pytest.mark.parametrize('one', range(20))\ndef test_it(one): pass\n",
        "def test_it():\n    print('last words')\n    assert 1 == 2\n",
    )
    assert found.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 failed, 20 passed" in found.stdout
    assert "assert 1 == 2" in found.stdout
    assert "last words" in found.stdout


def test_a_copy_that_ends_before_its_tests_fails_the_run(tmp_path: Path) -> None:
    """Even if it says that all was well."""
    found = shared_out(tmp_path, "import os\n\ndef test_it(): os._exit(0)\n", "def test_it(): pass\n")
    assert found.returncode == pytest.ExitCode.TESTS_FAILED
    assert "some were not tried" in found.stdout + found.stderr


def test_all_that_passes_passes(tmp_path: Path) -> None:
    """Else the tests above would prove nothing."""
    found = shared_out(tmp_path, "def test_it(): pass\n")
    assert found.returncode == pytest.ExitCode.OK
    assert "copies done after " in found.stdout
