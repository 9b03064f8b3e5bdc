"""schemathesis, asked as people ask it: by its own command, in a process of its own.

A pytest plugin would be loaded by every test run (ADR 0064).
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

CHECKS: Final = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_schema_conformance", "response_headers_conformance", "unsupported_method", "keeps_out"),
)
COMMAND: Final = (
    *(sys.executable, "-m", "schemathesis.cli", "run"),
    *("--checks", ",".join(CHECKS), "--continue-on-failure"),
    *("--rate-limit", "auto", "--request-timeout", "60", "--request-retries", "5"),
)


def ask_whatever_comes(
    document: str, *more: str, hooks: str, environment: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Ask whatever an OpenAPI document allows, and what it does not; return what was found.

    Args:
        document: its URL.
        more: further words of the command.
        hooks: module that says how it is asked; it registers the check `keeps_out`.
        environment: what that module reads.
        folder: where the command may leave what it wants to.
    """
    known = {"SCHEMATHESIS_HOOKS": hooks, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(
        [*COMMAND, document, *more],
        env={**os.environ, **known, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
