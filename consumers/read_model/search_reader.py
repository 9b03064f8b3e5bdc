"""Finds cases by what a person says of them: a number, a name, the number of a document."""

from dataclasses import dataclass
from typing import Final

from consumers.log.copy_session import OurDatabase, absent, open_session
from consumers.read_model.search_keys import SEARCH_KEY, SearchKeys, SearchKind

MOST_FOUND: Final = 50
_FIND: Final = """
SELECT case_id FROM read_model.cases WHERE found_by @> array[%(key)s] {or_told}
ORDER BY updated_at DESC, case_id LIMIT %(limit)s
"""
_OR_TOLD: Final = (
    "OR case_id = ANY(array(SELECT case_id FROM read_model.announcements WHERE found_by = %(key)s))"
)
"""Which number a certificate has, only what somebody was told of it says."""
_TOLD_SINCE: Final = 11
"""The layout since which it does: one of before is searched without, until the new one is whole."""
_MARK: Final = "SELECT topic_lives ->> %s FROM read_model.life"


@dataclass(frozen=True)
class SearchReader:
    """Searches the cases of one exchange.

    Args:
        database: the exchange's, or a pool of connections to it.
        keys: `SearchKeys.of_home` of the same exchange.
    """

    database: OurDatabase
    keys: SearchKeys

    def find(self, kind: SearchKind, text: str, limit: int = MOST_FOUND) -> tuple[str, ...]:
        """Return the ids of the cases of which this is said, the last changed first, at most so many.

        A case of a corrected number forwards (`find_case` follows).

        Raises:
            ExchangeError: the read model is not there, not yet built, or was made with another key; or
                PostgreSQL does not answer.
        """
        with open_session(self.database) as session:
            session.require_complete()
            if session.connection.execute(_MARK, (SEARCH_KEY,)).fetchone() != (self.keys.mark,):
                raise absent(session.copy)
            statement = _FIND.format(or_told=_OR_TOLD if session.version >= _TOLD_SINCE else "")
            asked = {"key": self.keys.of(kind, text), "limit": limit}
            found = session.connection.execute(statement.encode(), asked).fetchall()
        return tuple(case_id for (case_id,) in found)
