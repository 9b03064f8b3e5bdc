"""What a part of ours tells whoever watches it, by HTTP on the loopback: is it alive, ready, and how busy.

Shape: `/livez` and `/readyz` answer 200 or 503 with one JSON object, `/metrics` as Prometheus reads it.
The address is noted in the home (`monitor_address`).
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from exchange.runtime.home import Home, write_private
from exchange.runtime.metrics import HEARTBEAT_AGE, LIVE, READY, STOP_CAUSES, TRIED_AGAIN
from exchange.runtime.monitor_address import note_monitor
from exchange.runtime.stack.ports import LOOPBACK

LIVE_WITHIN_S: Final = 90.0
"""More than the time that a work loop may wait for brokers: 60 s for one batch."""
_POLL_S: Final = 0.1
"""How much longer a part may take to stop because it serves this."""
_CODES: Final = {True: "200 OK", False: "503 Service Unavailable"}

ProbeAnswer = tuple[bool, Mapping[str, object]]


class Monitor:
    """What one part says of itself. The work loop calls `beat`, `ready` and `not_ready`; others read.

    Only a flag or a moment is ever written, so neither side waits for the other.

    Args:
        part: its name.
        live_within_s: a work loop that has not moved for longer hangs.
        now: a clock that never goes back, in seconds.
    """

    def __init__(
        self, part: str, live_within_s: float = LIVE_WITHIN_S, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.part = part
        self.registry = CollectorRegistry()
        self._live_within_s = live_within_s
        self._now = now
        self._beaten_at = now()
        self._waits_for: Mapping[str, object] | None = {"reason": "starting"}
        self._tried_again = TRIED_AGAIN.counter(self.registry)
        LIVE.gauge(self.registry).set_function(lambda: self.livez()[0])
        READY.gauge(self.registry).set_function(lambda: self.readyz()[0])
        HEARTBEAT_AGE.gauge(self.registry).set_function(lambda: self._age_s)

    def beat(self) -> None:
        """Note that the work loop moves; called by that very loop and by nobody else."""
        self._beaten_at = self._now()

    def ready(self) -> None:
        """Note that the part has caught up and works."""
        self._waits_for = None

    def not_ready(self, reason: str, **facts: object) -> None:
        """Note that it is not ready and why: a code, with facts that are not personal data."""
        self._waits_for = {"reason": reason, **facts}

    def tries_again(self, problem: Exception) -> None:
        """Note that it waits for another part and begins again; counted by the kind of problem alone."""
        self._tried_again.labels(type(problem).__name__).inc()
        self.beat()
        self.not_ready("waits_and_tries_again", error=type(problem).__name__)

    def livez(self) -> ProbeAnswer:
        """Say whether the work loop moves."""
        live = self._age_s <= self._live_within_s
        reason = {} if live else {"reason": "work_loop_hangs"}
        return live, {"live": live, **reason, "heartbeat_age_seconds": round(self._age_s, 3)}

    def readyz(self) -> ProbeAnswer:
        """Say whether it is ready; one that hangs is not."""
        live, told = self.livez()
        waits_for = self._waits_for if live else {"reason": told["reason"]}
        return waits_for is None, {"ready": waits_for is None, **(waits_for or {})}

    @contextmanager
    def serving(self, home: Home) -> Iterator[str]:
        """Serve until the block ends, on a free port of the loopback, and yield the address."""
        with make_server(LOOPBACK, 0, self._application, ThreadingWSGIServer, _Silent) as server:
            address = f"http://{LOOPBACK}:{server.server_port}"
            note_monitor(home, self.part, f"{LOOPBACK}:{server.server_port}")
            thread = threading.Thread(
                target=server.serve_forever, args=(_POLL_S,), name="monitor", daemon=True
            )
            thread.start()
            try:
                yield address
            finally:
                server.shutdown()
                thread.join()

    def _application(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            answer: Iterable[bytes] = make_wsgi_app(self.registry)(environ, start_response)
            return answer
        told: Mapping[str, object]
        asked = {"/livez": self.livez, "/readyz": self.readyz}.get(path)
        if asked is None:
            code, told = "404 Not Found", {"paths": ["/livez", "/readyz", "/metrics"]}
        else:
            good, told = asked()
            code = _CODES[good]
        # A new list each time: the server adds to it.
        start_response(code, [("Content-Type", "application/json")])
        return [json.dumps(told).encode() + b"\n"]

    @property
    def _age_s(self) -> float:
        return self._now() - self._beaten_at


class _Silent(WSGIRequestHandler):
    """Logs no request: Prometheus never stops asking."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def note_stop(home: Home, part: str, cause: str) -> None:
    """Count, in the home, that a part stops by itself; `cause` is a code of `metrics.STOP_CAUSES`."""
    path = home.run / "stops" / f"{part}.json"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    counted = stops_of(home, part)
    write_private(path, json.dumps({**counted, cause: counted[cause] + 1}) + "\n")


def stops_of(home: Home, part: str) -> dict[str, int]:
    """Return how often a part has stopped by itself, for each cause."""
    path = home.run / "stops" / f"{part}.json"
    counted = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {cause: counted.get(cause, 0) for cause in STOP_CAUSES}
