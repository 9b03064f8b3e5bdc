"""The programs of the client's own pages run as they stand there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.gateway import SECRET, Gateway
from tests.client.served import served
from tests.client.test_following import announced
from tests.client.test_publishing import record
from tests.docs.pages import DOCS, ROOT, Block, blocks
from tests.docs.test_samples import verdict
from verification.acceptance import Accepted

PAGES = (DOCS / "how-to" / "client-python.md", ROOT / "producers" / "client" / "README.md")
PROGRAMS = [block for page in PAGES for block in blocks(page, "python")]
SAID = ("ACCEPTED", "0 refused of 3", "id 0")


@pytest.mark.process
@pytest.mark.parametrize("block", PROGRAMS, ids=lambda block: block.page.stem)
def test_a_program_of_a_page_runs(block: Block, tmp_path: Path) -> None:
    """Who copies it has an answer at once."""
    lines = [json.dumps({"type": one.type, "record": one.as_json()}) for one in (record() for _ in range(3))]
    (tmp_path / "records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    gateway = Gateway(announcements=[announced(0)])
    with served(gateway) as url:
        told = {"EXCHANGE_URL": url, "EXCHANGE_SECRET": SECRET, "RECORDS": str(tmp_path / "records.jsonl")}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", block.text],
            env={**os.environ, **told, "XDG_STATE_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert any(said in done.stdout for said in SAID), done.stdout
    assert not done.stderr
    for one in gateway.contents:
        taken = verdict(gateway.receipts[one["record_id"]][0]["type"], one)
        assert isinstance(taken, Accepted), taken
