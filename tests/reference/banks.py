"""Which bank is meant, as a legal person, by what records and applications call it."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.reference import choices
from tests.reference.pages import Entry, Pages

Bank = frozenset[tuple[int, str]]
"""All that a bank is called, each with its rank: what the policy calls it, then a name, then a code."""
OF_POLICY = -1


def meant(name: str, pages: Pages) -> str | None:
    """What matters call the bank of a name or a code; None if the policy does not have it."""
    wanted = choices.spelled(name)
    for bank in pages.banks:
        if wanted in [choices.spelled(one) for one in _called(bank)]:
            return str(bank["uscc"] or bank["name"])
    if not any(wanted.endswith(word) for word in pages.branch_words):
        return None
    begun = [(len(one), bank) for bank in pages.banks for one in _called(bank) if wanted.startswith(one)]
    best = max(begun, key=lambda found: found[0], default=None)
    return str(best[1]["uscc"] or best[1]["name"]) if best else None


def called(said: Mapping[str, Any], named_by: Iterable[str], pages: Pages) -> Bank:
    """All that one record or application calls its bank; the first word that the policy has says which."""
    ranked = [(rank, said[name]) for rank, name in enumerate(named_by) if said.get(name)]
    known = [found for _, name in ranked if (found := meant(name, pages))]
    strange = [(rank, name) for rank, name in ranked if not meant(name, pages)]
    return frozenset([(OF_POLICY, one) for one in known[:1]] + strange)


def are_one(bank: Bank, other: Bank) -> bool:
    """Whether two are one bank: the policy's, or by any word that they share, however it is spaced."""
    known, others = _of_policy(bank), _of_policy(other)
    if known and others:
        return known == others
    return bool(_spelled(bank) & _spelled(other))


def goes_by(bank: Bank | None, name: str, pages: Pages) -> bool:
    """Whether a bank is called so."""
    known = meant(name, pages)
    if known:
        return known in _of_policy(bank)
    return choices.spelled(name) in _spelled(bank)


def is_strange(bank: Bank | None) -> bool:
    """Whether it is a bank that the policy does not have."""
    return bank is not None and not _of_policy(bank)


def _called(bank: Entry) -> list[str]:
    return [one for one in (bank["name"], bank["uscc"], *bank["aliases"], *bank["branches"]) if one]


def _of_policy(bank: Bank | None) -> set[str]:
    return {name for rank, name in bank or () if rank == OF_POLICY}


def _spelled(bank: Bank | None) -> set[str]:
    return {choices.spelled(name) for _, name in bank or ()}
