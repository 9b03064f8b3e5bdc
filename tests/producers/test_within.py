"""What a bank or a county publishes is its own: each refusal beside a record that is let in, and counted."""

from typing import Any

import pytest

from exchange.domain.credentials import Holder
from exchange.domain.policy import load_policy
from producers.within import not_its_own

POLICY = load_policy()
BANKS = POLICY.banks
OWN, OTHER = "91620500439150008B", "91620500812415868R"
BANK, COUNTY = Holder("financial_regulation", bank=OWN), Holder("civil_affairs", county="620502")
DEPARTMENT = Holder("civil_affairs")

Record = dict[str, Any]
LET_IN: dict[Holder, list[Record]] = {
    BANK: [
        {"instance": OWN},
        {"bank_uscc": OWN},
        {"issuer_uscc": OWN},
        {"instance": OWN, "issuer_uscc": OWN},
        {"instance": OWN, "bank_uscc": OWN, "issuer_uscc": OWN},
        {"bank_uscc": OWN, "issuer_name": "某支行营业部"},
        {"bank_uscc": f" {OWN} "},
        {"bank_name": BANKS.name_of(OWN)},
        {"bank_uscc": OWN, "instance": None},
        {"bank_uscc": OWN, "issuer_uscc": 7},
    ],
    COUNTY: [
        {"county": "秦州区"},
        {"county": " 秦州区 "},
        {"county": "秦州区", "instance": OTHER},
        {"county": "秦州区", "place": "麦积区"},
    ],
    DEPARTMENT: [{}, {"county": "麦积区"}, {"instance": OTHER}, {"county": 7}],
}
REFUSED: dict[Holder, list[Record]] = {
    BANK: [
        {"instance": OTHER},
        {"bank_uscc": OTHER},
        {"issuer_uscc": OTHER},
        {"instance": OWN, "issuer_uscc": OTHER},
        {"instance": OTHER, "bank_uscc": OWN, "issuer_uscc": OWN},
        {"issuer_name": "某支行营业部"},
        {"bank_uscc": OWN, "issuer_name": BANKS.name_of(OTHER)},
        {},
        {"bank_uscc": None},
        {"bank_uscc": [OWN]},
    ],
    COUNTY: [
        {"county": "麦积区"},
        {"county": "620502"},
        {"county": ["秦州区"]},
        {},
    ],
}


@pytest.mark.parametrize("holder", LET_IN)
def test_its_own_is_let_in(holder: Holder) -> None:
    """A department's own is whatever it may publish at all."""
    for record in LET_IN[holder]:
        assert not_its_own(record, holder, POLICY) is None, record


@pytest.mark.parametrize("holder", REFUSED)
def test_anothers_or_nobodys_is_refused(holder: Holder) -> None:
    """With the field to put right; as many as are let in above."""
    code, fields = {
        BANK: ("other_bank", {"instance", "bank_uscc", "bank_name", "issuer_uscc", "issuer_name"}),
        COUNTY: ("other_county", {"county"}),
    }[holder]
    for record in REFUSED[holder]:
        found = not_its_own(record, holder, POLICY)
        assert found is not None, record
        assert found.code == code
        assert found.field in fields
    assert len(REFUSED[holder]) == len(LET_IN[holder])
