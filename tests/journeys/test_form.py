"""A clerk prints a family's application: on record first, in full, and whole or not at all."""

import json
import re
import stat
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2
import pytest

from exchange.folding.case_ids import CaseIds
from exchange.runtime.settings import Settings
from exchange.runtime.stack.ports import Claims
from tests.case_reading import CaseReader
from tests.cases import HEIR, record_id
from tests.form_papers import HARD, NO_TYPE
from tests.journeys.log_tools import access_records, publish_events
from tests.people import QINZHOU, id_number
from tests.waiting import wait_for
from topics.catalogue import CASES

pytestmark = pytest.mark.leaves("forgeries")

Exchange = Callable[..., subprocess.CompletedProcess[str]]
NUMBER, NOBODY = id_number(QINZHOU, sequence=715), id_number(QINZHOU, sequence=717)
LATEST, FIRST = record_id("application", "second"), record_id("application")


@pytest.fixture(scope="module")
def case_id(stack: Settings) -> str:
    """A case in the read model, for which two heirs have applied."""
    known = CaseIds(stack.case_key).of_key(NUMBER)
    publish_events(stack, CASES, "case", [{**HARD, "case_id": known}])
    wait_for("the case in the read model", lambda: CaseReader(stack).find(known) is not None)
    return known


def make(exchange: Exchange, stack: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Ask for a form."""
    return exchange("form", *words, "--home", str(stack.home))


def text_of(pdf: bytes) -> str:
    """All that it says."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return re.sub(r"\s", "", "".join(pages))


def test_both_files_are_written_for_the_maker_alone_and_on_record(
    stack: Settings, exchange: Exchange, case_id: str, tmp_path: Path
) -> None:
    """The record names who, why and which fields, never a value; what could not be printed is said."""
    pdf, word = tmp_path / "form.pdf", tmp_path / "form.docx"
    words = ("--pdf", str(pdf), "--docx", str(word), "--actor", "窗口 03", "--reason", "窗口打印", "--json")
    done = make(exchange, stack, NUMBER, *words)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told == {
        "case_id": case_id,
        "application": LATEST,
        "pdf": str(pdf),
        "docx": str(word),
        "lacking": [f"U+{ord(NO_TYPE):04X}"],
    }
    assert "U+2A6B3" in done.stderr
    assert HEIR["id_number"] in text_of(pdf.read_bytes())
    assert NO_TYPE in "".join(
        cell.text
        for table in docx.Document(BytesIO(word.read_bytes())).tables
        for row in table.rows
        for cell in row.cells
    )
    assert {stat.S_IMODE(file.stat().st_mode) for file in (pdf, word)} == {0o600}
    (noted,) = [record for record in access_records(stack) if record["actor"] == "窗口 03"]
    assert (noted["command"], noted["case_id"], noted["unmasked"]) == ("form", case_id, True)
    assert noted["reason"] == "窗口打印"
    assert {"applicant.id_number", "deceased.death_time"} <= set(noted["fields"])
    assert HEIR["id_number"] not in str(noted)


def test_another_application_is_printed_when_named(
    stack: Settings, exchange: Exchange, case_id: str, tmp_path: Path
) -> None:
    """It is named by the beginning of its id, which `exchange case --json` lists."""
    listed = json.loads(exchange("case", case_id, "--json", "--home", str(stack.home)).stdout)
    assert [(one["record_id"], one["matters"]) for one in listed["applications"]] == [
        (FIRST, [3]),
        (LATEST, [2, 3, 8, 10]),
    ]
    pdf = tmp_path / "form.pdf"
    done = make(exchange, stack, case_id, "--pdf", str(pdf), "--application", FIRST[:8])
    assert done.returncode == 0, done.stderr
    assert HEIR["name"] in text_of(pdf.read_bytes())
    assert FIRST[:8] in done.stderr


def test_an_unknown_application_is_refused_with_those_that_are_there(
    stack: Settings, exchange: Exchange, case_id: str, tmp_path: Path
) -> None:
    """Exit 1, nothing written, and the attempt is on record."""
    pdf = tmp_path / "form.pdf"
    words = ("--pdf", str(pdf), "--application", "ffff", "--actor", "clerk-8")
    done = make(exchange, stack, case_id, *words)
    assert done.returncode == 1
    assert FIRST in done.stderr
    assert LATEST in done.stderr
    assert not pdf.exists()
    (noted,) = [record for record in access_records(stack) if record["actor"] == "clerk-8"]
    assert noted["fields"] == []


@pytest.mark.parametrize("asked", [NOBODY, "0" * 31 + "9", "nonsense"])
def test_no_such_case_is_exit_code_1_and_no_file(
    stack: Settings, exchange: Exchange, case_id: str, tmp_path: Path, asked: str
) -> None:
    """The number is not repeated."""
    pdf = tmp_path / "form.pdf"
    done = make(exchange, stack, asked, "--pdf", str(pdf))
    assert (done.returncode, done.stdout) == (1, "")
    assert asked not in done.stderr
    assert not pdf.exists()


def test_without_an_access_record_there_is_no_form(
    stack: Settings, exchange: Exchange, case_id: str, tmp_path: Path
) -> None:
    """No record, no view: the brokers cannot be reached, while the case itself could be read."""
    claims, pdf = Claims(), tmp_path / "form.pdf"
    dead = {"EXCHANGE_KAFKA": f"127.0.0.1:{claims.claim(29092)}"}
    words = ("form", case_id, "--pdf", str(pdf), "--home", str(stack.home))
    try:
        done = exchange(*words, environment=dead)
    finally:
        claims.release()
    assert done.returncode == 1
    assert "could not be recorded" in done.stderr
    assert not pdf.exists()


@pytest.mark.parametrize("words", [(), ("--pdf", "-", "--docx", "-"), ("--pdf", "-", "--json")])
def test_what_to_write_must_be_said_and_standard_output_takes_one_thing(
    stack: Settings, exchange: Exchange, words: tuple[str, ...]
) -> None:
    """Wrong usage is exit code 2."""
    done = make(exchange, stack, NUMBER, *words)
    assert (done.returncode, done.stdout) == (2, "")


def test_the_notice_is_on_record_before_it_is_written(
    stack: Settings, exchange: Exchange, case_id: str, tmp_path: Path
) -> None:
    """As data and on paper the same: who made it, for whom and why, and no value of it."""
    pdf = tmp_path / "notice.pdf"
    done = exchange(
        *("notice", case_id, "--pdf", str(pdf), "--json", "--actor", "窗口 05", "--home", str(stack.home))
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["case_id"], told["application"]) == (case_id, LATEST)
    assert told["matters"]
    assert "一次性告知书" in text_of(pdf.read_bytes())
    assert stat.S_IMODE(pdf.stat().st_mode) == 0o600
    (noted,) = [record for record in access_records(stack) if record["actor"] == "窗口 05"]
    assert (noted["command"], noted["case_id"], noted["unmasked"]) == ("notice", case_id, False)
    assert noted["fields"] == ["applicant.name", "deceased.name"]
