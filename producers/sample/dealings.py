"""What happens at the window and in the departments: applications, results, acknowledgements."""

from datetime import datetime
from hashlib import sha256

from exchange.domain.policy_files.models import Matter
from producers.sample.asked import Matters, usual_papers
from producers.sample.clerk import Clerk, SampleLine
from producers.sample.people import TODAY, Person

_WHY_REJECTED = ("申请人未提供有效银行卡", "继承人材料不齐，请补正", "账户信息与申请不一致，请核对")


def application(
    clerk: Clerk,
    person: Person,
    heir: Person,
    matters: Matters,
    day: datetime,
    *,
    kinds: tuple[int, ...] = (),
    **changes: object,
) -> SampleLine:
    """申请, with the applicant, the account to be paid into, and the materials handed in: the usual ones."""
    channel = clerk.pick(("ONLINE", "WINDOW", "WINDOW", "ASSISTED", "HOME_VISIT"))
    address = (
        f"{clerk.places.address}{heir.county}{clerk.pick(clerk.places.roads)}{clerk.rng.randint(1, 199)}号"
    )
    own = {
        "channel": channel,
        "window": None if channel == "ONLINE" else clerk.pick(clerk.places.windows),
        "delivery": clerk.pick(("WINDOW", "MAIL")),
        "applicant": {
            "name": heir.name,
            "sex": heir.sex,
            "ethnicity": heir.ethnicity,
            "id_number": heir.number,
            "phone": f"1390000{clerk.digits(4)}",
            "relation": "子女",
            "residential_address": address,
            "registered_address": address,
        },
        "matters": [one.matter for one in matters],
        "payee": {"account_no": clerk.card_no(), "bank_name": clerk.pick(clerk.places.banks).name},
        "materials": [
            _material(clerk, kind, sighted=channel != "ONLINE")
            for kind in kinds or usual_papers(clerk.policy)
        ],
    }
    return clerk.line("application", person, day, **own | changes)


def other_card(clerk: Clerk, person: Person) -> dict[str, str]:
    """Another card of the deceased, for those without an active social card."""
    bank = clerk.pick(clerk.places.banks)
    return {
        "account_name": person.name,
        "bank_name": bank.name,
        "account_no": clerk.card_no(),
        "bank_routing_no": bank.routing_no,
    }


def result(
    clerk: Clerk, person: Person, matter: Matter, outcome: str, day: datetime, **changes: object
) -> SampleLine:
    """办理结果 by the department that decides the matter."""
    completed = outcome == "COMPLETED"
    own = {
        "department": matter.decides,
        "matter": matter.matter,
        "outcome": outcome,
        "reason": clerk.pick(_WHY_REJECTED) if outcome == "REJECTED" else None,
        "amount_fen": clerk.fen(500, 40_000) if completed and clerk.pays(matter) else None,
        "document_no": clerk.numbered(clerk.places.numbers.result, TODAY.year) if completed else None,
    }
    return clerk.line("result", person, day, **own | changes)


def acknowledgement(clerk: Clerk, person: Person, department: str, day: datetime) -> SampleLine:
    """签收 of an announcement."""
    return clerk.line(
        "acknowledgement",
        person,
        day,
        department=department,
        announcement_id=clerk.record_id(),
        handler=clerk.pick(clerk.places.handlers),
    )


def _material(clerk: Clerk, kind: int, *, sighted: bool) -> dict[str, object]:
    scan = sha256(clerk.digits(24).encode()).hexdigest()
    return {"kind": kind, "sha256": scan, "original_sighted": sighted}
