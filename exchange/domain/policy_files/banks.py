"""The banks of the policy, each a legal person, and which of them a record means, whatever it calls it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from verification.characters import spelling
from verification.numbers import is_uscc


class _BanksEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KnownBank(_BanksEntry):
    """A bank as a legal person.

    ``uscc`` is its own, where the city has filled it in; ``branches`` are names or USCCs of its branches.
    """

    name: Annotated[str, Field(min_length=1)]
    uscc: str | None = None
    aliases: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()

    @field_validator("uscc")
    @classmethod
    def _uscc_is_one(cls, value: str | None) -> str | None:
        if value is not None and not is_uscc(value):
            raise ValueError(f"{value} is no unified social credit code: its check character is another")
        return value

    @property
    def instance(self) -> str:
        """Return what matters call it: its USCC, or its name while nobody has filled that in."""
        return self.uscc or self.name

    @property
    def names(self) -> Iterator[str]:
        """Yield all that it is called, as names are compared; not the names of its branches."""
        yield from (spelling(name) for name in (self.name, self.uscc, *self.aliases) if name)


class Banks(_BanksEntry):
    """``banks`` of ``matters.yaml``."""

    branch_words: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    known: tuple[KnownBank, ...] = ()
    source: str = ""

    @model_validator(mode="after")
    def _each_name_is_one_banks(self) -> Self:
        seen: dict[str, KnownBank] = {}
        for bank in self.known:
            for name in (*bank.names, *map(spelling, bank.branches)):
                if seen.setdefault(name, bank) is not bank:
                    raise ValueError(f"{name} is both {seen[name].name} and {bank.name}")
        return self

    def instance_of(self, written: str | None) -> str | None:
        """Return what matters call the bank that a name or a USCC means; None if nobody knows.

        A branch is listed, or called as its bank with more behind, up to a branch word: 甘肃银行天水分行.
        """
        name = spelling(written or "")
        if found := self._by_name.get(name):
            return found.instance
        if not name.endswith(self.branch_words):
            return None
        longest = max((known for known in self._by_name if name.startswith(known)), key=len, default=None)
        return self._by_name[longest].instance if longest else None

    def name_of(self, instance: str) -> str:
        """Return the name of the bank that matters call so; an unknown one is its own name."""
        return next((bank.name for bank in self.known if bank.instance == instance), instance)

    @cached_property
    def _by_name(self) -> Mapping[str, KnownBank]:
        return {
            name: bank
            for bank in self.known
            for name in (*bank.names, *(spelling(branch) for branch in bank.branches))
        }
