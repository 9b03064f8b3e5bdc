"""How much each fault meets, and how long what comes of it may take.

`make test` kills one worker and one broker among 1 000 records; `make faults` does all there is among 5 000,
or as many as RECORDS says.
"""

import os
from typing import Final

RECORDS: Final = int(os.environ.get("EXCHANGE_FAULT_RECORDS") or 5000)
FEW: Final = 1000
"""Enough for two workers to be busy when one of them is killed."""
MOST_PER_S: Final = 600.0
RECOVERY_LIMIT_S: Final = 300.0 + RECORDS / 100
VERIFIED_WITHIN_S: Final = 900.0 + 12 * RECORDS / 300
TIMEOUT_S: Final = 900 + RECORDS / 20 + VERIFIED_WITHIN_S
