"""Lives and deaths as most of them go: each story gives all records about one person."""

from datetime import date, datetime, timedelta

from exchange.domain.policy_files.sample_places import Bank
from producers.sample import dealings, deaths, holdings
from producers.sample.clerk import Clerk, SampleLine
from producers.sample.deaths import Death
from producers.sample.people import Person, Register

PENSIONS = ("EMPLOYEE_PENSION", "RESIDENT_PENSION")


def living(clerk: Clerk, person: Person) -> list[SampleLine]:
    """Somebody alive, about whom departments hand in records all the same."""
    lines = belongings(clerk, person, None)
    return lines or [holdings.medical_insurance(clerk, person, clerk.fen(0, 4000))]


def usual(clerk: Clerk, register: Register, person: Person) -> list[SampleLine]:
    """A death with what departments happen to know of the person, often an application, then results."""
    heir = register.resident((25, 60), county=None, ethnicity=person.ethnicity)
    died = deaths.death(clerk)
    lines = [deaths.death_certificate(clerk, person, died), *belongings(clerk, person, heir)]
    lines += _seen_off(clerk, person, died)
    if clerk.chance(0.5):
        lines += _applied(clerk, person, heir, died, lines)
    return lines


def everything(clerk: Clerk, register: Register, person: Person) -> list[SampleLine]:
    """A death with every entitlement there is, one of everything, and an application for all of it."""
    heir = register.resident((30, 55), ethnicity=person.ethnicity)
    died = deaths.death(clerk, last=date(2026, 2, 10))
    licence = holdings.driving_licence(clerk, person)
    first, second, third = clerk.rng.sample(clerk.places.banks, 3)
    told = {"sex": person.sex, "birth_date": person.born.isoformat(), "ethnicity": person.ethnicity}
    lines = [
        deaths.death_certificate(clerk, person, died, **told),
        deaths.cremation(clerk, person, died),
        deaths.hukou_cancellation(clerk, person, died),
        holdings.social_insurance(clerk, person, "EMPLOYEE_PENSION", receiving=True),
        holdings.medical_insurance(clerk, person, clerk.fen(300, 9000)),
        holdings.provident_fund(clerk, person, clerk.fen(5000, 90_000)),
        holdings.notary(clerk, person, heir),
        licence,
        holdings.equity(clerk, person),
        *holdings.bank_deposits(clerk, person, first, (clerk.fen(10, 20_000), clerk.fen(10, 20_000))),
        *holdings.bank_deposits(clerk, person, second, (3_000_000, 2_500_000)),
        *holdings.bank_deposits(clerk, person, third, (clerk.fen(100, 49_000),)),
    ]
    filed = clerk.after(died.at, 6, 12)
    asked = (4, 5, 7, 8, 9, 10, 11, 12)
    lines.append(dealings.application(clerk, person, heir, asked, filed, channel="WINDOW"))
    lines += [
        dealings.result(clerk, person, 4, "ACCEPTED", clerk.after(filed, 1, 3)),
        dealings.result(clerk, person, 9, "COMPLETED", clerk.after(filed, 1, 4)),
        _bank_result(clerk, person, first, filed),
        clerk.anew(licence, status="CANCELLED", recorded_at=clerk.after(filed, 1, 4).isoformat()),
        dealings.acknowledgement(clerk, person, clerk.decider(4), clerk.after(filed, 1, 2)),
        dealings.acknowledgement(clerk, person, clerk.decider(9), clerk.after(filed, 1, 2)),
    ]
    return lines


def nothing_to_claim(clerk: Clerk, person: Person) -> list[SampleLine]:
    """A death of somebody whose every record says that nothing is due."""
    died = deaths.death(clerk)
    return [
        deaths.death_certificate(clerk, person, died),
        deaths.cremation(clerk, person, died),
        holdings.social_insurance(clerk, person, clerk.pick(PENSIONS), receiving=False, card=None),
        holdings.medical_insurance(clerk, person, 0),
        holdings.provident_fund(clerk, person, 0),
        *holdings.bank_deposits(clerk, person, clerk.pick(clerk.places.banks), (0,)),
    ]


def buried(clerk: Clerk, person: Person, *, decided: bool) -> list[SampleLine]:
    """Buried, not cremated: matter 2 waits for ever unless a handler decides that it does not apply."""
    died = deaths.death(clerk)
    lines = [deaths.death_certificate(clerk, person, died), deaths.hukou_cancellation(clerk, person, died)]
    return [
        *lines,
        *belongings(clerk, person, None),
        *([deaths.burial_decision(clerk, person, died)] if decided else []),
    ]


def abnormal(clerk: Clerk, person: Person, *, both: bool) -> list[SampleLine]:
    """非正常死亡; `both`: a hospital certified the death too."""
    died = deaths.death(clerk)
    lines = [deaths.abnormal_death(clerk, person, died), *belongings(clerk, person, None)]
    if both:
        lines.append(deaths.death_certificate(clerk, person, died, manner="ABNORMAL"))
    return lines + _seen_off(clerk, person, died)


