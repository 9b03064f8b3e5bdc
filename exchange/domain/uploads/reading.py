"""Who may read which files of a case: pure, from the case and the policy. Nobody else reads any.

A department reads those of its own matters once it was told that the family has applied, a bank or a county
those of its own part, the window those that it took. What is withdrawn is withdrawn with its files.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from avro_schemas.typed_documents import CaseDocument, MatterDocument
from exchange.domain.disclosure import Recipient, is_within
from exchange.domain.known_case import known_matter
from exchange.domain.policy import Policy

_APPLIED_FOR: Final = frozenset({"APPLIED", "ACCEPTED", "COMPLETED", "REJECTED"})
_BY_THEMSELVES: Final = "ONLINE"
"""The channel by which a family hands in without anybody of the window."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file that applications of a case name, and for which matter it was handed in."""

    matter: int
    instance: str | None
    kind: int
    sha256: str


def files_for(
    document: CaseDocument, to: Recipient, policy: Policy, county: str | None = None
) -> tuple[CaseFile, ...]:
    """Return the files of a case that somebody may read, matter by matter.

    Args:
        document: the case.
        to: a department, with its one bank or county if that is who asks; or the window.
        policy: what matters need, and who sees how materials stand.
        county: whose person it is; None where no record tells, and then no county reads.
    """
    if to.name not in {policy.window, *policy.shown_materials} or not is_within(county, to.county):
        return ()
    return tuple(
        one
        for matter in document["matters"]
        if (_took(matter, document) if to.name == policy.window else _decides(matter, to))
        for one in _files_of(matter, policy)
    )


def _decides(matter: MatterDocument, to: Recipient) -> bool:
    """Say whether it decides the matter, of which nothing is held back: whose file is which is not told."""
    mine = matter["department"] == to.name and is_within(matter["instance"], to.instance)
    told = bool(matter["applications"]) and known_matter(matter) is matter
    return mine and told and matter["state"] in _APPLIED_FOR


def _took(matter: MatterDocument, document: CaseDocument) -> bool:
    """Say whether the window took all applications for the matter; which of them names a file is not told."""
    channels = {one["record_id"]: one["channel"] for one in document["applications"]}
    taken = [channels.get(one["record_id"], _BY_THEMSELVES) for one in matter["applications"]]
    return bool(taken) and not {None, _BY_THEMSELVES} & {*taken}


def _files_of(matter: MatterDocument, policy: Policy) -> Iterator[CaseFile]:
    """Yield the files of the kinds that the matter needs by the policy of now."""
    known = policy.by_number.get(matter["matter"])
    needed = {one.kind for one in known.materials} if known else set()
    for material in matter["materials"]:
        if material["sha256"] is not None and material["kind"] in needed:
            yield CaseFile(matter["matter"], matter["instance"], material["kind"], material["sha256"])
