"""Who comes in, how long, and who is kept out: on PostgreSQL, with a clock of the test."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pyotp
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from exchange.desk.asker import Asker
from exchange.desk.guessing import SlowDownError
from exchange.desk.identity import Shown
from exchange.desk.people_shown import PeopleShown, TooManyPeopleError
from exchange.desk.sessions import SessionOverError
from exchange.desk.sign_in import AccountSignIn, SignInRefusedError, make_sign_in
from exchange.domain.access.may import WorkPlace
from exchange.domain.applicant_codes import ApplicantCode, shown_code
from exchange.runtime.accounts import secrets
from exchange.runtime.accounts.secrets import SEAL_KEY, AccountSecrets, new_code
from exchange.runtime.accounts.tables import own_connections
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.principals import DESK
from exchange.runtime.settings import Settings, load_settings
from tests.desk.made_accounts import OPERATOR, START, Office

HOME, OFFICE, ELSEWHERE = "192.0.2.1", "192.0.2.2", "203.0.113.9"
STEP = timedelta(seconds=30)
LIMITS = City().accounts.sessions
CASE = "c" * 64


class Counter(Office):
    """A desk with two people: wang, who needs codes, and leader li, who needs none."""

    def __init__(self, folder: Path, address: str) -> None:
        super().__init__(folder)
        police: WorkPlace = {"department": "police"}
        self.wang = self.desk.create("wang", "supervisor", police, OPERATOR, START, "王芳")
        self.li = self.desk.create("li", "leader", {}, OPERATOR, START)
        self.codes: dict[str, ApplicantCode] = {}
        self.address = address
        self.people = PeopleShown(own_connections(address), City().accounts)

    @property
    def sign_in(self) -> AccountSignIn:
        """The sign-in, as each process makes one of its own."""
        return make_sign_in(
            self.home,
            City(),
            own_connections(self.address),
            lambda name: self.log.read().get(name),
            self.codes.get,
        )

    def code(self, at: datetime) -> str:
        """Wang's one-time code at a moment."""
        return pyotp.TOTP(self.wang.totp or "").at(int(at.timestamp()))

    def shown(self, at: datetime) -> Shown:
        """What wang shows at a moment."""
        return Shown("wang", self.wang.password or "", self.code(at))

    def wang_in(self, at: datetime, address: str = HOME) -> str:
        """Wang, signed in."""
        return self.sign_in.sign_in(self.shown(at), address, "console", at)

    def li_in(self, at: datetime, address: str = HOME) -> str:
        """Li, signed in."""
        return self.sign_in.sign_in(Shown("li", self.li.password or ""), address, "console", at)

    @property
    def failed(self) -> list[dict[str, str]]:
        """What was logged of those who were not let in."""
        file = self.home.log("desk")
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture(autouse=True)
def passwords_that_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what a password costs `tests/runtime/accounts` tells; here a hundred are made and shown."""
    monkeypatch.setattr(secrets, "_hasher", lambda: PasswordHasher.from_parameters(CHEAPEST))


@pytest.fixture
def counter(stack: Settings, tmp_path: Path) -> Iterator[Counter]:
    """A desk whose tables nobody has made yet."""
    address = load_settings(stack.home, DESK).postgres
    with psycopg.connect(address) as connection:
        connection.execute("DROP SCHEMA IF EXISTS desk CASCADE")
    yield Counter(tmp_path / "home", address)
    with psycopg.connect(address) as connection:
        connection.execute("DROP SCHEMA IF EXISTS desk CASCADE")


def test_the_right_secrets_let_in_as_the_account_and_another_process_sees_it(counter: Counter) -> None:
    """With its role and place as they now are."""
    session = counter.sign_in.find(counter.wang_in(START), START)
    wang = Asker("wang", "supervisor", {"department": "police"}, "console", display_name="王芳")
    assert session.asker == wang
    assert counter.sign_in.find(counter.li_in(START), START).asker.role == "leader"


def test_whatever_is_wrong_is_refused_in_the_same_words(counter: Counter) -> None:
    """Nobody learns which names there are, or what of it was right."""
    counter.desk.create("zhao", "leader", {}, OPERATOR, START)
    password = counter.desk.reset_password("zhao", OPERATOR, START).password or ""
    counter.desk.suspend("zhao", OPERATOR, START)
    right = counter.shown(START)
    wrong = [
        replace(right, password=f"{right.password}x"),
        replace(right, code="000000" if right.code != "000000" else "111111"),
        replace(right, code=""),
        replace(right, code="１２３４５６"),
        replace(right, name="nobody"),
        replace(right, name="Robert'); --\0\ud800"),
        Shown("zhao", password),
        Shown("li", "\ud800"),
    ]
    told = set()
    for at, shown in enumerate(wrong):
        with pytest.raises(SignInRefusedError) as refused:
            counter.sign_in.sign_in(shown, f"198.51.100.{at}", "api", START)
        told.add(refused.value.message)
    assert len(told) == 1
    assert [one["address"] for one in counter.failed] == [f"198.51.100.{at}" for at in range(len(wrong))]
    assert counter.sign_in.sign_in(right, HOME, "api", START)
    assert "wang" not in json.dumps(counter.failed)


def test_a_one_time_code_lets_in_once_and_the_next_one_again(counter: Counter) -> None:
    """Also in another process, and also after an older code that is still of its time."""
    counter.wang_in(START)
    for used in (START, START - STEP):
        with pytest.raises(SignInRefusedError):
            counter.sign_in.sign_in(counter.shown(used), HOME, "api", START + timedelta(seconds=1))
    assert counter.wang_in(START + STEP)
    with pytest.raises(SignInRefusedError):
        counter.sign_in.sign_in(counter.shown(START + 2 * STEP), HOME, "api", START + 5 * STEP)


@pytest.mark.parametrize("number", [300, pytest.param(1000, marks=pytest.mark.long)])
def test_guesses_are_slowed_and_counted_and_the_user_comes_in_meanwhile(
    counter: Counter, number: int
) -> None:
    """From ten addresses, by names and codes; whoever comes from where they came before is in at once."""
    counter.li_in(START)
    now, let_through, guessing = START, 0, counter.sign_in._guessing
    for turn in range(number):
        with suppress(SlowDownError):
            guessing.count("li", f"198.51.100.{turn % 10}", now)
            now -= timedelta(seconds=1)
            let_through += 1
        now += timedelta(seconds=1)
    assert number / 35 < let_through < number / 10
    assert counter.li_in(now)
    with pytest.raises(SlowDownError):
        counter.li_in(now, ELSEWHERE)
    assert counter.li_in(now + timedelta(seconds=30), ELSEWHERE), "and elsewhere after the longest wait"


def test_each_that_is_let_through_and_wrong_is_counted(counter: Counter) -> None:
    """At the door `desk`, with the address and nothing of what was shown."""
    now = START
    for number in range(8):
        with pytest.raises(SignInRefusedError):
            counter.sign_in.sign_in(Shown("li", f"guess {number}"), ELSEWHERE, "api", now)
        now += timedelta(seconds=30)
    assert len(counter.failed) == 8
    assert {tuple(sorted(one)) for one in counter.failed} == {("address", "event", "timestamp")}


def test_guesses_at_once_are_slowed_as_those_one_after_the_other(counter: Counter) -> None:
    """A guess counts before it is looked at."""
    guessing = counter.sign_in._guessing
    for _ in range(5):
        guessing.count("li", ELSEWHERE, START)
    for name, address in (("li", ELSEWHERE), ("li", HOME), ("wang", ELSEWHERE)):
        with pytest.raises(SlowDownError):
            guessing.count(name, address, START)
    assert counter.wang_in(START)


def test_a_session_ends_by_itself_and_a_stream_does_not_lengthen_it(counter: Counter) -> None:
    """Whoever leaves the desk leaves nothing open; a day's work is no session."""
    idle, longest, tick = LIMITS.idle, LIMITS.longest, timedelta(seconds=1)
    token = counter.li_in(START)
    session = counter.sign_in.find(token, START)
    sessions = counter.sign_in.sessions
    assert sessions.valid_of([session], START + idle - tick)
    assert not sessions.valid_of([session], START + idle)
    with pytest.raises(SessionOverError):
        sessions.find(token, START + idle)
    token, now = counter.li_in(START), START
    while now < START + longest - idle:
        now += idle - tick
        session = sessions.find(token, now)
    assert sessions.valid_of([session], START + longest - tick)
    assert not sessions.valid_of([session], START + longest)


