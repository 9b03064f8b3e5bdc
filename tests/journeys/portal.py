"""A portal that answers as a test says, on a port of the loopback, and a notifier that tells it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from standardwebhooks.webhooks import Webhook

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.ports import LOOPBACK
from tests.waiting import PATIENCE_S, wait_for

SECRET: Final = "whsec_" + "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
TAKEN: Final = 204


@dataclass(frozen=True)
class Asked:
    """One request, as it came, and what was answered."""

    headers: Mapping[str, str]
    body: str
    answer: int

    @property
    def webhook_id(self) -> str:
        """The same for each attempt of a delivery."""
        return self.headers["webhook-id"]

    @property
    def notice(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def case_id(self) -> str:
        """Which case it is about."""
        return str(self.notice["data"]["case_id"])

    def verified(self, secret: str = SECRET) -> Any:
        """What it says, if it was signed with that secret and just now."""
        return Webhook(secret).verify(self.body, dict(self.headers))


class Portal:
    """Remembers what it was asked. `answer` says what it answers; it may take its time."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], int] = lambda _: TAKEN
        self.url = ""

    def of(self, case_id: str) -> list[Asked]:
        """What it was told of a case, each attempt, in the order in which it answered."""
        return [one for one in self.asked if one.case_id == case_id]

    def taken(self, case_id: str) -> list[Asked]:
        """What it has taken of a case."""
        return [one for one in self.of(case_id) if one.answer == TAKEN]

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Return when the condition holds, or something is there."""
        wait_for(
            "what the portal is told",
            lambda: bool(condition()),
            seen=lambda: [(one.case_id, one.answer, one.body) for one in self.asked],
        )

    @contextmanager
    def serving(self) -> Iterator["Portal"]:
        """Serve until the block ends."""
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = portal.answer(Asked(headers, body, 0))
                portal.asked.append(Asked(headers, body, status))
                self.send_response(status)
                if status in {301, 307}:
                    self.send_header("location", portal.url + "elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                with suppress(OSError):  # a notifier that was killed waits for no answer
                    super().handle()

        with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
            self.url = f"http://{LOOPBACK}:{server.server_port}/hooks"
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


class Teller:
    """Starts and ends notifiers, one after the other, as the supervisor does; `log` is of all of them."""

    def __init__(self, settings: Settings, portal: Portal, folder: Path) -> None:
        self._settings = settings
        self._portal = portal
        self.log = folder / "notifier.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **variables: str) -> None:
        """Return when it is at the end of the log."""
        ready = Home(self._settings.home).ready_file("notifier")
        ready.unlink(missing_ok=True)
        told = {"EXCHANGE_WEBHOOK_URL": self._portal.url, "EXCHANGE_WEBHOOK_SECRET": SECRET}
        with self.log.open("ab") as log:
            process = self._process = subprocess.Popen(
                [sys.executable, "-m", "exchange", "run", "notifier", "--home", str(self._settings.home)],
                env={**os.environ, **told, **variables},
                stderr=log,
            )
        wait_for(
            "the notifier to be ready",
            lambda: ready.exists() or process.poll() is not None,
            seen=self.log.read_text,
        )
        assert process.poll() is None, self.log.read_text()

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        return self._end(subprocess.Popen.terminate)

    def kill(self) -> None:
        """End it without a word."""
        self._end(subprocess.Popen.kill)

    def _end(self, how: Callable[[subprocess.Popen[bytes]], None]) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        how(process)
        return process.wait(PATIENCE_S)

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The lines of that name in its log."""
        lines = self.log.read_text("utf-8").splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in told if line["event"] == event]
