"""A program on a department's machine: puts numbered records into its outbox, and says which are on the disk.

Called as `machine.py URL STORE FIRST COUNT`: it puts so many records from that number on, then waits until
all that the outbox holds is delivered.
"""

import sys
from datetime import date

from life_events_client import Client, Outbox
from life_events_client.records import HukouCancellation
from tests.client.gateway import SECRET


def main(url: str, store: str, first: str, count: str) -> None:
    """Work as described."""
    with Client(url, "police.1", SECRET, store=store) as client:
        client.access.jitter = lambda most: most / 100
        with Outbox(client) as outbox:
            for number in range(int(first), int(first) + int(count)):
                outbox.put(
                    HukouCancellation(name="王桂芳", issuer_name=str(number), cancelled_at=date(2025, 9, 5))
                )
                sys.stdout.write(f"{number}\n")
                sys.stdout.flush()
            outbox.settled()


if __name__ == "__main__":
    main(*sys.argv[1:])
