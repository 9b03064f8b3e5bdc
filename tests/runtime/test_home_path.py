"""A home may be named as a folder may; what a part could not open is refused before anything is made."""

import os
import shlex
from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, find_cache, find_home
from exchange.runtime.home_path import LONGEST_BYTES, as_word, no_place, require_fit
from tests.cells import each_cell
from tests.running import run_exchange

ODD = [
    *(
        "家目录, a\\b",
        "a b",
        " lead",
        "trail ",
        "a,b",
        ",",
        "a\\b",
        "\\",
        "\\u5bb6",
        "100%",
        "%s%n%d",
        "%e5%ae%b6",
    ),
    *("#lead", "a#b", "a=b", "a:b", "a;b", "a!b", "a'b", 'a"b', "$HOME", "`id`", "$(id)", "{x}", "{0}", "}{"),
    *("a*b", "a?b", "[a]", "a|b", "a&b", "<a>", "-rf", "~", ".hidden", "C:\\x", "a@b", "(a)", "é", "e\u0301"),
    *("龘𠮷", "🙂", "\ufeffx", "a\u200bb", "a\u3000b", "家" * 85, "x" * 255),
]
PLAIN = [
    *(
        "home",
        "exchange",
        "Exchange-2",
        "a_b",
        "2026",
        "a.b",
        "srv",
        "data",
        "run",
        "kafka",
        "A",
        "0",
        "city",
    ),
    *("rehearsal", "tianshui", "EXCHANGE", "x" * 64, "a-b-c", "v0.1.0", "backup.old"),
]


@pytest.mark.parametrize("name", [*ODD, *PLAIN])
def test_a_home_may_have_any_name_that_is_text(name: str, tmp_path: Path) -> None:
    """Offices name folders in Chinese, and shells leave anything in a name; nothing is made beside it."""
    root = tmp_path / "city" / name
    Home(root).create()
    assert [os.fsdecode(entry.name) for entry in os.scandir(tmp_path / "city")] == [name]
    assert {entry.name for entry in os.scandir(root)} == {"data", "logs", "run", "secrets"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a\nb", "U+000A"),
        ("trail\n", "U+000A"),
        ("a\rb", "U+000D"),
        ("a\tb", "U+0009"),
        ("a\x1b[31mb", "U+001B"),
        ("a\x00b".replace("\x00", "\x01"), "U+0001"),
        ("a\x7fb", "U+007F"),
        ("a\x85b", "U+0085"),
        ("a\u2028b", "U+2028"),
        ("a\u2029b", "U+2029"),
        (os.fsdecode("家".encode("gb18030")), "not named in UTF-8"),
        (os.fsdecode("家".encode()[:2]), "not named in UTF-8"),
        (os.fsdecode(b"\xff\xfe"), "not named in UTF-8"),
        ("/".join(["x" * 200] * 5), f"more than {LONGEST_BYTES}"),
        ("/".join(["家" * 66] * 5), f"more than {LONGEST_BYTES}"),
    ],
)
def test_a_home_that_can_not_be_is_refused_before_anything_is_made(
    name: str, said: str, tmp_path: Path
) -> None:
    """In a sentence that a terminal can show, with what to do instead."""
    with pytest.raises(ExchangeError) as refused:
        Home(tmp_path / name).create()
    assert said in refused.value.message
    assert refused.value.message.replace("\n", "").isprintable()
    assert "--home DIR" in refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_path_may_be_as_long_as_is_said_and_no_longer() -> None:
    """In bytes: a letter of Chinese has three."""
    most = Path("/" + "/".join(["家" * 66] * 4) + "/" + "x" * (LONGEST_BYTES - 797))
    assert len(os.fsencode(most)) == LONGEST_BYTES
    require_fit(most)
    with pytest.raises(ExchangeError, match=f"{LONGEST_BYTES + 1} bytes"):
        require_fit(most.with_name(most.name + "x"))


@each_cell("name", [*ODD, *PLAIN])
def test_a_path_in_a_command_can_be_copied(name: str) -> None:
    """What is printed to be typed must mean that very folder to a shell."""
    assert shlex.split(f"exchange up --home {as_word(Path('/srv') / name)}")[-1] == f"/srv/{name}"


def test_a_cache_may_not_end_javas_class_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """At a colon Java goes on to the next file, and says only that it finds no Kafka."""
    monkeypatch.setenv("EXCHANGE_CACHE", str(tmp_path / "a:b"))
    with pytest.raises(ExchangeError, match="U\\+003A") as refused:
        find_cache()
    assert "EXCHANGE_CACHE" in refused.value.hint
    monkeypatch.setenv("EXCHANGE_CACHE", str(tmp_path / "缓存, b"))
    assert find_cache() == tmp_path / "缓存, b"


def test_the_home_of_a_user_who_has_none_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in a name, or a service that runs under a bare number: what to name instead is said."""
    monkeypatch.setenv("EXCHANGE_HOME", "~nobody-of-that-name/home")
    with pytest.raises(ExchangeError, match="user who has no home") as refused:
        find_home(None)
    assert "--home DIR" in refused.value.hint


def test_a_home_is_found_from_wherever_one_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Relative, with a slash behind it, below one's own folder: the same home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("EXCHANGE_HOME", "家, a\\b/")
    named = [
        find_home(None),
        find_home(Path("家, a\\b")),
        find_home(Path("~/家, a\\b")),
        find_home(Path("./家, a\\b/")),
    ]
    assert {home.root for home in named} == {tmp_path / "家, a\\b"}


LONG = [
    "x" * 256,
    "名" * 86,
    f"{'x' * 300}/home",
    f"missing/{'x' * 300}",
    f"missing/{'家' * 100}/home",
    f"missing/{'é' * 128}",
    f"{'y' * 200}/" * 30,
]
LONG_ENOUGH = [
    "x" * 255,
    "名" * 85,
    f"{'x' * 255}/home",
    f"missing/{'x' * 254}",
    "é" * 127,
    "y/" * 60,
    "家" * 40,
]


@pytest.mark.parametrize("name", LONG)
def test_a_name_that_no_system_takes_is_told_before_anything_is_made(name: str, tmp_path: Path) -> None:
    """The system said so in its own words, with half of the folders made."""
    with pytest.raises(ExchangeError, match="bytes") as told:
        Home(tmp_path / name).create()
    assert "字节" in told.value.message
    assert "bytes" in (no_place(tmp_path / name) or "")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", LONG_ENOUGH)
def test_a_name_of_as_many_bytes_as_there_may_be_is_a_home(name: str, tmp_path: Path) -> None:
    """Long names of offices in Chinese."""
    assert no_place(tmp_path / name) is None
    Home(tmp_path / name).create()


def test_a_long_name_of_a_file_is_told_in_both_languages(tmp_path: Path) -> None:
    """With what to do."""
    ended = run_exchange("publish", str(tmp_path / f"{'名' * 100}.csv"))
    assert ended.returncode == 1
    assert all(words in ended.stderr for words in ("名称过长", "too long", "255"))
