"""Whom a credential is for is checked before anything is made, and a slip is answered with what was meant."""

import pytest
import typer

from exchange.command.credentials.holder import read_holder
from exchange.domain.credentials import Holder
from exchange.runtime.city import City

CITY = City()
USCC = "91620500812415868R"
REGULATOR = "financial_regulation"


def test_departments_banks_counties_and_auditors_can_have_one() -> None:
    """A county is named by its code, or as records write it."""
    assert read_holder(CITY, "health", None, None).principal == "health"
    assert read_holder(CITY, "service_centre", None, None).principal == "service_centre"
    assert read_holder(CITY, "auditors", None, None).principal == "auditors"
    assert read_holder(CITY, REGULATOR, USCC, None) == Holder(REGULATOR, bank=USCC)
    for county in ("620502", "秦州区"):
        assert read_holder(CITY, "health", None, county).principal == "county.620502"


@pytest.mark.parametrize(
    ("department", "bank", "county", "told"),
    [
        ("heath", None, None, r"heath \(health\?\)"),
        ("data_bureau", None, None, "data_bureau"),  # it runs the exchange, and has principals of its own
        ("counties", None, None, "counties"),
        (REGULATOR, "91620500812415868X", None, "91620500812415868X"),  # a slip in the last character
        (REGULATOR, "农业银行", None, r"农业银行 \(中国农业银行\?\)"),  # nobody has filled in its code
        ("health", USCC, None, REGULATOR),
        ("health", None, "620592", r"620592 \(6205\d\d\?\)"),
        ("health", None, "秦洲区", r"秦洲区 \(秦州区\?\)"),
        (REGULATOR, USCC, "620502", "--bank"),
    ],
)
def test_who_can_have_none_is_answered_with_those_who_can(
    department: str, bank: str | None, county: str | None, told: str
) -> None:
    """No key is made for somebody whom nobody knows."""
    with pytest.raises(typer.BadParameter, match=told):
        read_holder(CITY, department, bank, county)
