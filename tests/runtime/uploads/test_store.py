"""The store of files handed in: one suite for the home and for an S3 server, which get ciphertext alone."""

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import obstore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from obstore.store import MemoryStore

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.uploads.key import NAME, AlteredFileError, UploadKey, home_key
from exchange.runtime.uploads.store import VARIABLE, FileGoneError, UploadStore, open_store
from tests.paper_files import pdf, picture
from tests.runtime.uploads.s3_server import BUCKET, KEYS, s3_server

KEY, OTHER = UploadKey(bytes(32)), UploadKey(bytes(31) + b"\x01")
CONTENT = picture("PNG")
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    place = Home(tmp_path / "home")
    place.create()
    return place


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An S3 server."""
    with s3_server() as url:
        yield url


@pytest.fixture(params=["home", pytest.param("s3", marks=pytest.mark.process)])
def store(
    request: pytest.FixtureRequest, home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> UploadStore:
    """An empty store of either kind; the one setting says which."""
    monkeypatch.delenv(VARIABLE, raising=False)
    if request.param == "s3":
        prefix = sha256(str(tmp_path).encode()).hexdigest()[:8]
        monkeypatch.setenv(VARIABLE, f"{request.getfixturevalue('server')}/{BUCKET}/{prefix}")
        for name, value in KEYS.items():
            monkeypatch.setenv(name, value)
    return open_store(home)


def test_what_is_put_is_got_again_and_the_same_twice_is_one_file(store: UploadStore) -> None:
    """By the SHA-256 of its content."""
    assert [store.put(CONTENT), store.put(CONTENT), store.put(pdf())] == [
        *(DIGEST, DIGEST),
        sha256(pdf()).hexdigest(),
    ]
    assert store.get(DIGEST) == CONTENT
    assert len(list(store.files())) == 2


def test_what_lies_there_tells_neither_content_nor_its_hash(store: UploadStore) -> None:
    """Who has no key cannot look whether a document is there."""
    store.put(CONTENT)
    (file,) = store.files()
    stored = obstore.get(store.objects, file.name).bytes().to_bytes()
    assert DIGEST not in file.name
    assert CONTENT[:8] not in stored
    assert CONTENT[-40:] not in stored
    first = stored
    store.put(CONTENT)
    assert obstore.get(store.objects, file.name).bytes().to_bytes() != first


@pytest.mark.parametrize("place", ["first", "nonce", "middle", "last", "cut", "emptied"])
def test_altered_bytes_are_refused(store: UploadStore, place: str) -> None:
    """Nobody decides by what somebody has slipped in."""
    store.put(CONTENT)
    (file,) = store.files()
    stored = bytearray(obstore.get(store.objects, file.name).bytes().to_bytes())
    if place in {"cut", "emptied"}:
        stored = stored[:-1] if place == "cut" else bytearray()
    else:
        stored[{"first": 0, "nonce": 5, "middle": len(stored) // 2, "last": -1}[place]] ^= 1
    obstore.put(store.objects, file.name, bytes(stored))
    with pytest.raises(AlteredFileError):
        store.get(DIGEST)
    store.put(CONTENT)
    assert store.get(DIGEST) == CONTENT


def test_a_file_in_place_of_another_is_refused(store: UploadStore) -> None:
    """A name and its content belong together: so one person's paper is not another's."""
    store.put(CONTENT)
    other = store.put(pdf())
    names = [store.key.name_of(DIGEST), store.key.name_of(other)]
    mine, theirs = (obstore.get(store.objects, name).bytes().to_bytes() for name in names)
    obstore.put(store.objects, names[0], theirs)
    with pytest.raises(AlteredFileError):
        store.get(DIGEST)
    obstore.put(store.objects, names[0], mine)
    assert store.get(DIGEST) == CONTENT


def test_what_was_deleted_or_never_put_is_gone(store: UploadStore) -> None:
    """And putting it again brings it back."""
    with pytest.raises(FileGoneError):
        store.get(DIGEST)
    store.put(CONTENT)
    (file,) = store.files()
    store.delete(file.name)
    with pytest.raises(FileGoneError):
        store.get(DIGEST)
    store.put(CONTENT)
    assert store.get(DIGEST) == CONTENT


def test_another_key_finds_nothing_and_reads_nothing() -> None:
    """Whoever has the store alone has nothing."""
    objects = MemoryStore()
    UploadStore(objects, KEY).put(CONTENT)
    with pytest.raises(FileGoneError):
        UploadStore(objects, OTHER).get(DIGEST)
    name = KEY.name_of(DIGEST)
    obstore.put(objects, OTHER.name_of(DIGEST), obstore.get(objects, name).bytes().to_bytes())
    with pytest.raises(AlteredFileError):
        UploadStore(objects, OTHER).get(DIGEST)
    assert UploadStore(objects, KEY).get(DIGEST) == CONTENT


def test_two_homes_share_a_store_and_neither_sees_the_others_files() -> None:
    """A sweep of one deletes nothing of the other, nor of anybody else who keeps something there."""
    objects = MemoryStore()
    mine, theirs = UploadStore(objects, KEY), UploadStore(objects, OTHER)
    mine.put(CONTENT)
    theirs.put(CONTENT)
    obstore.put(objects, "somebody/elses.txt", b"report")
    assert [len(list(store.files())) for store in (mine, theirs)] == [1, 1]
    for file in mine.files():
        mine.delete(file.name)
    assert theirs.get(DIGEST) == CONTENT
    assert obstore.get(objects, "somebody/elses.txt").bytes() == b"report"


@given(
    contents=st.lists(st.binary(max_size=500), max_size=8),
    flipped=st.integers(0, 10_000),
    bit=st.integers(0, 7),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_put_is_one_file_each_and_no_bit_of_it_may_change(
    contents: list[bytes], flipped: int, bit: int
) -> None:
    """Same content, same file; other content, another; and every bit counts."""
    store = UploadStore(MemoryStore(), KEY)
    digests = [store.put(content) for content in contents]
    assert len(list(store.files())) == len(set(contents))
    assert [store.get(digest) for digest in digests] == contents
    for digest in digests[:1]:
        name = KEY.name_of(digest)
        stored = bytearray(obstore.get(store.objects, name).bytes().to_bytes())
        stored[flipped % len(stored)] ^= 1 << bit
        obstore.put(store.objects, name, bytes(stored))
        with pytest.raises(AlteredFileError):
            store.get(digest)


def test_the_home_keeps_one_key_for_itself_alone(home: Home) -> None:
    """Made once, readable by its owner; a copy of the home reads what the home wrote."""
    key = home_key(home)
    path = home.secrets / NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert home_key(home).name_of(DIGEST) == key.name_of(DIGEST)
    assert [one.name for one in home.secrets.iterdir()] == [NAME]
    open_store(home).put(CONTENT)
    copy = Home(home.root.with_name("copy"))
    shutil.copytree(home.root, copy.root)
    assert open_store(copy).get(DIGEST) == CONTENT
    (copy.secrets / NAME).unlink()
    with pytest.raises(FileGoneError):
        open_store(copy).get(DIGEST)


def test_a_key_that_is_none_is_said_so(home: Home) -> None:
    """Nothing is written with half of it."""
    home_key(home)
    (home.secrets / NAME).write_text("abcd", encoding="ascii")
    with pytest.raises(ExchangeError, match="no key of uploads"):
        open_store(home)


REFUSED_PLACES = {
    "ftp://example.org/b": "names no store",
    "https://example.org": "names no store",
    "s3": "names no store",
    "http://example.org/b": "without encryption",
    "http://10.0.0.7/b": "without encryption",
}
TAKEN_PLACES = (
    "https://example.org/b",
    "https://example.org:9000/b/deep/er",
    "http://127.0.0.1:9/b",
    "http://[::1]:9/b",
    "",
)


@pytest.mark.parametrize("address", REFUSED_PLACES)
def test_a_place_that_is_none_or_open_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Names of files are not told to the wire either."""
    monkeypatch.setenv(VARIABLE, address)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ExchangeError, match=REFUSED_PLACES[address]):
        open_store(home)


@pytest.mark.parametrize("address", TAKEN_PLACES)
def test_a_place_that_is_one_is_taken(home: Home, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """As many as are refused; without keys, none but the home."""
    monkeypatch.setenv(VARIABLE, address)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    assert open_store(home)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    if address:
        with pytest.raises(ExchangeError, match="AWS_SECRET_ACCESS_KEY"):
            open_store(home)


def test_a_store_that_does_not_answer_is_said_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words for people, without the address's keys."""
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:9/b")
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ExchangeError, match="does not answer") as told:
        open_store(home).put(CONTENT)
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in f"{told.value.message}{told.value.hint}"
