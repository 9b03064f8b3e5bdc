"""How schemathesis asks the desk: it loads this module itself, in a process of its own.

`DESK_KNOWN` holds as JSON what there is: parameters of paths by their names, and good bodies by paths.
"""

import json
import os
from typing import Any
from uuid import uuid4
from zlib import crc32

import schemathesis

API = "/desk/v1"
KNOWN: dict[str, Any] = json.loads(os.environ.get("DESK_KNOWN", "{}"))
STREAM_S = 0.5
"""A stream does not end: so long is read of it."""


@schemathesis.hook
def before_call(_context: Any, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Ask every other time for what there is."""
    asked = f"{case.path_parameters}{case.query}{case.body}".encode(errors="replace")
    if crc32(asked) % 2:
        own = {**KNOWN["paths"], "record_id": str(uuid4())}
        case.path_parameters = {name: own.get(name, value) for name, value in case.path_parameters.items()}
        case.body = KNOWN["bodies"].get(case.path, case.body)
        if case.path.endswith("/forms/{record_id}"):
            case.headers["If-Match"] = '""'  # what is enquired rests on nothing
    if case.path == f"{API}/queue/events":
        kwargs["timeout"] = STREAM_S


@schemathesis.check
def keeps_out(_context: Any, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """Who has not signed in is let in nowhere, but where nobody is asked who he is."""
    is_open = case.path == "/healthz" or case.path.startswith(f"{API}/guide") or case.method == "OPTIONS"
    assert is_open or response.status_code >= 400 or not KNOWN["kept_out"], "let in"
