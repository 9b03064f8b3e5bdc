"""The client as a department installs it: beside what it says it needs, and nothing else at all."""

import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from itertools import chain
from pathlib import Path
from venv import EnvBuilder

from packaging.requirements import Requirement

from tests.docs.pages import ROOT

CLIENT = ROOT / "producers" / "client"


class Installation:
    """A virtual environment with the client and its extras; nothing is downloaded."""

    def __init__(self, folder: Path) -> None:
        EnvBuilder(with_pip=False).create(folder)
        self.folder, self.python = folder, folder / "bin" / "python"
        [site] = folder.glob("lib/python*/site-packages")
        shutil.copytree(CLIENT / "life_events_client", site / "life_events_client")
        project = tomllib.loads((CLIENT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = project["optional-dependencies"].values()
        needed = {*_needed([*project["dependencies"], *chain(*extras)])}
        for place in {place for name in needed for place in _places(name)}:
            (site / place.name).symlink_to(place)

    def run(self, program: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        """Run a program as the department does."""
        command = [str(self.python), "-W", "error", "-c", program]
        told = {**environment, "HOME": str(self.folder)}
        return subprocess.run(
            command, env=told, cwd=self.folder, capture_output=True, text=True, check=False, timeout=120
        )

    def files(self) -> Iterator[Path]:
        """All files of the machine that are its own: the client's, and what its programs keep."""
        return (one for one in self.folder.rglob("*") if one.is_file() and not one.is_symlink())


def _needed(requirements: Iterable[str]) -> Iterator[str]:
    """The distributions that these need, and those need."""
    for text in requirements:
        one = Requirement(text)
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in (*one.extras, "")):
            yield one.name
            yield from _needed(metadata.requires(one.name) or ())


def _places(distribution: str) -> Iterator[Path]:
    """Where a distribution has put its modules, and what it says of itself."""
    found = metadata.distribution(distribution)
    tops = {Path(file).parts[0] for file in found.files or ()} - {"..", "__pycache__"}
    return (Path(str(found.locate_file(one))).resolve() for one in tops)
