"""Commands without the half second that Python takes to load each: copies of a process that has loaded all.

    python -m tests.command_copies FD

A command finds its own streams, environment and folder, and ends by itself, as one that a shell starts.
It is started as a process of its own where variables differ that are read before (all but `READ_LATE`), and
where a test is of how it begins.
"""

import atexit
import gc
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryFile
from typing import IO, Any, Final

from exchange.__main__ import main
from exchange.runtime.city import City

LOADED: Final = ("exchange.command", "exchange.desk", "consumers", "verification")
"""What commands are made of. Our own parts load more; the supervisor starts them, as in earnest."""
READ_LATE: Final = re.compile(r"EXCHANGE_(?!POLICY$)|HOME$|LOGNAME$|PG|PYTEST_|TMPDIR$|XDG_")
"""How the variables begin that nothing reads before a command runs; a city's own words are loaded before."""
AT_FIRST: Final = dict(os.environ)
MOST_BYTES: Final = 1 << 20


def can_be_copied(environment: Mapping[str, str]) -> bool:
    """Say whether all that is read before a command runs is as in the process that is copied."""
    return _read_early(environment) == _read_early(AT_FIRST)


def _read_early(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not READ_LATE.match(name)}


def run_copy(
    words: Sequence[str], environment: Mapping[str, str], typed: str, limit_s: float
) -> "subprocess.CompletedProcess[str]":
    """Run a command; return what it said and its exit code.

    Raises:
        TimeoutExpired: it had not ended by then, and was killed.
    """
    here, there = socket.socketpair()
    with here, TemporaryFile() as given, TemporaryFile() as told, TemporaryFile() as error:
        given.write(typed.encode())
        given.seek(0)
        asked = json.dumps(
            {"words": words, "environment": dict(environment), "folder": os.fspath(Path.cwd())}
        )
        with there:
            numbers = [one.fileno() for one in (given, told, error, there)]
            socket.send_fds(_original(), [asked.encode()], numbers)
        code = _code(here, words, limit_s)
        return subprocess.CompletedProcess(words, code, _text(told), _text(error))


@cache
def _original() -> socket.socket:
    """The way to the process that is copied; it ends when this one does."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with there:
        command = [sys.executable, "-m", __name__, str(there.fileno())]
        process = subprocess.Popen(command, pass_fds=[there.fileno()], env=AT_FIRST)
    atexit.register(_end, process, here)
    return here


def _end(process: "subprocess.Popen[bytes]", way: socket.socket) -> None:
    with process, way:
        process.kill()


def _code(answer: socket.socket, words: Sequence[str], limit_s: float) -> int:
    """The exit code, or minus the signal; whatever happens here, no command stays behind."""
    told = answer.makefile()
    pid = int(told.readline())
    answer.settimeout(limit_s)
    try:
        return int(told.readline())
    except BaseException as why:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if isinstance(why, TimeoutError):
            raise subprocess.TimeoutExpired(words, limit_s) from None
        raise


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def load() -> None:
    """Load all that commands are made of, and read what is shipped."""
    for name in LOADED:
        for module in walk_packages(import_module(name).__path__, f"{name}."):
            import_module(module.name)
    assert City().policy
    assert City().access


def serve(asked: socket.socket) -> None:
    """Make a copy for each command that is asked for, until nobody is left to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, numbers, *_ = socket.recv_fds(asked, MOST_BYTES, 4)
        if not message:
            return
        if os.fork() == 0:
            asked.close()
            answer(json.loads(message), *numbers)
            return
        for number in numbers:
            os.close(number)


def answer(asked: Any, given: int, told: int, error: int, number: int) -> None:
    """Be the command in one more copy; here, tell its process id, and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    command = os.fork()
    if command == 0:
        os.close(number)
        begin(asked, (given, told, error))
        return
    os.write(number, f"{command}\n".encode())
    _, status = os.waitpid(command, 0)
    with suppress(BrokenPipeError):
        os.write(number, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def begin(asked: Any, streams: Sequence[int]) -> None:
    """Be the command."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = ["exchange", *asked["words"]]
    main()


if __name__ == "__main__":
    gc.disable()
    load()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as way:
        serve(way)
