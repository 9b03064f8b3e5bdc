"""What the family takes home: the receipt (收件凭证) with its code, and the notice of what to put right."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from avro_schemas.typed_documents import MatterDocument
from consumers.labels.words import day_words, material_words
from consumers.printed_form.notice import CorrectionNotice, counter_of
from exchange.console.pages.frame import Frame
from exchange.console.pages.parts import stand_in
from exchange.console.pages.rendering import render
from exchange.desk.application_receipts import ApplicationReceipt
from topics.labels import Words
from verification.times import calendar_date


class TakenMatter(NamedTuple):
    """A matter that was applied for: by when it is decided; None: its limit does not run."""

    name: str
    department: str
    due: date | None


class WantedPaper(NamedTuple):
    """A material that is owed, once for all matters that want it."""

    name: Words
    original: bool
    matters: str


def receipt_page(frame: Frame, receipt: ApplicationReceipt, site: str) -> str:
    """Return the page; printed, it is the papers alone, each on its own sheet.

    Args:
        frame: what stands around it.
        receipt: the application's.
        site: where the console is, such as `https://desk.example.gov.cn`.
    """
    page = _PaperOfReceipt(frame, receipt)
    own = receipt.application["record_id"]
    examined = any(one["application"] == own for one in receipt.case["examinations"])
    first = receipt.application["channel"] in frame.policy.window_rule.examine_first
    return render(
        "application/receipt",
        frame,
        receipt=receipt,
        case_id=receipt.case["case_id"],
        taken_on=calendar_date(receipt.application["recorded_at"]),
        applicant=page.value("applicant", "name"),
        deceased=page.value("deceased", "name"),
        matters=list(page.matters()),
        without_bank=frame.naming.listed(page.without_bank()),
        materials=list(page.materials()),
        papers=list(page.papers(receipt.notice)) if receipt.notice else [],
        unexamined=first and not examined,
        day_words=lambda day: day_words(day, frame.preferences.language),
        sign_in=f"{site}{frame.addresses.page('/sign-in')}",
        counter=counter_of(receipt.application, frame.policy),
    )


class _PaperOfReceipt(NamedTuple):
    frame: Frame
    receipt: ApplicationReceipt

    def value(self, part: str, name: str) -> str:
        fields = self.receipt.application["applicant"] if part == "applicant" else None
        found = (self.receipt.case["form"]["deceased"] if fields is None else fields).get(name)
        return (found["value"] or "") if found else ""

    def matters(self) -> Iterator[TakenMatter]:
        naming = self.frame.naming
        for one in self._own():
            mine = next(it for it in one["applications"] if it["record_id"] == self._id)
            name = naming.matter(one["matter"], one["instance"])
            yield TakenMatter(name, naming.department(one["department"]), mine["due"])

    def without_bank(self) -> Iterator[str]:
        """Yield what was applied for and is at no bank yet, since neither family nor data named one."""
        taken = {one["matter"] for one in self._own()}
        for number in self.receipt.application["matters"]:
            instance = self.frame.policy.by_number[number].instance
            if number not in taken and instance and instance.of_banks:
                yield self.frame.naming.matter(number)

    def materials(self) -> Iterator[tuple[Words, bool, Words | None]]:
        """Yield what was handed in, whether its original was sighted, and of a proof what does for it."""
        seen: dict[int, bool] = {}
        for paper in (paper for one in self._own() for paper in one["materials"]):
            if paper["state"] == "supplied" or paper["original_sighted"]:
                seen[paper["kind"]] = seen.get(paper["kind"], False) or paper["original_sighted"]
        for kind, sighted in sorted(seen.items()):
            by = None if sighted else stand_in(kind, seen, self.frame.policy)
            yield material_words(kind, self.frame.policy), sighted, by

    def papers(self, notice: CorrectionNotice) -> Iterator[WantedPaper]:
        wanted: dict[tuple[str, str, bool], list[str]] = {}
        for matter in notice["matters"]:
            for one in matter["materials"]:
                name = one["name"]
                key = (name["zh"], name["en"], one["original"])
                wanted.setdefault(key, []).append(
                    self.frame.naming.matter(matter["matter"], matter["instance"])
                )
        for (zh, en, original), matters in wanted.items():
            yield WantedPaper(Words(zh, en), original, self.frame.naming.listed(matters))

    @property
    def _id(self) -> str:
        return self.receipt.application["record_id"]

    def _own(self) -> Iterator[MatterDocument]:
        for one in self.receipt.case["matters"]:
            if any(it["record_id"] == self._id for it in one["applications"]):
                yield one