def test_whoever_signs_out_is_out_and_nobody_else(counter: Counter) -> None:
    """Elsewhere the same person stays in."""
    one, other = counter.li_in(START), counter.li_in(START)
    session = counter.sign_in.find(one, START)
    counter.sign_in.sign_out(one)
    counter.sign_in.sign_out(one)
    assert not counter.sign_in.sessions.valid_of([session], START)
    for token in (one, "made up", ""):
        with pytest.raises(SessionOverError):
            counter.sign_in.find(token, START)
    assert counter.sign_in.find(other, START).asker.name == "li"


@pytest.mark.parametrize("act", ["suspend", "revoke", "reset_password", "renew_totp"])
def test_whatever_is_done_to_an_account_ends_its_sessions_and_open_streams(
    counter: Counter, act: str
) -> None:
    """And no other's."""
    token, other = counter.wang_in(START), counter.li_in(START)
    session = counter.sign_in.find(token, START)
    assert counter.sign_in.sessions.valid_of([session], START)
    later = START + timedelta(seconds=1)
    getattr(counter.desk, act)("wang", OPERATOR, later)
    assert not counter.sign_in.sessions.valid_of([session], later)
    with pytest.raises(SessionOverError):
        counter.sign_in.find(token, later)
    assert counter.sign_in.find(other, later).asker.name == "li"


