"""Uploading: what the bytes alone do not tell is found by decoding, in a process of its own."""

import io
import json
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from pypdf import PdfWriter
from typer.testing import CliRunner

from exchange.command.app import build_app
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.uploads import decode_file
from exchange.runtime.uploads.key import UploadKey
from exchange.runtime.uploads.store import VARIABLE, UploadStore, open_store
from exchange.runtime.uploads.upload import LABELS, UploadRefusedError, take
from tests.paper_files import huge_picture, pdf, picture, telephone_picture

pytestmark = pytest.mark.process
CITY = City()
POLICY, KINDS = CITY.uploads, CITY.policy.materials
JPEG = picture("JPEG")
TABLE = JPEG.index(b"\xff\xdb")
"""Where the first table begins by which a JPEG is unpacked."""
WIDE = POLICY.model_copy(update={"largest_pixels": 30_000 * 30_000})


def locked(content: bytes) -> bytes:
    """The document, which opens with a password alone."""
    writer, out = PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


REFUSED = {
    "a JPEG without a table": (
        JPEG[:TABLE] + JPEG[TABLE + 2 + int.from_bytes(JPEG[TABLE + 2 : TABLE + 4]) :],
        JPEG,
    ),
    "a PNG without its rows": (huge_picture(60), picture("PNG", (60, 60))),
    "a PDF with nothing in it": (b"%PDF-1.7\n%%EOF", pdf()),
    "a PDF with a password": (locked(pdf(2)), pdf(2)),
    "bytes between the ends of a PDF": (b"%PDF-1.7\n" + bytes(range(256)) * 9 + b"\n%%EOF\n", pdf(3)),
}


@pytest.fixture
def store() -> UploadStore:
    """An empty store."""
    return UploadStore(MemoryStore(), UploadKey(bytes(32)))


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_decoded_is_refused_and_its_twin_is_taken(store: UploadStore, name: str) -> None:
    """A department does not find out weeks later that it cannot open the paper."""
    damaged, whole = REFUSED[name]
    with pytest.raises(UploadRefusedError) as told:
        take(damaged, "", 3, KINDS, WIDE, store)
    assert told.value.code == "file_unreadable"
    assert list(store.files()) == []
    taken = take(whole, "", 3, KINDS, WIDE, store)
    assert store.get(taken.sha256) == whole


@pytest.mark.parametrize(("name", "content", "type_"), [
    ("register.pdf", pdf(), "PDF"),
    ("照片.JPG", picture("JPEG"), "JPEG"),
    ("telephone.jpg", telephone_picture(), "JPEG"),
    ("scan.png", picture("PNG"), "PNG"),
])  # fmt: skip
def test_each_type_is_taken_under_its_name(store: UploadStore, name: str, content: bytes, type_: str) -> None:
    """And told as what it is."""
    taken = take(content, name, 3, KINDS, POLICY, store)
    assert (taken.kind, taken.bytes, taken.type) == (3, len(content), type_)


def test_a_picture_that_unfolds_to_more_than_there_is_memory_harms_nobody(store: UploadStore) -> None:
    """Where a city's limit lets it pass, the decoder's own memory ends it."""
    with pytest.raises(UploadRefusedError, match="cannot be opened"):
        take(huge_picture(22_000), "", 3, KINDS, WIDE, store)


def test_a_decoder_that_does_not_work_is_not_the_familys_fault(
    store: UploadStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody scans again for nothing."""
    broken = tmp_path / "broken.py"
    broken.write_text("import nothing_of_this_name", encoding="utf-8")
    monkeypatch.setattr(decode_file, "__file__", str(broken))
    with pytest.raises(ExchangeError, match="cannot be checked") as told:
        take(pdf(), "", 3, KINDS, POLICY, store)
    assert not isinstance(told.value, UploadRefusedError)


def test_a_kind_that_there_is_not_is_refused(store: UploadStore) -> None:
    """It could be named by no application."""
    with pytest.raises(ExchangeError, match=r"no kind of material 99; known: .*3 [^;]+ \(.+\)"):
        take(pdf(), "", 99, KINDS, POLICY, store)


def test_each_refusal_has_its_words() -> None:
    """In both languages, of every code."""
    for code in LABELS.table("refusals"):
        assert str(UploadRefusedError(code, POLICY)).count("\n") == 1


def test_the_command_takes_a_file_and_says_how_to_name_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is what an application needs."""
    monkeypatch.delenv(VARIABLE, raising=False)
    home, file = Home(tmp_path / "home"), tmp_path / "a.pdf"
    home.create()
    file.write_bytes(pdf())

    def call(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(
            build_app(["upload", "guide"]), ["upload", *words, "--home", str(home.root)]
        )
        return result.exit_code, result.stdout

    code, out = call(str(file), "--kind", "3", "--json")
    row = json.loads(out)
    assert (code, row["kind"], row["type"], row["bytes"]) == (0, 3, "PDF", len(pdf()))
    assert open_store(home).get(row["sha256"]) == pdf()
    assert call(str(file), "--kind", "99", "--json") == (1, "")
    file.write_bytes(pdf()[:-20])
    assert call(str(file), "--kind", "3", "--json") == (1, "")
    assert len(list(open_store(home).files())) == 1
