"""What the doors' own logs say about failed logins, and that each line counts once."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consumers.operations.failed_logins import FailedLogin, FailedLogins, LoginLogs, failed_login, recent
from consumers.operations.metrics import CountedLogins
from exchange.runtime.accounts.failed_log import note_failed
from exchange.runtime.home import Home
from tests.cells import each_cell

AT = datetime(2026, 11, 30, 8, 17, 12, 520_000, tzinfo=UTC)
SERVER = "[SocketServer listenerType=BROKER, nodeId=1]"
WHY = "(Authentication failed during authentication due to invalid credentials with SASL mechanism X)"


def of_kafka(text: str = "Failed authentication with /10.0.0.7", at: str = "2026-11-30T08:17:12.520Z") -> str:
    """A line as Kafka 4 writes it with `exchange/runtime/stack/log4j2.properties`."""
    return f"{at} INFO Selector: {SERVER} {text} (channelId=127.0.0.1:9132-10.0.0.7:59678-0-58) {WHY}\n"


def of_postgres(text: str = 'FATAL:  password authentication failed for user "projector"') -> str:
    """A line as PostgreSQL writes it."""
    return f"2026-11-30 08:17:12.520 UTC [22642] {text}\n"


def of_gateway(at: str = "2026-11-30T08:17:12.520000Z") -> str:
    """A line as the gateway writes it."""
    told = '"module": "gateway.sign_in", "address": "10.0.0.7", "event": "login_failed", "level": "warning"'
    return f'{{{told}, "timestamp": "{at}"}}\n'


SEVENTH = FailedLogin("kafka", AT, "10.0.0.7")


@each_cell(
    ("line", "login"),
    [
        (of_kafka(), SEVENTH),
        (of_kafka(at="2026-11-30T16:17:12.520+08:00"), SEVENTH),
        (of_kafka("Failed re-authentication with /10.0.0.7"), SEVENTH),
        (of_kafka("Failed authentication with desk.tianshui/10.0.0.7"), SEVENTH),
        (
            of_kafka("Failed authentication with /2001:db8:0:0:0:0:0:7"),
            FailedLogin("kafka", AT, "2001:db8:0:0:0:0:0:7"),
        ),
        (of_postgres(), FailedLogin("postgres", AT, "127.0.0.1")),
        (of_gateway(), FailedLogin("gateway", AT, "10.0.0.7")),
        (of_gateway().replace("login_failed", "stopped"), None),
        (of_kafka().replace(SERVER, "[NodeToControllerChannelManager id=1 name=heartbeat]"), None),
        (of_kafka("Disconnected from /10.0.0.7"), None),
        (of_kafka(at="2026-99-30T08:17:12.520Z"), None),
        (of_kafka(at="2026-11-30T08:17:12.520"), None),
        (of_kafka()[2:], None),
        (of_postgres('FATAL:  database "x" does not exist'), None),
        (of_postgres(f"LOG:  {of_postgres()}"), None),
        ("\n", None),
    ],
)
def test_a_line_tells_door_moment_and_address_and_never_a_user(line: str, login: FailedLogin | None) -> None:
    """Whoever reads the count learns of machines, not of people."""
    assert failed_login(line.encode()) == login


def test_bytes_that_are_no_text_are_no_login() -> None:
    """Clients send what they like."""
    assert failed_login(b"\xff\xfe") is None


def test_only_the_last_hour_counts_and_each_address_once() -> None:
    """What was is over: the next look is green again."""
    now = AT + timedelta(hours=1)
    old = FailedLogin("kafka", AT, "10.0.0.8")
    late = [FailedLogin("kafka", AT + timedelta(minutes=one), "10.0.0.9") for one in (3, 2, 1)]
    assert recent([*late, old], now) == FailedLogins(3, 1, AT + timedelta(minutes=1))
    assert recent([old], now) == FailedLogins(0, 0, None)


def number(logs: LoginLogs) -> int:
    """How many are new."""
    return len(list(logs.read()))


def test_each_line_is_told_once_whatever_becomes_of_its_file(tmp_path: Path) -> None:
    """Written in halves, renamed at a start, emptied by a person, gone."""
    logs, log = LoginLogs(tmp_path), tmp_path / "kafka-1.log"
    assert (number(logs), logs.doors) == (0, ())
    log.write_text(of_kafka() + of_kafka()[:50])
    assert (number(logs), logs.doors) == (1, ("kafka",))
    with log.open("a") as file:
        file.write(of_kafka()[50:])
    assert (number(logs), number(logs)) == (1, 0)
    with log.open("a") as file:
        file.write(of_kafka())
    log.rename(tmp_path / "kafka-1.log.1")
    log.write_text(of_kafka() * 2)
    (tmp_path / "postgres.log").write_text(of_postgres())
    assert (number(logs), logs.doors) == (4, ("kafka", "postgres"))
    log.write_text(of_kafka())
    assert number(logs) == 1
    log.unlink()
    assert number(logs) == 0


def test_of_a_long_log_the_first_look_reads_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`exchange status` has to answer where somebody has guessed for days."""
    monkeypatch.setattr("consumers.operations.failed_logins.LATEST_BYTES", len(of_kafka()) * 3 // 2)
    (tmp_path / "kafka.log").write_text(of_kafka() * 5)
    assert number(LoginLogs(tmp_path)) == 1


def test_the_count_goes_on_from_one_scrape_to_the_next(tmp_path: Path) -> None:
    """A door that writes no log here is left out: a zero that nobody counted would silence an alarm."""
    counted = CountedLogins(LoginLogs(tmp_path))
    assert counted.family().samples == []
    (tmp_path / "kafka.log").write_text(of_kafka())
    (tmp_path / "postgres.log").write_text("")
    for _ in range(2):
        told = {one.labels["door"]: one.value for one in counted.family().samples}
        assert told == {"kafka": 1, "postgres": 0}


@pytest.mark.process
def test_a_line_that_a_part_of_ours_writes_is_told() -> None:
    """The gateway's own lines: an address that the log left out would be missed here."""
    code = (
        "from exchange.runtime.logs import configure_logs, logger\n"
        "configure_logs()\n"
        "logger('gateway.sign_in').warning('login_failed', address='10.0.0.7')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stderr
    found = failed_login(told)
    assert found is not None
    assert (found.door, found.address) == ("gateway", "10.0.0.7")


def test_what_the_desk_writes_is_found(tmp_path: Path) -> None:
    """In a log of its own, whichever process signs people in."""
    home = Home(tmp_path)
    home.create()
    note_failed(home, "2001:db8::7", AT)
    note_failed(home, "10.0.0.7", AT)
    assert list(LoginLogs(home.logs).read()) == [
        FailedLogin("desk", AT, "2001:db8::7"),
        FailedLogin("desk", AT, "10.0.0.7"),
    ]
    assert LoginLogs(home.logs).doors == ("desk",)
    assert home.log("desk").stat().st_mode & 0o777 == 0o600
