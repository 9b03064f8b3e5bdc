"""What a terminal lacks, a closed stream, a full disk and a reader that went: a sentence and an exit code."""

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from exchange.command import app
from exchange.command.terminal.arguments import is_text
from exchange.command.terminal.exit_codes import INTERRUPTED, NOBODY_READS, REFUSED
from tests.command.acting import NAMES

POOR = ("ascii", "gbk", "gb2312", "big5", "latin-1", "cp1252", "cp437", "koi8-r", "shift_jis", "euc-kr")
"""What terminals speak that lack one of the names' characters, or all of them."""
RICH = ("utf-8", "utf8", "UTF-8", "gb18030", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-7", "cp65001")
"""Those that lack none."""
REFUSED_WRITES = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EROFS),
    *(errno.EBADF, errno.EINVAL, errno.ESTALE, errno.ENXIO, errno.EACCES),
)


@dataclass
class Told:
    """How a command ended."""

    code: object
    out: bytes
    err: bytes


Run = Callable[..., Told]


class Refusing(io.RawIOBase):
    """What takes nothing."""

    def __init__(self, number: int) -> None:
        self._number = number

    def writable(self) -> bool:
        """Like a terminal."""
        return True

    def write(self, _data: object) -> int:
        """Refuse."""
        raise OSError(self._number, os.strerror(self._number))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `main` in streams of a test's own; `out` and `err` may be numbers of errors, or None: closed."""
    for name in ("tell", "take", "interrupt", "fail"):
        monkeypatch.setitem(app.COMMANDS, name, app.Command(f"tests.command.acting:{name}", ""))  # type: ignore[arg-type]

    def run_main(
        *words: str,
        encoding: str = "utf-8",
        out: int | None = 0,
        err: int | None = 0,
        stdin: bytes | None = b"",
    ) -> Told:
        written = {"stdout": io.BytesIO(), "stderr": io.BytesIO()}
        streams = {}  # held on to: what `main` lets go of would be closed
        for name, fate in (("stdout", out), ("stderr", err)):
            raw = io.BufferedWriter(Refusing(fate)) if fate else written[name]
            streams[name] = io.TextIOWrapper(raw, encoding, "strict")  # type: ignore[arg-type]
            monkeypatch.setattr(sys, name, None if fate is None else streams[name])
        given = None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin), encoding)
        monkeypatch.setattr(sys, "stdin", given)
        with pytest.raises(SystemExit) as end:
            app.main(words)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        return Told(end.value.code, written["stdout"].getvalue(), written["stderr"].getvalue())

    return run_main


@pytest.mark.parametrize("encoding", POOR)
def test_a_poor_terminal_gets_replacement_characters(run: Run, encoding: str) -> None:
    """A name that it cannot show is shown in part; nobody is shown Python instead."""
    told = run("tell", encoding=encoding)
    assert told.code == 0
    for shown in (told.out.decode(encoding), told.err.decode(encoding)):
        lines = shown.splitlines()
        assert lines[-1] == NAMES.encode(encoding, "replace").decode(encoding)
        assert "?" in shown
        assert "Traceback" not in shown
        assert "\\u" not in shown