def declared_dead(clerk: Clerk, person: Person) -> list[SampleLine]:
    """宣告死亡: no body, no certificate, no cremation; the judgment alone."""
    died = deaths.death(clerk)
    return [deaths.death_declaration(clerk, person, died), *belongings(clerk, person, None)]


def backfilled(clerk: Clerk, person: Person) -> list[SampleLine]:
    """History that is being loaded: a whole case that nobody is to be told about."""
    died = deaths.long_ago(clerk)
    lines = [
        deaths.death_certificate(clerk, person, died),
        deaths.cremation(clerk, person, died),
        deaths.hukou_cancellation(clerk, person, died),
        holdings.social_insurance(clerk, person, clerk.pick(PENSIONS), receiving=True),
    ]
    before = died.at - timedelta(days=90)
    lines[-1]["record"]["recorded_at"] = before.isoformat()
    for line in lines:
        line["record"]["backfill"] = True
    return lines


def belongings(clerk: Clerk, person: Person, heir: Person | None) -> list[SampleLine]:
    """What departments happen to hold about a person; for few people they hold everything."""
    lines: list[SampleLine] = []
    if clerk.chance(0.8):
        scheme = clerk.pick(PENSIONS)
        card = clerk.rng.choices((True, False, None), (70, 15, 15))[0]
        lines.append(
            holdings.social_insurance(clerk, person, scheme, receiving=clerk.chance(0.75), card=card)
        )
    if clerk.chance(0.75):
        lines.append(
            holdings.medical_insurance(clerk, person, clerk.fen(0, 8000) if clerk.chance(0.8) else 0)
        )
    if clerk.chance(0.35):
        lines.append(holdings.provident_fund(clerk, person, clerk.fen(0, 90_000) if clerk.chance(0.8) else 0))
    if clerk.chance(0.2):
        lines.append(holdings.notary(clerk, person, heir))
    if person.number and clerk.chance(0.3):
        lines.append(holdings.driving_licence(clerk, person))
    if clerk.chance(0.08):
        lines.append(holdings.equity(clerk, person))
    for bank in clerk.rng.sample(clerk.places.banks, clerk.rng.choices((0, 1, 2, 3), (40, 35, 18, 7))[0]):
        accounts = tuple(clerk.fen(0, 40_000) for _ in range(clerk.rng.randint(1, 2)))
        lines += holdings.bank_deposits(clerk, person, bank, accounts)
    return lines


def _seen_off(clerk: Clerk, person: Person, died: Death) -> list[SampleLine]:
    lines = [deaths.cremation(clerk, person, died)] if clerk.chance(0.7) else []
    return lines + ([deaths.hukou_cancellation(clerk, person, died)] if clerk.chance(0.55) else [])


def _applied(
    clerk: Clerk, person: Person, heir: Person, died: Death, known: list[SampleLine]
) -> list[SampleLine]:
    """An application for what the records allow, with ⑦ if there is a housing fund; and results for some."""
    filed = clerk.after(died.at, 4, 20)
    matters = _worth_asking(known)
    kinds = (1, 2, 3, 4, 6, *((7,) if 8 in matters or clerk.chance(0.3) else ()))
    card = dealings.other_card(clerk, person) if clerk.chance(0.3) else None
    lines = [dealings.application(clerk, person, heir, matters, filed, kinds=kinds, deceased_bank_card=card)]
    for matter in matters:
        if clerk.chance(0.6) and matter not in (10, 11):
            lines += _settled(clerk, person, matter, filed)
    return lines


def _worth_asking(known: list[SampleLine]) -> tuple[int, ...]:
    matters = [9]
    for line in known:
        record = line["record"]
        if line["type"] == "social_insurance" and record["receiving_benefit"]:
            matters += [4, 5] if record["scheme"] == "EMPLOYEE_PENSION" else [6]
        matters += {"medical_insurance": [7], "provident_fund": [8], "bank_deposit": [10]}.get(
            line["type"], []
        )
    return tuple(sorted(set(matters)))


def _settled(clerk: Clerk, person: Person, matter: int, filed: datetime) -> list[SampleLine]:
    """Accepted and perhaps completed; or first rejected, then accepted after the family has corrected it."""
    taken = clerk.after(filed, 1, 5)
    mended, done = clerk.after(taken, 4, 8), clerk.after(taken, 9, 20)
    lines = [dealings.result(clerk, person, matter, "ACCEPTED", taken)]
    if clerk.chance(0.15):
        lines[0] = dealings.result(clerk, person, matter, "REJECTED", taken)
        lines.append(dealings.result(clerk, person, matter, "ACCEPTED", mended))
    if clerk.chance(0.5):
        lines.append(dealings.result(clerk, person, matter, "COMPLETED", done))
    if clerk.chance(0.2):
        lines.append(dealings.acknowledgement(clerk, person, clerk.decider(matter), filed))
    return lines


def _bank_result(clerk: Clerk, person: Person, bank: Bank, filed: datetime) -> SampleLine:
    day = clerk.after(filed, 2, 9)
    names = {"instance": bank.name, "issuer_name": bank.name, "issuer_uscc": bank.uscc}
    return dealings.result(clerk, person, 10, "COMPLETED", day, **names)
