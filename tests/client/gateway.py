"""A gateway that keeps its contract in memory and fails as it is told to: the client is tried against it."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Literal
from urllib.parse import parse_qs

from avro_schemas.catalogue import schema

Fault = Literal["", "cut", "lost", "part", "503", "503 later", "429", "401", "409", "500"]
"""What happens to one request. `lost`: it is done, and its answer does not come; `part`: half of it is done;
`401`: its token has ended, if it was of use before."""
FAULTS: tuple[Fault, ...] = ("", "cut", "lost", "part", "503", "503 later", "429", "401", "409", "500")
SECRET = "sesame"  # noqa: S105 - of nobody
REFUSED_NAME = "某"
SCHEMAS = ("hukou_cancellation", "result", "receipt", "announcement")
"""Each has its number here as its id."""


class Broken(Exception):  # noqa: N818
    """The connection is gone."""


@dataclass(frozen=True)
class Reply:
    """What the gateway answers; of a stream, how it goes on."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Iterator[bytes] | None = None


@dataclass
class Gateway:
    """The state of it.

    Attributes:
        log: Records in the order in which they were stored, with repeats.
        contents: The same records, in full.
        receipts: All receipts by record id, oldest first.
        told: All receipts, oldest first, as a topic has them.
        batches: Batch id → its lines, and the receipt of each that is done.
        faults: What happens to the next requests, each once.
        announcements: What is announced; the vector of each is its number.
        cuts: After how many more events each of the next streams breaks off.
        silent: Streams bring nothing, as behind a proxy that gathers.
        suspended: No token is of use.
        most_bytes: A longer batch is refused as a whole.
        late: No receipt comes.
        knows_no_ids: Receipts of batches do not say of which record they are, as where it could not be read.
        holds: Each of the next requests hangs until its event is set, on a real port.
        lost: Somebody else answers under its address.
    """

    log: list[str] = field(default_factory=list)
    contents: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    told: list[dict[str, Any]] = field(default_factory=list)
    batches: dict[str, tuple[list[bytes], list[dict[str, Any]]]] = field(default_factory=dict)
    faults: Iterator[Fault] = field(default_factory=lambda: iter(()))
    announcements: list[dict[str, Any]] = field(default_factory=list)
    cuts: Iterator[int] = field(default_factory=lambda: iter(()))
    silent: bool = False
    suspended: bool = False
    tokens: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    most_bytes: int = 1 << 30
    late: bool = False
    lost: bool = False
    holds: Iterator[Event | None] = field(default_factory=lambda: iter(()))
    knows_no_ids: bool = False

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request, or raise `Broken`."""
        path, _, query = target.partition("?")
        self.asked.append(f"{method} {path}")
        fault = next(self.faults, "")
        if fault == "cut":
            raise Broken
        if self.lost:
            return Reply(404, b"<html>")
        if fault in REPLIES:
            return REPLIES[fault]
        if fault == "401":
            self.tokens -= self.used
        if path == "/oauth/token":
            reply = self._token(body)
        elif (token := headers["authorization"].removeprefix("Bearer ")) not in self.tokens or self.suspended:
            reply = problem(401, "invalid_token")
        else:
            self.used.add(token)
            params = {name: values[-1] for name, values in parse_qs(query).items()}
            reply = self._route(method, path)(params, headers, body, fault == "part")
        if fault in {"lost", "part"}:
            raise Broken
        return reply

    def _token(self, body: bytes) -> Reply:
        form = parse_qs(body.decode())
        if form.get("client_secret") != [SECRET]:
            return reply_json(401, {"error": "invalid_client"})
        self.tokens.add(token := f"token {len(self.asked)}")
        return reply_json(200, {"access_token": token, "token_type": "Bearer", "expires_in": 300})

    def _route(self, method: str, path: str) -> Callable[..., Reply]:
        for pattern, do in ROUTES.items():
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return lambda *what: do(self, *found.groups(), *what)
        return lambda *_: problem(404, "not_found")

    def store(self, record_type: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Store one record, or refuse it; return its receipt."""
        record_id, before = record["record_id"], self.receipts[record["record_id"]]
        receipt = {
            "receipt_id": f"records.{record_type}/0/{len(self.log)}",
            "record_id": record_id,
            "type": record_type,
            "status": "DUPLICATE" if before else "ACCEPTED",
            "reasons": [],
            "case_id": "case",
        }
        if record["name"] == REFUSED_NAME:
            reason = {"code": "name_placeholder", "field": "name", "message": "…", "message_en": "…"}
            receipt |= {"status": "REJECTED", "reasons": [reason]}
        else:
            self.log.append(record_id)
            self.contents.append(dict(record))
        before.append(receipt)
        self.told.append(receipt)
        return receipt

    def _publish(
        self, kind: str, params: Mapping[str, str], _headers: Any, body: bytes, _part: bool
    ) -> Reply:
        receipt = self.store(kind, json.loads(body))
        if receipt["status"] == "REJECTED":
            told = ("record_id", "receipt_id", "reasons")
            return problem(422, "record_refused", **{name: receipt[name] for name in told})
        if "wait" in params and not self.late:
            return reply_json(200, receipt)
        return reply_json(202, {**receipt, "status": "PENDING"})

    def _put(
        self, batch_id: str, _params: Mapping[str, str], _headers: Any, body: bytes, part: bool
    ) -> Reply:
        lines = body.splitlines()
        if len(body) > self.most_bytes:
            return problem(413, "too_large")
        known, done = self.batches.setdefault(batch_id, (lines, []))
        if known != lines:
            return problem(422, "batch_differs")
        for line in lines[len(done) : len(lines) // 2 if part else None]:
            said = json.loads(line)
            done.append(self.store(said["type"], said["record"]))
        return self._batch(batch_id)

    def _batch(self, batch_id: str, *_: Any) -> Reply:
        if batch_id not in self.batches:
            return problem(404, "not_found")
        lines, done = self.batches[batch_id]
        state = "COMPLETE" if len(done) == len(lines) else "OPEN"
        return reply_json(200, {"batch_id": batch_id, "state": state, "lines": len(lines)})

    def _batch_receipts(self, batch_id: str, params: Mapping[str, str], *_: Any) -> Reply:
        after = int(params["after"])
        if batch_id not in self.batches:
            return problem(404, "not_found")
        done = [] if self.late else self.batches[batch_id][1]
        if self.knows_no_ids:
            done = [{**one, "record_id": None} for one in done]
        told = [{"line": number, **one} for number, one in enumerate(done, 1) if number > after][:2]
        return Reply(200, b"".join(json.dumps(one).encode() + b"\n" for one in told))

    def _receipts(self, record_id: str, *_: Any) -> Reply:
        found = self.receipts.get(record_id)
        return reply_json(200, {"receipts": found}) if found else problem(404, "not_found")

    def _catalogue(self, *_: Any) -> Reply:
        owners = {"hukou_cancellation": "police", "cremation": "civil_affairs", "result": None}
        types = [
            {"type": name, "owner": owner, "may_publish": owner != "civil_affairs"}
            for name, owner in owners.items()
        ]
        return reply_json(200, {"department": "police", "record_types": types})

    def _latest(self, topic: str, *_: Any) -> Reply:
        return self._schema(str(SCHEMAS.index(topic.split(".")[1])))

    def _schema(self, number: str, *_: Any) -> Reply:
        text = json.dumps(schema(SCHEMAS[int(number)]))
        return reply_json(200, {"id": int(number), "schema": text})

    def _announcements(self, params: Mapping[str, str], headers: Mapping[str, str], *_: Any) -> Reply:
        first = 0 if params["from"] == "start" else len(self.announcements)
        if headers["accept"] == "text/event-stream":
            after = int(headers.get("last-event-id", first))
            return Reply(200, headers={"content-type": "text/event-stream"}, stream=self._stream(after))
        after = int(params.get("after", first))
        page = self.announcements[after : after + 3]
        return reply_json(200, {"announcements": page, "next": str(after + len(page))})

    def _stream(self, after: int) -> Iterator[bytes]:
        ends = next(self.cuts, None)
        if self.silent:
            raise Broken
        yield b": keep-alive\n\n"
        for number, said in enumerate(self.announcements[after:]):
            if number == ends:
                raise Broken
            text = json.dumps(said, ensure_ascii=False)
            yield f"id: {after + number + 1}\nevent: announcement\ndata: {text}\n\n".encode()


REPLIES: Mapping[str, Reply] = {}
ROUTES: Mapping[str, Callable[..., Reply]] = {
    r"POST /v1/records/(\w+)": Gateway._publish,
    r"PUT /v1/batches/([^/]+)": Gateway._put,
    r"GET /v1/batches/([^/]+)": Gateway._batch,
    r"GET /v1/batches/([^/]+)/receipts": Gateway._batch_receipts,
    r"GET /v1/receipts/([^/]+)": Gateway._receipts,
    r"GET /v1/announcements": Gateway._announcements,
    r"GET /v1/catalogue": Gateway._catalogue,
    r"GET /v1/schemas/subjects/([\w.]+)-value/versions/latest": Gateway._latest,
    r"GET /v1/schemas/schemas/ids/(\d+)": Gateway._schema,
}


def reply_json(status: int, said: Any, **headers: str) -> Reply:
    """Return an answer in JSON."""
    return Reply(status, json.dumps(said).encode(), {"content-type": "application/json", **headers})


def problem(status: int, code: str, later: Mapping[str, str] | None = None, **more: Any) -> Reply:
    """Return a problem, as RFC 9457 has it."""
    said = {"type": f"/problems/{code}", "title": code, "status": status, "code": code, **more}
    headers = {"content-type": "application/problem+json", **(later or {})}
    return Reply(status, json.dumps(said).encode(), headers)


REPLIES = {
    "503": problem(503, "unavailable"),
    "503 later": problem(503, "unavailable", {"retry-after": "2"}),
    "429": problem(429, "too_fast", {"retry-after": "1"}),
    "409": problem(409, "batch_in_progress"),
    "500": Reply(500, b"<html>"),
}