@pytest.mark.process
@pytest.mark.parametrize("size", ["0", "00", "", " "])
def test_a_terminal_of_no_size_is_told_all_the_same(size: str) -> None:
    """Some shells and services leave COLUMNS=0 behind: a refusal must not end in silence."""
    environment = {**os.environ, "COLUMNS": size, "LINES": size}
    command = [sys.executable, "-m", "exchange", "publish", "/no/such.jsonl", "--home", "/no/such/home"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"exchange: " in done.stderr


@pytest.mark.parametrize("encoding", RICH)
def test_a_rich_terminal_gets_every_character(run: Run, encoding: str) -> None:
    """Nothing is replaced that could be shown."""
    told = run("tell", encoding=encoding)
    assert told.code == 0
    for shown in (told.out.decode(encoding), told.err.decode(encoding)):
        assert shown.splitlines()[-1] == NAMES
        assert "?" not in shown


@pytest.mark.parametrize("encoding", [*POOR, *RICH])
def test_json_is_utf_8_whatever_the_terminal_speaks(run: Run, encoding: str) -> None:
    """A program reads it, not the terminal."""
    told = run("tell", "--json", encoding=encoding)
    assert told.code == 0
    assert json.loads(told.out.decode("utf-8")) == {"names": NAMES}


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_help_and_wrong_usage_are_shown_on_every_terminal(run: Run, encoding: str) -> None:
    """This includes Typer's own words, which hold Chinese."""
    told = run("--help", encoding=encoding)
    assert told.code == 0
    assert "个人身后".encode(encoding, "replace") in told.out
    told = run("tell", "--所", encoding=encoding)
    assert told.code == 2
    assert "--所".encode(encoding, "replace") in told.err


@pytest.mark.parametrize("number", REFUSED_WRITES, ids=errno.errorcode.__getitem__)
def test_output_that_is_not_taken_is_a_sentence(run: Run, number: int) -> None:
    """A full disk under it, above all; who asked must not take it for done."""
    for words in (("tell", "--json"), ("tell",), ("--help",)):
        told = run(*words, out=number)
        assert told.code == REFUSED
        assert os.strerror(number) in told.err.decode()
        assert "Traceback" not in told.err.decode()
    assert run("tell", err=number).code == REFUSED


def test_output_that_is_taken_is_done(run: Run) -> None:
    """The same three, as on any day."""
    for words in (("tell", "--json"), ("tell",), ("--help",)):
        assert run(*words).code == 0


def test_a_reader_that_has_gone_ends_it_quietly(run: Run) -> None:
    """`| head -1` is no fault of anybody's, and no refusal either."""
    for words in (("tell", "--json"), ("tell",), ("--help",)):
        told = run(*words, out=errno.EPIPE)
        assert (told.code, b"Traceback" in told.err) == (NOBODY_READS, False)
        assert b"exchange:" not in told.err
    assert run("tell", err=errno.EPIPE).code == NOBODY_READS


@pytest.mark.parametrize("words", [("tell", "--json"), ("tell",), ("--help",)])
def test_closed_output_is_said_where_something_was_to_be_written(run: Run, words: tuple[str, ...]) -> None:
    """`>&-`: nothing was told, so nothing is done."""
    told = run(*words, out=None)
    assert told.code == REFUSED
    assert "Standard output is closed." in told.err.decode()


def test_closed_streams_that_nobody_uses_do_no_harm(run: Run, tmp_path: Path) -> None:
    """A job without a terminal is none the worse for it."""
    quiet = ("status", "--home", str(tmp_path / "none"))
    assert run(*quiet, out=None, stdin=None).code == 1
    assert run("take", "word", err=None, stdin=None).code == 0
    assert run("fail", "expected", err=None).code == REFUSED


def test_closed_standard_input_is_said_where_it_is_read(run: Run) -> None:
    """`publish - <&-`: no records are no file that was empty."""
    told = run("take", "word", "-", stdin=None)
    assert (told.code, told.out) == (REFUSED, b"")
    assert "Standard input is closed." in told.err.decode()
    assert json.loads(run("take", "word", "-", stdin="王".encode()).out)["read"] == "王"


@pytest.mark.parametrize("words", [("interrupt", "at once"), ("interrupt", "said"), ("gone",)])
def test_ctrl_c_is_quiet(run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pressed it knows; what was said before stays said."""
    monkeypatch.setitem(app.COMMANDS, "gone", app.Command("tests.command.interrupted:nothing", ""))  # type: ignore[arg-type]
    told = run(*words)
    assert told.code == INTERRUPTED
    assert "Traceback" not in told.err.decode()
    assert "Aborted" not in told.err.decode()
    assert told.out == (b'{"half":"done"}\n' if words[-1] == "said" else b"")


def test_what_the_system_refuses_is_a_sentence(run: Run) -> None:
    """With the file's name, where there is one."""
    told = run("fail", "13")
    assert told.code == REFUSED
    assert told.err.decode().splitlines() == [
        "exchange: a-file：操作系统不允许或无法做到（refused by the system）。",
        "  a-file: refused by the system.",
    ]
    told = run("fail", str(errno.ENOSPC))
    assert told.code == REFUSED
    assert b"Make room" in told.err
    told = run("fail", "expected")
    assert (told.code, told.err) == (REFUSED, b"exchange: It is so.\nDo this.\n")


def test_a_folder_that_is_gone_is_said(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody tidied up in another window."""
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    for words in (("fail", "folder"), ("status", "--home", "here")):
        told = run(*words)
        assert told.code == REFUSED
        assert "The folder in which this command was started no longer exists." in told.err.decode()
    assert run("take", "word").code == 0


def test_a_fault_of_our_own_is_none_of_these(run: Run) -> None:
    """It shows where it is: hidden, nobody would mend it."""
    with pytest.raises(AssertionError):
        run("fail", "unexpected")


UNREADABLE = (
    *("张三".encode("gbk"), "張三".encode("big5"), "한".encode("euc-kr"), "é".encode("latin-1")),
    *("李明".encode()[:-1], b"\x80", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"),
)
"""Bytes that a shell hands over and that are no UTF-8: another encoding, a cut character, nothing at all."""
READABLE = ("张三", "李明", "䶮", "𠮷", "é", "한", "-", " ", "\u3000", "😀")


@pytest.mark.parametrize("raw", UNREADABLE, ids=repr)
def test_an_argument_that_is_no_text_is_wrong_usage(run: Run, raw: bytes) -> None:
    """And is not repeated: it may be a name in another encoding."""
    word = os.fsdecode(raw)
    assert not is_text(word)
    for words in ((word,), ("word", "--reason", word), ("word", "--home", word)):
        told = run("take", *words)
        assert (told.code, told.out) == (2, b"")
        assert "this is not text" in told.err.decode()
    assert run("case", word).code == run("follow", word).code == run(word).code == 2


@pytest.mark.parametrize("word", READABLE)
def test_an_argument_that_is_text_is_taken_as_it_is(run: Run, word: str) -> None:
    """Rare characters among them."""
    told = run("take", "--reason", word, "--home", f"/{word}", "--", word)
    assert json.loads(told.out) == {"word": word, "reason": word, "home": f"/{word}", "json": False}


@pytest.mark.parametrize("raw", UNREADABLE, ids=repr)
def test_a_file_may_have_any_name(run: Run, tmp_path: Path, raw: bytes) -> None:
    """One from another system is opened, and one is written; both are named as far as they can be."""
    name = os.fsdecode(os.fsencode(tmp_path) + b"/" + raw)
    Path(name).write_text("record", encoding="utf-8")
    told = run("take", "word", name, "--out", f"{name}.out", "--json")
    assert told.code == 0
    assert json.loads(told.out)["read"] == Path(f"{name}.out").read_text(encoding="utf-8") == "record"
    told = run("publish", f"{name}.absent", "--home", str(tmp_path))
    assert (told.code, b"Traceback" in told.err) == (REFUSED, False)


@pytest.mark.process
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_the_shells_own_closed_streams_are_met(unbuffered: str, tmp_path: Path) -> None:
    """Where the number of a closed stream is free, the next file that is opened would get it."""
    command = f"'{sys.executable}' -m exchange"
    none = f"--home '{tmp_path}/none'"
    script = (
        f"{command} status --json {none} >&-; echo $?; {command} sample | head -c 1; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        check=False,
    )
    assert done.stdout.split() == [b"1", b"{141"]
    assert "Standard output is closed." in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
