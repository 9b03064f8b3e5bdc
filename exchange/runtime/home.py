"""Where one exchange keeps its data, logs, secrets and running state: two homes are two exchanges."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home_path import CLASS_PATH_ENDS, require_fit
from exchange.runtime.sentences import said
from exchange.runtime.users_home import expanded

CASE_KEY_BYTES = 32


@dataclass(frozen=True)
class Home:
    """The paths of one home; nothing is made until `create`."""

    root: Path

    @property
    def data(self) -> Path:
        """What must be kept: Kafka's log, PostgreSQL's files, the join's store."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """One file per part."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """What is true only while the stack runs."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        """Passwords and keys, each file 0600."""
        return self.root / "secrets"

    def log(self, part: str) -> Path:
        """The file that takes what a part prints."""
        return self.logs / f"{part}.log"

    def ready_file(self, part: str) -> Path:
        """The file in which a part of ours writes its own process id once it is at work."""
        return self.run / f"{part}.ready"

    def create(self) -> None:
        """Make the folders, closed to other users: they will hold personal data.

        Raises:
            ExchangeError: one cannot be made, or not every part could work in it; then none is made.
        """
        require_fit(self.root)
        for folder in (self.root, self.data, self.logs, self.run, self.secrets):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as problem:
                raise ExchangeError(
                    said("folder_unmade", folder=folder, problem=problem.strerror),
                    said("name_another_folder", option="--home DIR"),
                ) from None

    def secret(self, name: str, size_bytes: int = 24) -> str:
        """Return a random secret as hex, made on the first call and the same ever after."""
        path = self.secrets / name
        if not path.exists():
            write_private(path, secrets.token_hex(size_bytes))
        return path.read_text(encoding="ascii").strip()

    @contextmanager
    def locked(self, what: str) -> Iterator[None]:
        """Hold a lock that one process at a time has, while the block runs."""
        self.create()
        descriptor = os.open(self.secrets / f"{what}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def make_case_key(self) -> None:
        """Make the key of the case ids once; another key would give every person another case id."""
        self.secret("case_key", CASE_KEY_BYTES)


def find_home(given: Path | None) -> Home:
    """Return the home given, else that of EXCHANGE_HOME, else the user's own.

    Raises:
        ExchangeError: it is somewhere in the home of a user who has none.
    """
    if given is None and os.environ.get("EXCHANGE_HOME"):
        given = Path(os.environ["EXCHANGE_HOME"])
    if given is None:
        base = os.environ.get("XDG_DATA_HOME") or _in_users_home("~/.local/share", "--home DIR")
        given = Path(base) / "exchange"
    return Home(_in_users_home(given, "--home DIR"))


def find_cache() -> Path:
    """Return the folder for downloads, outside every home and checkout.

    Raises:
        ExchangeError: it is somewhere in the home of a user who has none, or Java could not find it.
    """
    given = os.environ.get("EXCHANGE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    cache = _in_users_home(given or Path(base) / "exchange", "EXCHANGE_CACHE")
    require_fit(cache, "EXCHANGE_CACHE", CLASS_PATH_ENDS)
    return cache


def _in_users_home(path: str | Path, otherwise: str) -> Path:
    """Return a path made whole; `~` at its beginning is the user's own home."""
    if (found := expanded(path)) is None:
        raise ExchangeError(
            said("home_of_nobody", folder=path), said("name_another_folder", option=otherwise)
        )
    return found.absolute()


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, so that no reader ever sees half of it; readable by its owner alone."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    fresh.replace(path)


def announce_ready(home: Home, part: str) -> None:
    """Tell the supervisor that this process, which is that part, is at work."""
    write_private(home.ready_file(part), str(os.getpid()))
