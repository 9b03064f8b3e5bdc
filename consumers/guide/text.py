"""What the guide says of a matter: one pure function, from which every page, sheet and answer is made.

三统一 (plan 二(三)): the hotline, the guide and the window cannot differ, since none has words of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from consumers.labels.words import (
    city_words,
    department_words,
    material_remark,
    material_words,
    matter_words,
    record_words,
    way_out_words,
)
from exchange.domain.policy import Policy
from exchange.domain.policy_files.guide import GuidePolicy
from exchange.domain.policy_files.models import Matter, MatterMaterial, Text
from topics.labels import Labels, Language, Words

LABELS: Final = Labels(__file__)
PARTS: Final = LABELS.table("parts")
"""What each part of a guide is called, in the order in which they are read."""
CONTACT: Final = ("where", "when", "telephone", "online")
"""The parts by which a family finds the place: on its own page, the rest follows from its case."""


@dataclass(frozen=True, slots=True)
class GuideMaterial:
    """A material of a matter; ``text`` is its name with what is said of it."""

    kind: int
    name: Words
    original: bool
    required: bool
    text: Words


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide of one matter; None is what the city has not said yet."""

    matter: int
    name: Words
    standard: Words | None
    materials: tuple[GuideMaterial, ...]
    limit_working_days: int
    limit: Words
    responsible: Words
    person: Words | None
    steps: Words
    where: Words | None
    when: Words | None
    telephone: str | None
    online: Words | None
    url: str | None
    source: str


