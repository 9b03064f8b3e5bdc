"""The programs on the how-to pages for departments, copied from the page and run as a department would."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from uuid import uuid4

import httpx
import pytest

from exchange.runtime.settings import Settings
from tests.docs.pages import DOCS, blocks
from tests.journeys.cable import cable_to
from tests.journeys.log_tools import Encoding, produce
from tests.people import id_number
from tests.waiting import wait_for

HOW_TO = DOCS / "how-to"
RECORD_ID, NUMBER = "0f8fad5b-d9cb-469f-a165-70867728950e", "620503194907150462"
"""Of the record on the pages; each test publishes one of its own person."""


@dataclass(frozen=True)
class Page:
    """A page, what its program is written in, and under which name it says to save it."""

    name: str
    needs: tuple[str, ...]
    language: str | None = None
    file: str = ""


HTTP = (
    Page("http-curl", ("curl",)),
    Page("http-java", ("java", "javac"), "java", "Department.java"),
    Page("http-go", ("go",), "go", "department.go"),
)
KAFKA = Page("kafka-scram", (), "python", "department.py")


@dataclass(frozen=True)
class Reader:
    """Somebody who copies a page, for a person of their own, and runs what it says."""

    page: Page
    folder: Path
    environment: dict[str, str]
    record_id: str
    number: str

    @contextmanager
    def running(self) -> Iterator[Callable[[], list[str]]]:
        """Run the page; give what it has printed so far. Ctrl-C ends it."""
        script = "\n".join(block.text for block in blocks(HOW_TO / f"{self.page.name}.md", "bash"))
        said = self.folder / "said"
        with (
            said.open("ab") as told,
            subprocess.Popen(
                ["bash", "-c", self._own(script)],
                cwd=self.folder,
                env=self.environment,
                stdout=told,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as program,
        ):
            try:
                yield lambda: said.read_text(encoding="utf-8").splitlines()
            finally:
                os.killpg(program.pid, signal.SIGINT if self.page is KAFKA else signal.SIGKILL)

    def save(self) -> None:
        """Save record and program as the page says."""
        page = HOW_TO / f"{self.page.name}.md"
        for block in blocks(page, "json cremation"):
            (self.folder / "record.json").write_text(self._own(block.text), encoding="utf-8")
        if self.page.language:
            (program,) = blocks(page, self.page.language)
            (self.folder / self.page.file).write_text(self._own(program.text), encoding="utf-8")

    def _own(self, text: str) -> str:
        return text.replace(RECORD_ID, self.record_id).replace(NUMBER, self.number)


@pytest.fixture(scope="module")
def told(stack: Settings, exchange: Callable[..., CompletedProcess[str]]) -> dict[str, str]:
    """What the operator tells a department: where, and with what."""
    home = ("--json", "--home", str(stack.home))
    status = json.loads(exchange("status", *home).stdout)
    given = json.loads(exchange("credentials", "create", "civil_affairs", *home).stdout)
    asked = partial(httpx.post, status["gateway"] + "/oauth/token", trust_env=False)
    shown = {
        "data": {"grant_type": "client_credentials"},
        "auth": (given["client_id"], given["client_secret"]),
    }
    wait_for("the gateway to hear of the credential", lambda: asked(**shown).is_success)
    return {
        "EXCHANGE_URL": status["gateway"],
        "EXCHANGE_BROKERS": status["kafka"],
        "EXCHANGE_CLIENT_ID": given["client_id"],
        "EXCHANGE_SECRET": given["client_secret"],
        "EXCHANGE_KAFKA_PASSWORD": given["kafka_password"],
    }


def reader_of(page: Page, told: dict[str, str], folder: Path, url: str, day: int) -> Reader:
    """Somebody who has what the page needs; skipped aloud where the language is not here."""
    if missing := [tool for tool in page.needs if shutil.which(tool) is None]:
        pytest.skip(f"{page.name} is not run: there is no {', '.join(missing)} here")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **told, "EXCHANGE_URL": url, "PATH": path, "NO_PROXY": "*", "no_proxy": "*"}
    reader = Reader(page, folder, environment, str(uuid4()), id_number("620503", date(1949, 7, day)))
    reader.save()
    return reader


@pytest.fixture(scope="module")
def die(stack: Settings) -> Callable[[str], None]:
    """Lets the health department publish the death of who has this number; civil affairs are told of it."""
    encoding = Encoding(stack)

    def publish(number: str) -> None:
        raw = {"id_number": number, "name": "王桂芳", "death_time": "2025-09-01", "death_cause": "肺炎"}
        produce(stack, [encoding.encode("death_certificate", raw)])

    return publish


def wait_to_be_told(said: Callable[[], list[str]], *texts: str) -> None:
    """Return once a line has all of these texts."""
    wait_for(f"a line with {texts}", lambda: lines_with(said(), *texts), seen=said)


def lines_with(lines: list[str], *texts: str) -> list[str]:
    """The lines that have all of these texts."""
    return [line for line in lines if all(text in line for text in texts)]


@pytest.mark.parametrize("page", HTTP, ids=lambda page: page.name)
def test_a_program_copied_from_a_page_publishes_and_is_told_of_everything_once_over_a_cut(
    page: Page, told: dict[str, str], die: Callable[[str], None], tmp_path: Path
) -> None:
    """A department that has HTTP and nothing of ours: one receipt, and each announcement in its time."""
    day = 1 + HTTP.index(page)
    other = id_number("620503", date(1950, 7, day))
    with cable_to(told["EXCHANGE_URL"]) as cable:
        reader = reader_of(page, told, tmp_path, cable.url, day)
        with reader.running() as said:
            wait_to_be_told(said, reader.record_id, "ACCEPTED")
            die(reader.number)
            wait_to_be_told(said, reader.number, "COMPLETED")
            cable.cut()
            assert cable.cuts
            die(other)
            cable.mend()
            wait_to_be_told(said, other, "READY")
            lines = said()
    for number in (reader.number, other):
        assert len(lines_with(lines, number)) == 1
    assert not lines_with(lines, "DUPLICATE", reader.record_id)


def test_a_kafka_program_copied_from_its_page_goes_on_where_it_was_stopped(
    told: dict[str, str], die: Callable[[str], None], tmp_path: Path
) -> None:
    """A department with a Kafka client, schemas from the gateway: published again, it is a duplicate."""
    other = id_number("620503", date(1950, 7, 20))
    reader = reader_of(KAFKA, told, tmp_path, told["EXCHANGE_URL"], 20)
    with reader.running() as said:
        wait_to_be_told(said, reader.record_id, "ACCEPTED")
        die(reader.number)
        wait_to_be_told(said, reader.number, "COMPLETED")
    die(other)
    with reader.running() as said:
        wait_to_be_told(said, reader.record_id, "DUPLICATE")
        wait_to_be_told(said, other, "READY")
    assert len(lines_with(said(), other)) == 1
    assert len(lines_with(said(), reader.record_id, "ACCEPTED")) == 1


def answers(page: str) -> list[str]:
    """The table of answers on a page, and what follows it."""
    return (HOW_TO / page).read_text(encoding="utf-8").partition("## What an answer means")[2].splitlines()


def test_every_page_says_the_same_of_an_answer() -> None:
    """Who reads the page for another language does no other thing."""
    said: Any = [answers(f"{name}.md") for name in ("http-curl", "http-java", "http-go", "http-csharp")]
    assert said[0]
    assert all(one == said[0] for one in said)
