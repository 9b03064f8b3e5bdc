"""What goes wrong on the way: things handed in twice, and records that no rule can let pass."""

from collections.abc import Callable, Iterator
from typing import Any

from stdnum.iso7064 import mod_11_2

from producers.sample import deaths, holdings
from producers.sample.asked import is_answered
from producers.sample.clerk import Clerk, SampleLine
from producers.sample.dealings import result
from producers.sample.people import Person, Register

_FAR_FUTURE = "2126-03-01T09:00:00+08:00"

Spoil = Callable[[dict[str, Any]], None]


def handed_in_twice(clerk: Clerk, lines: list[SampleLine]) -> list[SampleLine]:
    """Copies of some lines, as after a time-out: same record id, same content."""
    return [
        {"type": line["type"], "record": dict(line["record"])}
        for line in clerk.rng.sample(lines, max(4, len(lines) // 40))
    ]


def unacceptable(clerk: Clerk, register: Register, each: int = 2) -> list[SampleLine]:
    """Records of people who are in no other file, each with one fault of a kind that real files have."""
    return [line for _ in range(each) for line in _one_of_each(clerk, register)]


def _one_of_each(clerk: Clerk, register: Register) -> Iterator[SampleLine]:
    for spoil in _spoils(clerk):
        line = _certificate(clerk, register.resident())
        spoil(line["record"])
        yield line
    person = register.resident()
    yield holdings.medical_insurance(clerk, person, clerk.fen(1, 10)) | {"type": "birth_certificate"}
    money = holdings.medical_insurance(clerk, person, 0)
    money["record"]["account_balance_fen"] = 1234.56
    yield money
    owing = holdings.provident_fund(clerk, person, 100)
    owing["record"]["balance_fen"] = -100
    yield owing
    checked = next((one for one in clerk.policy.matters if is_answered(one) and not clerk.pays(one)), None)
    if checked:
        elsewhere = result(clerk, person, checked, "ACCEPTED", holdings.before_2026(clerk))
        elsewhere["record"]["department"] = clerk.issuer("hukou_cancellation")
        yield elsewhere
    yield from _id_used_again(clerk, register.resident())


def _spoils(clerk: Clerk) -> tuple[Spoil, ...]:
    """Each spoils a good certificate in one way."""

    def number(change: Callable[[str], str]) -> Spoil:
        return lambda record: record.update(id_number=change(record["id_number"]))

    return (
        number(_other_check_digit),
        number(lambda text: text[:-1]),
        number(_with_impossible_birth),
        lambda record: record.pop("death_time"),
        lambda record: record.update(hospital_ward="呼吸科三病区"),
        lambda record: record.update(recorded_at=_FAR_FUTURE),
        lambda record: record.update(death_time="2026-05-30"),
        lambda record: record.update(department=clerk.issuer("cremation")),
        lambda record: record.update(name="  "),
        lambda record: record.update(recorded_at=record["recorded_at"].removesuffix("+08:00")),
        lambda record: record.update(action="AMENDED"),
        lambda record: record.update(sex="M"),
        lambda record: record.update(issuer_uscc="9162050000000000OO"),
        lambda record: record.update(id_number=clerk.pick(("不详", "无"))),
    )


def _certificate(clerk: Clerk, person: Person) -> SampleLine:
    return deaths.death_certificate(clerk, person, deaths.death(clerk))


def _other_check_digit(number: str) -> str:
    return number[:-1] + ("0" if number[-1] != "0" else "1")


def _with_impossible_birth(number: str) -> str:
    """A birth in the thirteenth month, with a check digit that is right for it."""
    body = number[:10] + "13" + number[12:17]
    return body + str(mod_11_2.calc_check_digit(body))


def _id_used_again(clerk: Clerk, person: Person) -> list[SampleLine]:
    """Two records of one person under one record id: the second is refused."""
    first = holdings.medical_insurance(clerk, person, 120_000, scheme="RESIDENT")
    return [first, clerk.anew(first, record_id=first["record"]["record_id"], account_balance_fen=130_000)]
