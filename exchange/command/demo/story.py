"""One case told in plain words, Chinese first and English below, and its form as it came out."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich import box
from rich.table import Table

from avro_schemas.typed_documents import CaseDocument, MatterDocument
from consumers.labels.words import (
    FIELD_STATES,
    city_words,
    department_words,
    field_words,
    for_people,
    local_time,
    material_words,
    matter_words,
    record_words,
    words,
)
from consumers.privacy.masking import masked_case
from exchange.domain.form import FORM_SECTIONS
from exchange.domain.policy import Policy
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
_SEMICOLON: Final = Words("；", "; ")
_TOLD: Final = ("READY", "APPLIED", "ACCEPTED", "COMPLETED", "REJECTED")


def story(case: CaseDocument, policy: Policy) -> Table:
    """What happened to one person's case, sentence by sentence; numbers masked."""
    table = Table.grid(padding=(0, 1), pad_edge=True)
    table.title, table.title_justify, table.title_style = LABELS["title"].both("zh"), "left", "bold"
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for number, sentence in enumerate(_sentences(masked_case(case, policy), policy), 1):
        table.add_row(f"{number}.", sentence.zh)
        table.add_row("", sentence.en, style="dim")
    return table


def form_table(case: CaseDocument, policy: Policy) -> Table:
    """The prefilled annex 1: every field with its value, its state and the department it comes from."""
    table = Table(
        title="\n" + LABELS["form"].filled(form=city_words(policy.city.form)).both("zh"),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
    )
    for heading in LABELS.table("headings").values():
        table.add_column(heading.both("zh", " "), overflow="fold")
    form = masked_case(case, policy)["form"]
    for section in FORM_SECTIONS:
        table.add_row(LABELS.table("sections")[section].both("zh"), style="bold")
        for name, field in form[section].items():
            source = field["source"]
            label = field_words(f"{section}.{name}", policy)
            table.add_row(
                f"  {label.zh} {label.en}",
                for_people(field["value"] or ""),
                words(FIELD_STATES, field["state"]).both("zh"),
                f"{department_words(source['department'], policy).zh} {local_time(source['recorded_at'])}"
                if source
                else "",
            )
    return table


def _sentences(case: CaseDocument, policy: Policy) -> Iterator[Words]:
    yield _death(case)
    yield _proof(case, policy)
    yield _known(case)
    yield _told(case)
    applicant = case["form"]["applicant"]["name"]["value"]
    if applicant:
        yield from _application(case, applicant, policy)
    for state, label in LABELS.table("steps").items():
        names = [_matter(matter, policy) for matter in case["matters"] if matter["state"] == state]
        if names:
            yield LABELS["step"].filled(step=label, matters=_joined(names))


def _death(case: CaseDocument) -> Words:
    told = {name: for_people(field["value"] or "?") for name, field in case["form"]["deceased"].items()}
    number = told["id_number"]
    return LABELS["death"].filled(
        name=told["name"],
        person=Words(f"{told.get('sex', '?')}，{number}", number),
        at=told["death_time"],
        place=told.get("death_place", "?"),  # a city's form may do without it
    )


def _proof(case: CaseDocument, policy: Policy) -> Words:
    proof = next(r for r in case["records"] if r["in_force"] and r["type"] in policy.death.established_by)
    corroborating = [record_words(name, policy) for name in case["corroborated_by"]]
    return LABELS["proof" if corroborating else "proof_alone"].filled(
        department=department_words(proof["department"], policy),
        at=local_time(case["established_at"]) if case["established_at"] else "?",
        record=record_words(proof["type"], policy),
        others=_joined(corroborating, Words("、", " and ")),
    )


def _known(case: CaseDocument) -> Words:
    departments = {record["department"] for record in case["records"]}
    return LABELS["known"].filled(departments=len(departments), records=len(case["records"]))


def _told(case: CaseDocument) -> Words:
    matters = [matter for matter in case["matters"] if matter["state"] in _TOLD]
    departments = {matter["department"] for matter in matters}
    return LABELS["told"].filled(departments=len(departments), matters=len(matters))


def _application(case: CaseDocument, applicant: str, policy: Policy) -> Iterator[Words]:
    asked = [matter for matter in case["matters"] if matter["state"] in {"APPLIED", "ACCEPTED"}]
    states: dict[int, set[str]] = {}
    for matter in asked:
        for material in matter["materials"]:
            states.setdefault(material["kind"], set()).add(material["state"])
    waived = [material_words(kind, policy) for kind in sorted(states) if states[kind] == {"verified_by_data"}]
    missing = [material_words(kind, policy) for kind in sorted(states) if "missing" in states[kind]]
    between = Words("、", "; ")
    yield LABELS["application"].filled(
        applicant=applicant,
        waived=_joined(waived, between) if waived else LABELS["nothing"],
        missing=_joined(missing, between) if missing else LABELS["nothing"],
    )


def _matter(matter: MatterDocument, policy: Policy) -> Words:
    name = matter_words(matter["matter"], policy)
    bank = f" ({for_people(matter['instance'])})" if matter["instance"] else ""
    return Words(name.zh + bank, name.en + bank)


def _joined(several: Sequence[Words], between: Words = _SEMICOLON) -> Words:
    return Words(between.zh.join(one.zh for one in several), between.en.join(one.en for one in several))