@pytest.mark.parametrize("act", ["reset_password", "renew_totp"])
def test_a_session_begun_with_old_secrets_after_a_change_is_over_once_it_is_known(
    counter: Counter, act: str
) -> None:
    """A server hears of a change a moment late, and until then lets in with what was taken away."""
    before, later = counter.log.read(), START + timedelta(seconds=2)
    handed = getattr(counter.desk, act)("wang", OPERATOR, START + timedelta(seconds=1))
    late = make_sign_in(counter.home, City(), own_connections(counter.address), before.get, counter.codes.get)
    token = late.sign_in(counter.shown(later), HOME, "console", later)
    session = late.find(token, later)
    assert not counter.sign_in.sessions.valid_of([session], later)
    with pytest.raises(SessionOverError):
        counter.sign_in.find(token, later)
    new = {"password": handed.password or counter.wang.password, "totp": handed.totp or counter.wang.totp}
    counter.wang = counter.wang._replace(**new)
    assert counter.sign_in.find(counter.wang_in(later + STEP), later + STEP).asker.name == "wang"


def test_a_table_of_the_version_before_is_gone_on_with(counter: Counter) -> None:
    """Who was in signs in anew."""
    token = counter.wang_in(START)
    with psycopg.connect(counter.address) as connection:
        connection.execute("ALTER TABLE desk.sessions DROP COLUMN sessions_since")
    with pytest.raises(SessionOverError):
        counter.sign_in.find(token, START)
    assert counter.sign_in.find(counter.li_in(START), START).asker.name == "li"


def test_a_lost_database_loses_sessions_and_no_account(counter: Counter) -> None:
    """Everybody signs in again."""
    token = counter.wang_in(START)
    with psycopg.connect(counter.address) as connection:
        connection.execute("DROP SCHEMA desk CASCADE")
    with pytest.raises(SessionOverError):
        counter.sign_in.find(token, START)
    assert counter.sign_in.find(counter.wang_in(START + STEP), START + STEP).asker.name == "wang"


def test_a_home_with_another_key_says_so(counter: Counter) -> None:
    """Whoever restored half a home is not left to guess; who needs no codes comes in."""
    (counter.home.secrets / SEAL_KEY).write_text("00" * 32, encoding="ascii")
    with pytest.raises(ExchangeError, match="accounts_key"):
        counter.wang_in(START)
    assert counter.li_in(START)


def test_an_applicants_code_shows_one_case_until_it_is_taken_back(counter: Counter) -> None:
    """However it is typed; another code shows nothing."""
    code, secrets = new_code(), AccountSecrets(counter.home)
    kept = ApplicantCode(secrets.code_hash(code), CASE, "an application", START, "li")
    counter.codes[kept.code_hash] = kept
    typed = shown_code(code).lower().replace("0", "o").replace("-", " ")
    token = counter.sign_in.sign_in_with_code(typed, ELSEWHERE, "api", START)
    session = counter.sign_in.find(token, START)
    assert (session.asker.role, dict(session.asker.kept_within)) == ("applicant", {"case": CASE})
    assert session.asker.application == kept.application_id
    for wrong in (new_code(), code[:-1], "", "\ud800"):
        with pytest.raises(SignInRefusedError, match="查询码不对"):
            counter.sign_in.sign_in_with_code(wrong, ELSEWHERE, "api", START)
    counter.codes[kept.code_hash] = replace(kept, revoked_at=START, revoked_by="li")
    assert not counter.sign_in.sessions.valid_of([session], START)
    with pytest.raises(SignInRefusedError):
        counter.sign_in.sign_in_with_code(code, HOME, "api", START)
    for _ in range(3):
        with pytest.raises((SlowDownError, SignInRefusedError)):
            counter.sign_in.sign_in_with_code(new_code(), ELSEWHERE, "api", START)
    with pytest.raises(SlowDownError):
        counter.sign_in.sign_in_with_code(code, ELSEWHERE, "api", START)


def test_people_are_counted_once_a_day_and_too_many_are_shown_to_nobody(counter: Counter) -> None:
    """Whom somebody was shown may be shown again; tomorrow the count begins anew; a refusal is an alarm."""
    clerk, other = (Asker(name, "bank_clerk", {}, "api") for name in ("li", "wang"))
    most = City().accounts.people_a_day["bank_clerk"] or 0
    cases = [f"case {number}" for number in range(most)]
    assert counter.people.count(clerk, cases[:10], START) == (10, most)
    assert counter.people.count(clerk, cases[5:], START).shown == most
    assert counter.people.count(clerk, cases[:1], START).shown == most
    with pytest.raises(TooManyPeopleError):
        counter.people.count(clerk, ["one more", cases[0]], START)
    assert counter.people.today(clerk, START) == (most, most)
    assert counter.people.count(other, ["one more"], START).shown == 1
    with psycopg.connect(counter.address) as connection:
        assert connection.execute("SELECT account FROM desk.people_refused").fetchall() == [("li",)]
    midnight = START.replace(hour=16)
    assert counter.people.count(clerk, ["one more"], midnight).shown == 1
    with pytest.raises(TooManyPeopleError):
        counter.people.count(Asker("li", "leader", {}, "api"), cases[:2], midnight)
    assert counter.people.count(OPERATOR, cases, START) == (0, None)
    portal = Asker("portal", "portal", {}, "api")
    assert counter.people.count(portal, [*cases, "one more"], START) == (most + 1, None)
