"""Which matters their departments were told of: kept in the matters' rows, so that queues ask nothing else.

A department is shown a matter from the first announcement of it on; reminders tell nothing new. `told`: it
was told at all; `told_there`: in the county that has the matter now.
"""

from collections.abc import Collection
from typing import Final

from consumers.log.copies import Connection
from exchange.domain.grants import REMINDERS

TOLD_OF: Final = f"""
    told.case_id = one.case_id AND told.department = one.department AND told.matter = one.matter
    AND told.instance IS NOT DISTINCT FROM one.instance
    AND told.transition NOT IN ({", ".join(f"'{one}'" for one in sorted(REMINDERS))})
"""
"""Announcement `told` is of the matter `one`."""
TOLD_THERE: Final = "told.case_id IS NOT NULL AND told.county IS NOT DISTINCT FROM one.handled_in"
# Rows and announcements come in any order, each from its own topic: the batch with the later finds the other.
_NOTE: Final = f"""
UPDATE matter_facts AS held SET told = found.told, told_there = found.told_there
FROM (
    SELECT one.case_id, one.matter, one.instance,
        count(told.case_id) > 0 AS told, coalesce(bool_or({TOLD_THERE}), false) AS told_there
    FROM matter_facts AS one LEFT JOIN announcements AS told ON {TOLD_OF}
    WHERE one.case_id = ANY(%(case_ids)s) GROUP BY one.case_id, one.matter, one.instance
) AS found
WHERE held.case_id = ANY(%(case_ids)s) AND held.case_id = found.case_id AND held.matter = found.matter
    AND held.instance IS NOT DISTINCT FROM found.instance
    AND (held.told, held.told_there) IS DISTINCT FROM (found.told, found.told_there)
"""  # noqa: S608 - put together from constants alone


def note_told(connection: Connection, case_ids: Collection[str]) -> None:
    """Write which matters of these cases their departments were told of, as far as both are there."""
    # Not prepared: a plan of when the tables were empty would read all of them for ever.
    connection.execute(_NOTE.encode(), {"case_ids": list(case_ids)}, prepare=False)
