"""Lives and deaths as most of them go: each story gives all records about one person."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from exchange.domain.policy_files.models import Matter
from producers.sample import dealings, deaths, holdings
from producers.sample.asked import Matters, is_answered, is_usual, matters_for, papers_for, usual_matters
from producers.sample.clerk import Clerk, SampleLine
from producers.sample.deaths import Death
from producers.sample.own_types import own_types
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
        *own_types(clerk, person),
    ]
    filed = clerk.after(died.at, 6, 12)
    asked = matters_for(lines, clerk.policy)
    begun = [one for one in asked if is_answered(one) and clerk.pays(one)][:1]
    done = [one for one in asked if is_answered(one) and not clerk.pays(one) and is_usual(one, clerk.policy)]
    if asked:
        lines.append(dealings.application(clerk, person, heir, asked, filed, channel="WINDOW"))
    lines += [dealings.result(clerk, person, one, "ACCEPTED", clerk.after(filed, 1, 3)) for one in begun]
    lines += [dealings.result(clerk, person, one, "COMPLETED", clerk.after(filed, 1, 4)) for one in done]
    lines += list(_instance_results(clerk, person, asked, lines, filed))
    lines.append(clerk.anew(licence, status="CANCELLED", recorded_at=clerk.after(filed, 1, 4).isoformat()))
    for one in (*begun, *done):
        lines.append(dealings.acknowledgement(clerk, person, one.decides, clerk.after(filed, 1, 2)))
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
    """Buried: the cremation is waited for for ever unless a handler decides that it does not apply."""
    died, cremation = deaths.death(clerk), clerk.ended_by("cremation")
    lines = [
        deaths.death_certificate(clerk, person, died),
        deaths.hukou_cancellation(clerk, person, died),
        *belongings(clerk, person, None),
    ]
    if decided and cremation:
        lines.append(deaths.burial_decision(clerk, person, died, cremation))
    return lines


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
    """An application for what the records allow, and results for some of it."""
    filed = clerk.after(died.at, 4, 20)
    matters = usual_matters(known, clerk.policy)
    if not matters:
        return []
    kinds = papers_for(clerk, matters)
    card = dealings.other_card(clerk, person) if clerk.chance(0.3) else None
    lines = [dealings.application(clerk, person, heir, matters, filed, kinds=kinds, deceased_bank_card=card)]
    for matter in matters:
        if clerk.chance(0.6) and is_answered(matter):
            lines += _settled(clerk, person, matter, filed)
    return lines


def _settled(clerk: Clerk, person: Person, matter: Matter, filed: datetime) -> list[SampleLine]:
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
        lines.append(dealings.acknowledgement(clerk, person, matter.decides, filed))
    return lines


def _instance_results(
    clerk: Clerk, person: Person, asked: Matters, known: list[SampleLine], filed: datetime
) -> Iterator[SampleLine]:
    """A result for the first of what each of the matters exists once for; a bank answers itself."""
    for matter in asked:
        names = next(filter(any, _named(matter, known)), None)
        if names is None or not matter.done_by.result:
            continue
        own: dict[str, str | None] = {"instance": next(filter(None, names))}
        if matter.instance and matter.instance.in_application:
            own |= dict(zip(("issuer_name", "issuer_uscc"), names, strict=False))
        yield dealings.result(clerk, person, matter, "COMPLETED", clerk.after(filed, 2, 9), **own)


def _named(matter: Matter, known: list[SampleLine]) -> Iterator[list[str | None]]:
    """What each record calls the one that it is about, by name and by code."""
    for line in known:
        if matter.instance and line["type"] == matter.instance.record:
            yield [line["record"].get(field) for field in matter.instance.named_by]
