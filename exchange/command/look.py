"""A look at a person's data: who looks, at whom and why, noted before anything is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from exchange.command.terminal.asker import asker_of
from exchange.desk.access_records import Access
from exchange.desk.desk import open_desk
from exchange.runtime.settings import Settings
from topics.labels import Language


@dataclass(frozen=True)
class CaseLook:
    """One look at one case. ``asked`` is the number or case id as it was given, ``case_id`` what it means."""

    settings: Settings
    asked: str
    case_id: str
    actor: str
    reason: str
    unmask: bool
    language: Language
    json: bool
    command: str = "case"

    def note(self, found: str | None, fields: Iterable[str] = ()) -> None:
        """Leave the access record; somebody asked for and not found has been looked up all the same.

        Args:
            found: The case that is going to be shown; None if there is none.
            fields: The names, never the values, of what is shown of a person.

        Raises:
            ExchangeError: it could not be noted, so nothing may be shown.
        """
        access = Access(
            asker_of(self.actor, self.settings),
            "look",
            self.command,
            (found or self.case_id,),
            fields=tuple(fields),
            unmasked=self.unmask and found is not None,
            reason=self.reason.strip() or None,
        )
        with open_desk(self.settings) as desk:
            desk.note(access)
