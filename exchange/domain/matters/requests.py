"""What the family must still bring: each material once, with the chosen matters that need it and why."""

from collections.abc import Iterable, Mapping

from exchange.domain.matters.views import (
    UNDECIDED,
    CertificateStanding,
    MaterialView,
    MatterView,
    Need,
    Request,
)
from exchange.domain.policy import Policy

CHOSEN = UNDECIDED | {"WAITING"}
"""States of a matter that somebody has applied for and whose department has not decided."""


def requests_of(
    matters: Iterable[MatterView], materials: Mapping[int, tuple[MaterialView, ...]], policy: Policy
) -> tuple[Request, ...]:
    """Return what is owed for the matters that somebody has applied for, in annex 2's order."""
    chosen = {view.matter for view in matters if view.asked and view.state in CHOSEN}
    owed = {matter: {one.kind for one in materials[matter] if one.owed} for matter in sorted(chosen)}
    kinds = sorted({kind for kinds in owed.values() for kind in kinds})
    stands = {one.kind: one.standing for matter in chosen for one in materials[matter] if one.owed}
    return tuple(
        _request(kind, [m for m, wanted in owed.items() if kind in wanted], stands[kind], policy)
        for kind in kinds
    )


def _request(
    kind: int, matters: Iterable[int], standing: CertificateStanding | None, policy: Policy
) -> Request:
    wanted = {(matter.matter, one.kind): one for matter in policy.matters for one in matter.materials}
    needs = tuple(
        Need(matter, one.original, None if one.assumed else kind)
        for matter in matters
        for one in (wanted[matter, kind],)
    )
    original = any(need.original for need in needs)
    return Request(kind, "original_to_sight" if original else "missing", needs, standing)
