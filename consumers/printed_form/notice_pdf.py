"""The notice on paper, 一次性告知书: A4, fonts embedded, in Chinese; the same notice gives the same bytes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from consumers.labels.words import day_words
from consumers.printed_form.code import code_svg
from consumers.printed_form.fonts import set_in_type
from consumers.printed_form.notice import CorrectionNotice, NoticeMatter
from consumers.printed_form.pdf import printed
from exchange.domain.policy import Policy
from topics.labels import Labels
from verification.times import SHANGHAI, calendar_date

TEMPLATE: Final = Path(__file__).with_name("notice.typ")
LABELS: Final = Labels(__file__)
TITLE: Final = LABELS["title"]
SUBTITLE: Final = LABELS["subtitle"]
TO: Final = LABELS["to"]
SOMEBODY: Final = LABELS["somebody"]
OPENING: Final = LABELS["opening"]
NUMBER: Final = LABELS["number"]
CORRECTIONS: Final = LABELS["corrections"]
MATERIALS: Final = LABELS["materials"]
MATERIALS_HEAD: Final = LABELS.table("materials_head")
RETURNED: Final = LABELS["returned"]
RETURNED_HEAD: Final = LABELS.table("returned_head")
HOW: Final = LABELS["how"]
BY: Final = LABELS["by"]
WHERE: Final = LABELS["where"]
TELEPHONE: Final = LABELS["telephone"]
PAUSED: Final = LABELS["paused"]
ONCE: Final = LABELS["once"]
ORIGINAL: Final = LABELS["original"]
COPY: Final = LABELS["copy"]
OF_ONE: Final = LABELS["of_one"]
SIGNATURES: Final = LABELS.table("signatures")
FOOTER: Final = LABELS["footer"]
SECTION: Final = LABELS["section"]
ORDINALS: Final = LABELS["ordinals"].zh


def notice_pdf(notice: CorrectionNotice, policy: Policy, day: date) -> bytes:
    """Return the notice as a PDF; a character that no font has becomes 〓.

    Args:
        notice: What it says.
        policy: The plan by which it says so.
        day: The date that it bears.
    """
    inputs = {
        "notice": orjson.dumps(_page(notice, policy, day)).decode(),
        "code": code_svg(notice["case_id"]),
    }
    return printed(TEMPLATE, inputs)


def _page(notice: CorrectionNotice, policy: Policy, day: date) -> Mapping[str, Any]:
    moment = (notice["asked_at"] or notice["applied_at"]).astimezone(SHANGHAI)
    sections = [one for one in _sections(notice) if one["rows"]]
    numbered = [
        {**one, "title": SECTION.filled(number=ORDINALS[at], title=one["title"]).zh}
        for at, one in enumerate(sections)
    ]
    applied = day_words(calendar_date(notice["applied_at"]), "zh")
    return {
        "title": TITLE.zh,
        "subtitle": SUBTITLE.filled(city=policy.city.name.zh).zh,
        "made_at": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
        "number": NUMBER.filled(record_id=notice["application"]).zh,
        "to": TO.filled(name=_typed(notice["applicant"] or SOMEBODY.zh)).zh,
        "opening": OPENING.filled(
            day=applied, deceased=_typed(notice["deceased"] or "　"), plan=policy.city.plan
        ).zh,
        "sections": numbered,
        "how": SECTION.filled(number=ORDINALS[len(numbered)], title=HOW.zh).zh,
        "how_lines": list(_how(notice)),
        "issued_by": notice["issued_by"]["zh"],
        "day": day_words(day, "zh"),
        "signatures": [one.zh for one in SIGNATURES.values()],
        "handler": _typed(notice["handler"] or ""),
        "footer": FOOTER.filled(case_id=notice["case_id"]).zh,
    }


def _sections(notice: CorrectionNotice) -> Iterator[dict[str, Any]]:
    lines = [[_typed(line)] for line in notice["to_correct"]]
    yield {"title": CORRECTIONS.zh, "kind": "list", "head": [], "rows": lines}
    head = [one.zh for one in MATERIALS_HEAD.values()]
    yield {"title": MATERIALS.zh, "kind": "materials", "head": head, "rows": list(_material_rows(notice))}
    head = [one.zh for one in RETURNED_HEAD.values()]
    rows = [
        [_matter(one), one["department"]["zh"], _typed("\n".join(one["to_correct"]))]
        for one in notice["matters"]
        if one["to_correct"]
    ]
    yield {"title": RETURNED.zh, "kind": "returned", "head": head, "rows": rows}


def _material_rows(notice: CorrectionNotice) -> Iterator[list[str]]:
    """Yield each material once, with the matters that want it."""
    wanted: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for matter in notice["matters"]:
        for material in matter["materials"]:
            wanted[material["name"]["zh"], material["original"]].append(_matter(matter))
    for number, ((name, original), matters) in enumerate(wanted.items(), 1):
        yield [str(number), name, (ORIGINAL if original else COPY).zh, "\n".join(matters)]


def _matter(matter: NoticeMatter) -> str:
    name = f"{matter['matter']}. {matter['name']['zh']}"
    bank = matter["instance"]
    return _typed(OF_ONE.filled(name=name, one=bank).zh if bank else name)


def _how(notice: CorrectionNotice) -> Iterator[str]:
    if notice["by"]:
        yield BY.filled(day=day_words(notice["by"], "zh")).zh
    yield WHERE.filled(where=_typed(notice["where"]["zh"])).zh
    if notice["telephone"]:
        yield TELEPHONE.filled(number=notice["telephone"]).zh
    yield PAUSED.zh
    yield ONCE.zh


def _typed(text: str) -> str:
    return "\n".join(map(set_in_type, text.split("\n")))
