"""A city with a folder of its own, through the whole exchange: its departments, its papers, none of ours."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.runtime.environment import given_addresses
from tests.consumers.printed_form.test_pdf import text_of
from tests.second_city import NAMES, our_words, second_city

Exchange = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.long  # what is proven of it in every commit: tests/test_second_city.py, test_own_record_type.py
@pytest.mark.skipif(bool(given_addresses()), reason="the demo runs an exchange of its own")
def test_the_demo_is_that_of_the_citys_own_folder(exchange: Exchange, tmp_path: Path) -> None:
    """Topics, receipts, cases, the tables and the form; each part is told of the folder."""
    city, form = second_city(tmp_path / "qinghe"), tmp_path / "form.pdf"
    done = exchange(
        *("demo", "--people", "8", "--pdf", str(form)),
        environment={"TMPDIR": str(tmp_path), "EXCHANGE_POLICY": str(city.folder)},
    )
    assert done.returncode == 0, done.stderr
    shown = done.stdout + text_of(form.read_bytes())
    assert "便民表（样式A）" in shown
    deciding = {one.name_zh for one in city.catalogue.departments.values() if one.role == "deciding"}
    assert deciding <= {name for name, _ in NAMES.values() if name in shown}
    assert {word for word in our_words() if word in shown} == set()
