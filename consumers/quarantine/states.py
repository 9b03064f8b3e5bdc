"""Where each entry of the quarantine stands, by what read model and ledger know.

The ledger has what the join answered for every record of the log, so an entry whose record was taken after a
retry is known by the record's place. Nobody keeps that twice.
"""

from typing import Final

OPEN: Final = "OPEN"
RETRIED: Final = "RETRIED"
TAKEN: Final = "TAKEN"
DISCARDED: Final = "DISCARDED"
STANDS_OPEN: Final = (OPEN, RETRIED)
"""States in which somebody still has to see to an entry."""

# Not a view: read model and ledger are each dropped and rebuilt by itself, and would take a view along.
WITH_QUARANTINE: Final = """
WITH quarantine AS (
    SELECT entry.*, action, actor, action_reason, acted_at, outcome, CASE
        WHEN outcome IS NOT NULL THEN 'TAKEN'
        WHEN action = 'DISCARDED' THEN 'DISCARDED'
        WHEN action = 'RETRIED' AND noted_at >= entered_at THEN 'RETRIED'
        ELSE 'OPEN'
    END AS state
    FROM read_model.quarantine_entries AS entry
    LEFT JOIN read_model.quarantine_actions USING (entry_id)
    LEFT JOIN ledger.records AS record ON entry.source = 'log'
        AND record.topic = record_topic AND record.partition = record_partition
        AND record."offset" = record_offset AND outcome IN ('ACCEPTED', 'DUPLICATE', 'HELD')
)
"""
"""Begins a query of `quarantine`: the entries, each with its last action, `outcome` and `state`."""
