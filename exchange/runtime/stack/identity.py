"""As which user PostgreSQL runs: as ours or, since it refuses root, as one that can still reach its files."""

import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from exchange.runtime.stack import launch


def command(identity: str, supervisor_pid: int, death_signal: int, argv: Sequence[str]) -> list[str]:
    """Return the command line that runs a program under an identity; supervisor 0 means whoever asks."""
    launcher = (sys.executable, "-I", "-S", launch.__file__)
    return [*launcher, str(supervisor_pid), str(death_signal), identity, *argv]


def find_identity(initdb: Path) -> str:
    """Return the identity under which PostgreSQL's programs can be run.

    `drop` comes first: it needs root's usual rights, which even a plain container has, whereas a user
    namespace is often forbidden. `map` is for where that fails: a rootless container that maps a single user.

    Raises:
        ExchangeError: we are root, or a user without a name, and none of these works.
    """
    if os.geteuid() != 0 and _has_name():
        return "same"
    nobody = _nobody()
    for kind in ("drop", "map") if os.geteuid() == 0 else ("map",):
        identity = f"{kind}:{nobody.pw_uid}:{nobody.pw_gid}"
        if _works(identity, initdb):
            return identity
    raise ExchangeError(said("postgres_refuses_user"), said("another_user_or_server"))


def own(folder: Path, identity: str) -> None:
    """Give a folder and everything in it to the user of an identity, unless that user has it already."""
    if os.geteuid() != 0:
        return
    kind, *numbers = identity.split(":")
    # Outside the namespace our own user keeps its number.
    uid, gid = map(int, numbers) if kind == "drop" else (os.geteuid(), os.getegid())
    if (folder.stat().st_uid, folder.stat().st_gid) == (uid, gid):
        return
    for path in sorted(folder.rglob("*"), reverse=True):
        os.chown(path, uid, gid, follow_symlinks=False)
    os.chown(folder, uid, gid)


def _works(identity: str, initdb: Path) -> bool:
    # A dry run of initdb looks for the server and the shared files as a real run does; `--version` would not.
    argv = command(identity, 0, 0, (str(initdb), "--show", "--pgdata=unused"))
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def _has_name() -> bool:
    """Say whether our user has a name: initdb insists on one, and a container may run under a bare number."""
    try:
        return bool(pwd.getpwuid(os.geteuid()).pw_name)
    except KeyError:
        return False


def _nobody() -> pwd.struct_passwd:
    """Return a user without rights who has a name, which initdb insists on."""
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return next(entry for entry in pwd.getpwall() if entry.pw_uid != 0)
