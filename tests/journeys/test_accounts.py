"""People with accounts, from the command that opens one to the moment at which it is taken back."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pyotp
import pytest

from exchange.command.terminal.session_file import session_file
from exchange.desk.guessing import SlowDownError
from exchange.desk.identity import Shown
from exchange.desk.sessions import SessionOverError
from exchange.desk.sign_in import AccountSignIn, SignInRefusedError, make_sign_in
from exchange.runtime.accounts.followed import Followed
from exchange.runtime.accounts.log import account_documents, account_of, code_documents, code_of
from exchange.runtime.accounts.tables import own_connections
from exchange.runtime.home import Home
from exchange.runtime.principals import DESK
from exchange.runtime.settings import Settings, load_settings
from tests.running import run_exchange
from tests.waiting import wait_for

ADDRESS = "192.0.2.1"


class Terminal:
    """A person's terminal at the home, with a folder for what it keeps."""

    def __init__(self, stack: Settings, folder: Path) -> None:
        self.home = stack.home
        self.environment = {"XDG_CONFIG_HOME": str(folder), "EXCHANGE_HOME": str(stack.home)}

    def run(self, *words: str, types: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command."""
        return run_exchange(*words, environment=self.environment, typed=types)

    def told(self, *words: str, types: str = "") -> list[Mapping[str, Any]]:
        """Run a command that works, and return the JSON lines that it prints."""
        done = self.run(*words, "--json", types=types)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def account(self, *words: str) -> Mapping[str, Any]:
        """Open an account; return what is told once."""
        (handed,) = self.told("accounts", "create", f"a{uuid4().hex}", *words)
        assert set(handed) == {"name", "password", "totp"}
        return handed


@pytest.fixture
def terminal(stack: Settings, tmp_path: Path) -> Terminal:
    """A terminal at which nobody has signed in."""
    return Terminal(stack, tmp_path)


@pytest.fixture
def console(stack: Settings) -> Iterator[AccountSignIn]:
    """What a process that serves people holds: accounts and codes as they change, sessions of all."""
    settings = load_settings(stack.home, DESK)
    with ExitStack() as ends:
        accounts = ends.enter_context(Followed(account_documents(settings), account_of))
        codes = ends.enter_context(Followed(code_documents(settings), code_of))
        tables = own_connections(settings.postgres)
        yield make_sign_in(Home(stack.home), settings.city, tables, accounts.get, codes.get)


def shown(handed: Mapping[str, Any], steps: int = 0) -> Shown:
    """What its holder shows now, or with the code of a later step."""
    now = int(datetime.now(UTC).timestamp()) + 30 * steps
    return Shown(
        handed["name"], handed["password"], pyotp.TOTP(handed["totp"]).at(now) if handed["totp"] else ""
    )


def typed(handed: Mapping[str, Any], steps: int = 0) -> str:
    """The same as a program writes it to `exchange login`."""
    what = shown(handed, steps)
    return f"{what.password}\n{what.code}\n"


def until_known(sign_in: Callable[[], str]) -> str:
    """Sign in as soon as the account, or the code, has arrived."""
    tokens: list[str] = []

    def tried() -> bool:
        with suppress(SignInRefusedError, SlowDownError):
            tokens.append(sign_in())
        return bool(tokens)

    wait_for("who signs in", tried)
    return tokens[0]


def signed_in(console: AccountSignIn, what: Shown) -> str:
    """The token of somebody who has signed in at the console."""
    return until_known(lambda: console.sign_in(what, ADDRESS, "console", datetime.now(UTC)))


def test_whoever_signs_in_acts_as_the_account_until_they_sign_out(terminal: Terminal) -> None:
    """With its rights alone, though the same person could act as the shell."""
    chen = terminal.account("--role", "operator")
    clerk = terminal.account(
        "--role", "bank_clerk", "--department", "financial_regulation", "--bank", "91620500812415868R"
    )
    assert clerk["totp"] is None
    assert terminal.run("login", chen["name"], types=f"{chen['password']}\n").returncode == 1
    once = typed(chen)
    (told,) = terminal.told("login", chen["name"], types=once)
    assert (told["name"], told["role"]) == (chen["name"], "operator")
    assert terminal.run("login", chen["name"], types=once).returncode == 1, "a code works once"
    terminal.told("accounts", "suspend", clerk["name"], "--reason", "on leave")
    assert terminal.told("accounts", "history", clerk["name"])[-1]["actor"] == chen["name"]
    terminal.told("accounts", "resume", clerk["name"])
    terminal.told("login", clerk["name"], types=typed(clerk))
    refused = terminal.run("accounts", "list")
    assert (refused.returncode, "bank_clerk" in refused.stderr) == (1, True)
    terminal.told("login", chen["name"], types=typed(chen, 1))
    names = {one["name"] for one in terminal.told("accounts", "list")}
    assert names >= {chen["name"], clerk["name"]}
    assert terminal.run("logout").returncode == 0
    assert terminal.told("accounts", "history", chen["name"])[-1]["actor_role"] == "shell"


def test_a_session_is_kept_in_a_closed_file_and_does_not_become_the_shell_when_it_ends(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is shut out is told so."""
    handed = terminal.account("--role", "operator")
    terminal.told("login", handed["name"], types=typed(handed))
    monkeypatch.setenv("XDG_CONFIG_HOME", terminal.environment["XDG_CONFIG_HOME"])
    file = session_file(Home(terminal.home))
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert handed["password"] not in file.read_text()
    terminal.told("accounts", "revoke", handed["name"])
    refused = terminal.run("accounts", "list")
    assert (refused.returncode, "exchange login" in refused.stderr) == (1, True)
    assert terminal.run("logout").returncode == 0
    assert not file.exists()


def test_a_revoked_account_is_out_of_another_process_with_its_open_streams(
    terminal: Terminal, console: AccountSignIn
) -> None:
    """It took 0.6 s on a quiet machine from the command's end; what is held here is that it ends."""
    handed = terminal.account("--role", "supervisor", "--department", "police")
    token = signed_in(console, shown(handed))
    session = console.find(token, datetime.now(UTC))
    assert console.sessions.valid_of([session], datetime.now(UTC))
    terminal.told("accounts", "revoke", handed["name"], "--reason", "left")
    wait_for("the end of the stream", lambda: not console.sessions.valid_of([session], datetime.now(UTC)))
    with pytest.raises(SessionOverError):
        console.find(token, datetime.now(UTC))
    with pytest.raises(SignInRefusedError):
        console.sign_in(shown(handed, 1), ADDRESS, "console", datetime.now(UTC))


def test_accounts_survive_a_lost_database(
    terminal: Terminal, console: AccountSignIn, stack: Settings
) -> None:
    """They are on the log, which is what a backup holds."""
    handed = terminal.account("--role", "auditor")
    signed_in(console, shown(handed))
    with psycopg.connect(stack.postgres) as connection:
        connection.execute("DROP SCHEMA desk CASCADE")
    assert console.find(signed_in(console, shown(handed, 1)), datetime.now(UTC)).asker.name == handed["name"]


def test_an_applicants_code_shows_its_case_until_it_is_taken_back(
    terminal: Terminal, console: AccountSignIn
) -> None:
    """From the window's command to the family's page, and back."""
    case_id, application = "d" * 64, str(uuid4())
    ((code,),) = (one.values() for one in terminal.told("accounts", "code", application, case_id))
    token = until_known(lambda: console.sign_in_with_code(code, ADDRESS, "api", datetime.now(UTC)))
    session = console.find(token, datetime.now(UTC))
    assert dict(session.asker.kept_within) == {"case": case_id}
    assert terminal.told("accounts", "revoke-code", application) == [{"revoked": 1}]
    wait_for("its end", lambda: not console.sessions.valid_of([session], datetime.now(UTC)))
    assert terminal.told("accounts", "revoke-code", application) == [{"revoked": 0}]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("a department", ("--role", "supervisor")),
        ("a county", ("--role", "county", "--department", "police")),
        ("no department", ("--role", "supervisor", "--department", "weather")),
        ("can have the role mayor", ("--role", "mayor")),
    ],
)
def test_an_account_that_fits_no_role_is_refused(
    terminal: Terminal, code: str, words: tuple[str, ...]
) -> None:
    """In both languages."""
    refused = terminal.run("accounts", "create", "zhou", *words)
    assert refused.returncode == 1
    assert code in refused.stderr
    assert not any(one["name"] == "zhou" for one in terminal.told("accounts", "list"))
