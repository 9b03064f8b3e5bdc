"""The guide: what each matter takes. Everybody may read it; it says nothing of anybody."""

from collections.abc import Sequence

from consumers.guide.text import PARTS, Guide, guide_of, guide_parts
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.domain.policy_files.guide import GuidePolicy


def guides_of(frame: Frame, policy: GuidePolicy) -> list[Guide]:
    """Return the guides of all matters."""
    return [guide_of(number, policy, frame.policy) for number in frame.policy.by_number]


def overview_page(frame: Frame, guides: Sequence[Guide]) -> str:
    """Return the page of all matters: whose each is, and how long it takes."""
    return render("city/guides", frame, guides=guides, responsible=PARTS["responsible"])


def guide_page(frame: Frame, guide: Guide) -> str:
    """Return the page of one matter."""
    return render("city/guide", frame, guide=guide, parts=guide_parts(guide))
