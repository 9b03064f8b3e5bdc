"""As whom each part comes to PostgreSQL."""

from pathlib import Path

from exchange.runtime.home import Home
from exchange.runtime.postgres_address import OWNER, dsn_end, dsn_of

HOME = Home(Path("/srv/a home/exchange@"))
OWN = f"postgresql://exchange@127.0.0.1:5432/exchange{dsn_end(HOME)}"


def test_our_own_database_is_reached_as_a_role_of_it() -> None:
    """The owner or one of the parts; the password is in a file either way."""
    assert dsn_of(HOME, OWN, OWNER) == OWN
    assert dsn_of(HOME, OWN, "projector") == OWN.replace("//exchange@", "//projector@")


def test_what_an_earlier_version_that_still_runs_has_noted_is_also_our_own() -> None:
    """A part that is started anew under it comes as its role, and asks for a checked login."""
    noted = OWN.partition("&")[0]
    assert dsn_of(HOME, noted, "projector") == dsn_of(HOME, OWN, "projector")


def test_a_database_that_runs_elsewhere_is_reached_as_its_one_dsn_says() -> None:
    """It has no roles of ours, whatever its users are called."""
    other = Home(Path("/srv/other"))
    for outside in ("postgresql://exchange@db/exchange", OWN):
        assert dsn_of(other, outside, "projector") == outside
