"""What is kept of an account's secrets and of applicants' codes, and how it is recognised."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from exchange.domain.applicant_codes import ALPHABET, LENGTH, read_code, shown_code
from exchange.runtime.accounts.secrets import (
    AccountSecrets,
    hash_password,
    is_password_of,
    new_code,
    new_password,
    new_totp,
    totp_step,
    totp_uri,
)
from exchange.runtime.credentials.secrets import SealBrokenError
from exchange.runtime.home import Home
from tests.cells import each_cell

NOW = datetime(2026, 3, 2, 1, 0, 10, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - made up


def test_a_password_is_recognised_and_is_kept_as_nothing_that_lets_in() -> None:
    """Argon2id with the parameters of RFC 9106 for little memory, salted: two hashes of one differ."""
    password = new_password()
    kept = hash_password(password)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_password_of(kept, password)
    assert not is_password_of(kept, password + " ")
    assert not is_password_of(kept, "\ud800")
    assert hash_password(password) != kept
    assert new_password() != password
    assert len(password.replace("-", "")) == 20


@each_cell(("seconds", "step"), [(-45, None), (-30, -1), (0, 0), (19, 0), (20, 1), (30, 1), (65, None)])
def test_a_code_of_now_or_of_the_step_beside_it_is_known_by_its_step(seconds: int, step: int | None) -> None:
    """A telephone's clock may be half a minute off."""
    code = pyotp.TOTP(SECRET).at(int((NOW + timedelta(seconds=seconds)).timestamp()))
    wanted = None if step is None else int(NOW.timestamp()) // 30 + step
    assert totp_step(SECRET, code, NOW) == wanted


def test_what_is_no_code_is_none() -> None:
    """Whatever somebody types."""
    assert [totp_step(SECRET, text, NOW) for text in ("", "12345", "１２３４５６", "\ud800")] == [None] * 4


def test_a_key_of_codes_is_bound_to_its_account_and_home(tmp_path: Path) -> None:
    """Whoever writes it to another account's place lets nobody in."""
    secrets, key = AccountSecrets(Home(tmp_path / "a")), new_totp()
    sealed = secrets.seal_totp("wang", key)
    assert key not in sealed
    assert secrets.open_totp("wang", sealed) == key
    for other, name in ((secrets, "li"), (AccountSecrets(Home(tmp_path / "b")), "wang")):
        with pytest.raises(SealBrokenError):
            other.open_totp(name, sealed)
    assert totp_uri("wang", key) == f"otpauth://totp/exchange:wang?secret={key}&issuer=exchange"


def test_a_code_is_found_however_it_is_typed_and_in_its_own_home_alone(tmp_path: Path) -> None:
    """From paper, into a telephone."""
    secrets, code = AccountSecrets(Home(tmp_path / "a")), "0123456789ABCDEFGHJKMNPQR"
    assert (shown_code(code), len(code)) == ("01234-56789-ABCDE-FGHJK-MNPQR", LENGTH)
    typed = "o1234 56789abcde-FGHJK-mnpqr", "OL234-56789-ABCDE-FGHJK-MNPQR"
    assert {secrets.code_hash(one) for one in (code, shown_code(code), *typed)} == {secrets.code_hash(code)}
    assert AccountSecrets(Home(tmp_path / "b")).code_hash(code) != secrets.code_hash(code)
    made = new_code()
    assert read_code(shown_code(made)) == made
    assert set(made) <= set(ALPHABET)
