"""Who was not let in at the desk, in the home's logs: counted and alarmed from there as at other doors."""

import json
import os
from datetime import datetime

from exchange.runtime.home import Home
from verification.times import instant_text

DOOR = "desk"


def note_failed(home: Home, address: str, at: datetime) -> None:
    """Write that somebody was not let in, and from where; nothing of what they showed.

    Several processes write here: each line is written at once.
    """
    line = json.dumps({"event": "desk_login_failed", "address": address, "timestamp": instant_text(at)})
    descriptor = os.open(home.log(DOOR), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)
