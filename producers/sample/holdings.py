"""What people leave: insurance, housing fund, deeds, licences, companies, deposits."""

from datetime import date, datetime, timedelta

from exchange.domain.policy_files.sample_places import Bank
from producers.sample.clerk import Clerk, SampleLine
from producers.sample.people import Person


def before_2026(clerk: Clerk) -> datetime:
    """When a department last wrote down the state of an account, in 2025."""
    return clerk.office_hour(date(2025, 3, 1) + timedelta(days=clerk.rng.randint(0, 290)))


def social_insurance(
    clerk: Clerk,
    person: Person,
    scheme: str,
    *,
    receiving: bool,
    card: bool | None = True,
    **changes: object,
) -> SampleLine:
    """社保参保; `card`: active, inactive (False) or none at all (None)."""
    bank = clerk.pick(clerk.places.banks)
    account = {
        "account_name": person.name,
        "bank_name": bank.name,
        "account_no": clerk.card_no(),
        "bank_routing_no": bank.routing_no,
        "active": card,
    }
    own = {
        "scheme": scheme,
        "receiving_benefit": receiving,
        "account_balance_fen": clerk.fen(0, 60_000),
        "social_card": None if card is None else account,
    }
    return clerk.line("social_insurance", person, before_2026(clerk), **own | changes)


def medical_insurance(clerk: Clerk, person: Person, balance_fen: int, **changes: object) -> SampleLine:
    """医保个人账户."""
    own = {"scheme": clerk.pick(("EMPLOYEE", "RESIDENT")), "account_balance_fen": balance_fen}
    return clerk.line("medical_insurance", person, before_2026(clerk), **own | changes)


def provident_fund(clerk: Clerk, person: Person, balance_fen: int, **changes: object) -> SampleLine:
    """公积金缴存."""
    own = {
        "account_no": f"0938{clerk.digits(8)}",
        "balance_fen": balance_fen,
        "employer": clerk.pick(clerk.places.employers) if clerk.chance(0.9) else None,
        "status": ("ACTIVE" if clerk.chance(0.3) else "SEALED") if balance_fen else "CLOSED",
    }
    return clerk.line("provident_fund", person, before_2026(clerk), **own | changes)


def notary(clerk: Clerk, person: Person, heir: Person | None, **changes: object) -> SampleLine:
    """遗嘱公证 or 继承公证; sometimes the deed does not tell who inherits."""
    signed = date(2012, 1, 1) + timedelta(days=clerk.rng.randint(0, 4500))
    beneficiary = heir and {
        "name": heir.name,
        "id_number": heir.number if clerk.chance(0.8) else None,
        "relation": "子女",
        "share": "全部",
    }
    own = {
        "kind": "WILL" if clerk.chance(0.7) else "INHERITANCE",
        "deed_no": clerk.numbered(clerk.places.numbers.deed, signed.year),
        "notary_office": clerk.pick(clerk.places.notaries),
        "notarised_at": signed.isoformat(),
        "beneficiaries": [beneficiary] if beneficiary else None,
    }
    return clerk.line("notary", person, clerk.office_hour(signed + timedelta(days=2)), **own | changes)


def driving_licence(clerk: Clerk, person: Person, **changes: object) -> SampleLine:
    """驾驶证; its number is the holder's own."""
    issued = date(1995, 1, 1) + timedelta(days=clerk.rng.randint(0, 9000))
    own = {
        "licence_no": person.number,
        "vehicle_class": clerk.pick(("C1", "C2", "B2", "D", "A1")),
        "issued_at": issued.isoformat(),
        "status": "VALID",
    }
    return clerk.line("driving_licence", person, before_2026(clerk), **own | changes)


def equity(clerk: Clerk, person: Person) -> SampleLine:
    """股权登记."""
    companies = clerk.rng.sample(clerk.places.companies, clerk.rng.randint(1, 2))
    holdings = [
        {"company_name": one.name, "uscc": one.uscc, "share_percent": clerk.rng.randint(1, 400) / 4}
        for one in companies
    ]
    return clerk.line("equity", person, before_2026(clerk), holdings=holdings)


def bank_deposits(
    clerk: Clerk, person: Person, bank: Bank, balances_fen: tuple[int, ...]
) -> list[SampleLine]:
    """小额存款: the accounts of one bank."""
    return [
        clerk.line(
            "bank_deposit",
            person,
            before_2026(clerk),
            bank_name=bank.name,
            bank_uscc=bank.uscc,
            account_no_tail=clerk.digits(4),
            balance_fen=balance,
        )
        for balance in balances_fen
    ]