@dataclass(frozen=True, slots=True)
class GuidePart:
    """One part of a guide as people read it, in one line or, of materials, several."""

    part: str
    label: Words
    lines: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Where some matters are dealt with, and how to ask."""

    matters: tuple[int, ...]
    parts: tuple[GuidePart, ...]


def guide_of(number: int, guide: GuidePolicy, policy: Policy) -> Guide:
    """Return the guide of a matter.

    Materials, limit and department are those of the matter itself; the rest is what ``guide.yaml`` says.

    Raises:
        KeyError: the policy has no such matter.
    """
    matter, said = policy.by_number[number], guide.of(number)
    counter = guide.counters[said.counter] if said else None
    sources = (one.source for one in (said, counter, matter) if one)
    return Guide(
        matter=number,
        name=matter_words(number, policy),
        standard=_standard(matter, said.standard if said else None, policy),
        materials=tuple(_material(matter, wanted, policy) for wanted in matter.materials),
        limit_working_days=matter.limit_working_days,
        limit=LABELS["limit"].filled(days=matter.limit_working_days),
        responsible=_responsible(matter, policy),
        person=_words(said.person if said else None),
        steps=city_words(guide.steps.text),
        where=_words(counter.where if counter else None),
        when=_words(counter.when if counter else None),
        telephone=counter.telephone if counter else None,
        online=_words(counter.online if counter else None),
        url=counter.url if counter else None,
        source="; ".join(sources),
    )


def guide_parts(guide: Guide, wanted: Iterable[str] = ()) -> tuple[GuidePart, ...]:
    """Return a guide part by part, as people read it; only those wanted, or all."""
    lines: Mapping[str, tuple[Words, ...]] = {
        "standard": (_or_unsaid(guide.standard),),
        "materials": tuple(one.text for one in guide.materials),
        "limit": (guide.limit,),
        "responsible": (
            LABELS["responsible"].filled(office=guide.responsible, person=_or_unsaid(guide.person)),
        ),
        "steps": (guide.steps,),
        "where": (_or_unsaid(guide.where),),
        "when": (_or_unsaid(guide.when),),
        "telephone": (_or_unsaid(_same(guide.telephone)),),
        "online": (_online(guide),),
    }
    parts = tuple(wanted) or tuple(PARTS)
    return tuple(GuidePart(part, PARTS[part], lines[part]) for part in PARTS if part in parts)


def contacts_of(numbers: Iterable[int], guide: GuidePolicy, policy: Policy) -> list[Contact]:
    """Return where matters of the policy are dealt with: those of one place together, in the order given."""
    found: dict[tuple[GuidePart, ...], list[int]] = {}
    for number in numbers:
        if number in policy.by_number:
            parts = guide_parts(guide_of(number, guide, policy), CONTACT)
            found.setdefault(parts, []).append(number)
    return [Contact(tuple(matters), parts) for parts, matters in found.items()]


def contact_rows(contacts: Iterable[Contact]) -> list[dict[str, Any]]:
    """Return contacts as programs read them, each part in both languages."""
    return [
        {
            "matters": list(one.matters),
            **{part.part: {"zh": line.zh, "en": line.en} for part in one.parts for line in part.lines},
        }
        for one in contacts
    ]


def guide_row(guide: Guide, language: Language) -> dict[str, Any]:
    """Return a guide as programs read it, in one language; null is what the city has not said yet."""
    return {
        "matter": guide.matter,
        "name": guide.name.first(language),
        "standard": _first(guide.standard, language),
        "materials": [
            {
                "kind": one.kind,
                "name": one.name.first(language),
                "original": one.original,
                "required": one.required,
                "text": one.text.first(language),
            }
            for one in guide.materials
        ],
        "limit": guide.limit.first(language),
        "limit_working_days": guide.limit_working_days,
        "responsible": guide.responsible.first(language),
        "person": _first(guide.person, language),
        "steps": guide.steps.first(language),
        "where": _first(guide.where, language),
        "when": _first(guide.when, language),
        "telephone": guide.telephone,
        "online": _first(guide.online, language),
        "url": guide.url,
        "source": guide.source,
    }


def _standard(matter: Matter, said: Text | None, policy: Policy) -> Words | None:
    """Return what is done; of a matter that goes on by itself also that nobody need apply."""
    standard = _words(said)
    if standard is None or matter.without_application is None:
        return standard
    unasked = way_out_words(matter.without_application, policy)
    return LABELS["without_application"].filled(standard=standard, unasked=unasked)


def _responsible(matter: Matter, policy: Policy) -> Words:
    office = department_words(matter.decides, policy)
    if matter.instance and matter.instance.of_banks:
        return LABELS["of_bank"].filled(office=office)
    for record_type, code in matter.decides_instead.items():
        record, other = record_words(record_type, policy), department_words(code, policy)
        office = LABELS["instead"].filled(office=office, record=record, other=other)
    return office


def _material(matter: Matter, wanted: MatterMaterial, policy: Policy) -> GuideMaterial:
    name = material_words(wanted.kind, policy, (matter.matter,))
    notes = tuple(_notes(wanted, policy))
    text = LABELS["noted"].filled(name=name, notes=_joined(notes)) if notes else name
    return GuideMaterial(wanted.kind, name, wanted.original, wanted.required, text)


def _joined(texts: Iterable[Words]) -> Words:
    first, *others = texts
    return reduce(lambda said, one: LABELS["and"].filled(said=said, one=one), others, first)


def _notes(wanted: MatterMaterial, policy: Policy) -> Iterator[Words]:
    """Yield what is said of a material; an original is sighted, whatever the data says."""
    known = policy.materials[wanted.kind]
    remark = material_remark(wanted.kind, policy, original=wanted.original)
    if wanted.original:
        yield LABELS["original"]
    elif remark:
        yield city_words(remark)
    if known.verified_by and not wanted.original:
        yield LABELS["by_data"]
    if not wanted.required:
        yield LABELS["not_required"]
    if wanted.waived_together:
        yield LABELS["may_be_waived"]


def _online(guide: Guide) -> Words:
    if guide.online and guide.url:
        return LABELS["online"].filled(name=guide.online, url=guide.url)
    return _or_unsaid(guide.online or _same(guide.url))


def _words(text: Text | None) -> Words | None:
    return city_words(text) if text else None


def _same(text: str | None) -> Words | None:
    return Words(text, text) if text else None


def _or_unsaid(text: Words | None) -> Words:
    return text or LABELS["unsaid"]


def _first(text: Words | None, language: Language) -> str | None:
    return text.first(language) if text else None
